// wxsync's two protocols, with and without a ledger, and what each becomes without one of its parts.
import { decide } from '../../../src/publish/decide.ts';
import type { Actions, Protocol } from './protocol.ts';
import * as steps from './steps.ts';

const { answer, listOrGoOn, look, read, saveIntent, send, sendAgain, waitForIntent } = steps;

/** With the ledger: lease, intent before the send, reconcile, quiet. */
export const withLedger: Protocol = {
  lease: 'atomic',
  ledger: 'durable',
  decide: (known) => decide(known).do,
  actions: steps.ACTIONS,
};

/** A fresh checkout that has no receipt: what the file said when it was checked out, then lease, search, quiet. */
export const withoutLedger: Protocol = vary({ ...withLedger, ledger: 'none' }, { begin: [read, steps.lease] });

function vary(protocol: Protocol, actions: Actions): Protocol {
  return { ...protocol, actions: { ...protocol.actions, ...actions } };
}

/** Add, then set the flag; a lost answer is an error, and nothing is known afterwards. */
export const addThenFlag: Protocol = {
  ...{ lease: 'none', ledger: 'none' },
  decide: ({ flag, entry }) => {
    if (flag === 'true') return 'skip';
    return entry === 'none' ? 'add' : entry === 'open' ? 'error' : 'flip';
  },
  actions: { ...steps.ACTIONS, begin: [read], error: [] },
};

export const blindResend: Protocol = {
  ...withLedger,
  decide: (known) => (known.entry === 'open' ? 'send' : withLedger.decide(known)),
};
export const noQuiet = vary(withLedger, { settle: [look, listOrGoOn, sendAgain] });
export const lookBeforeQuietOnly = vary(withLedger, { settle: [look, waitForIntent, listOrGoOn, sendAgain] });
export const noPublishList = vary(withLedger, { settle: [look, waitForIntent, look, sendAgain] });
/** Safe wherever WeChat does not tell what was published, at the price of a person for every lost send. */
export const askPerson = vary(withLedger, { settle: [look, waitForIntent, look, steps.listOrBlock, sendAgain] });
export const sendBeforeIntent = vary(withLedger, { send: [send, saveIntent, answer] });
export const noLease: Protocol = vary({ ...withLedger, lease: 'none' }, { begin: [read] });
export const leaseExpires: Protocol = { ...withLedger, lease: 'expires' };
export const leaseChecked: Protocol = { ...withLedger, lease: 'checked' };

export const scanBeforeLease = vary(withoutLedger, {
  begin: [read, steps.searchLibrary, steps.searchBox, steps.lease],
});
export const noCoverQuiet = vary(withoutLedger, { weigh: [steps.weighNothing] });
/** The cover's age at the time of the decision, not of the search. */
export const coverAgedSince = vary(withoutLedger, { weigh: [steps.weighCoverNow, steps.waitForCover] });
export const sameCoverAgain = vary(withoutLedger, {
  settle: [look, waitForIntent, look, listOrGoOn, steps.sendAgainSameCover],
});
