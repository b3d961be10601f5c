// What a run of wxsync does under each action of the decision table, effect by effect, under the names of src/publish.
import { type Actions, type Moment, type Outcome, type Step, toKnown } from './protocol.ts';
import { drift, land, type Receipt, type Run, type World, withDraft } from './world.ts';

const MAX_SENDS = 2;

/** The entry, kept before anything else happens. */
function save({ world, protocol }: Moment, entry: Receipt) {
  const kept = protocol.ledger === 'durable' ? { ...world, ledger: entry } : world;
  const known = entry.draft === null ? kept : withDraft(kept, entry.draft, { told: true });
  return { world: known, run: { entry } };
}

/** A step that keeps another entry and then may do something else. */
function saving(name: string, toEntry: (moment: Moment) => Receipt, then: Outcome = {}): Step {
  return {
    name: `save ${name}`,
    isGuarded: true,
    take: (moment) => {
      const { world, run } = save(moment, toEntry(moment));
      return [{ ...then, world, run: { ...run, ...then.run } }];
    },
  };
}

function entryOf({ run }: Moment): Receipt {
  if (run.entry === null) throw new Error('this step needs an entry');
  return run.entry;
}

const NEW = { state: 'prepared', cover: null, sent: null, draft: null, attempt: 0, rested: false } as const;
const NOT_ASKED = { trace: 'not-asked', draft: 'not-asked' } as const;

const asItIs = ({ flag, ledger }: World) => ({ flag, entry: ledger });
const isFree = ({ live }: World) => !live.some(({ holdsLease }) => holdsLease);

export const read: Step = { name: 'read', take: ({ world }) => [{ run: asItIs(world) }] };

export const lease: Step = {
  name: 'lease',
  take: ({ world }) => (isFree(world) ? [{ run: { holdsLease: true } }] : []),
};

/** Who holds the lease reads what nobody writes at that time: one step. */
export const leaseAndRead: Step = {
  name: 'lease and read',
  take: ({ world }) => (isFree(world) ? [{ run: { ...asItIs(world), holdsLease: true } }] : []),
};

const areOld = ({ covers, oldCovers }: World) => covers === oldCovers;

export const searchLibrary: Step = {
  name: 'search the library',
  take: ({ world }) => [{ run: { trace: world.covers > 0 ? 'cover' : 'nothing', foundOld: areOld(world) } }],
};

/** The name of its cover says that a draft is this post's. */
export const searchBox: Step = {
  name: 'search the box',
  take: ({ world }) => {
    const heard = world.drafts.findIndex(({ place, listed }) => place === 'box' && listed);
    return heard === -1 ? [{ says: 'nothing' }] : [{ says: 'a draft', run: { heard, trace: 'draft' } }];
  },
};

const weighing = (isOld: (moment: Moment) => boolean): Step => ({
  name: 'weigh the cover',
  take: (moment) => [isOld(moment) ? { says: 'old', go: 'judge' } : { says: 'young' }],
});
/** What was found counts with the age that it had then: a later draft was not seen. */
const weighCover = weighing(({ run }) => run.foundOld);
export const weighCoverNow = weighing(({ world }) => areOld(world));
export const weighNothing = weighing(() => true);

export const waitForCover: Step = {
  name: 'wait',
  take: ({ world }) => (areOld(world) ? [{ run: { trace: 'not-asked' } }] : []),
};

export const uploadCover: Step = {
  name: 'upload cover',
  take: (moment) => {
    const { world } = moment;
    if (entryOf(moment).cover !== null) return [{ says: 'not needed', go: 'send' }];
    return [{ world: { ...world, covers: world.covers + 1 }, run: { heard: world.covers + 1 } }];
  },
};

const saveCover: Step = {
  ...saving('cover', (moment) => ({ ...entryOf(moment), cover: moment.run.heard }), { go: 'send' }),
  isHot: true,
};

export const saveIntent: Step = {
  ...saving('intent', (moment) => {
    const entry = entryOf(moment);
    return { ...entry, state: 'open', sent: entry.cover, attempt: entry.attempt + 1, rested: false };
  }),
  isHot: true,
};

export const send: Step = {
  name: 'send',
  isHot: true,
  isGuarded: true,
  take: (moment) => {
    const { run, world, conditions } = moment;
    const { cover } = entryOf(moment);
    if (conditions.weather === 'any' && conditions.late) return [{ run: { request: 'pending', cover } }];
    const landed = land(world, { cover, run: run.id }, conditions).map(({ to }) => {
      return { says: 'it lands', world: to, run: { request: world.drafts.length } };
    });
    return conditions.weather === 'calm' ? landed : [...landed, { says: 'it is lost', run: { request: 'lost' } }];
  },
};

/** `ok`, a refusal, or none; without one the add may still be on its way. */
export const answer: Step = {
  name: 'answer',
  isHot: true,
  take: ({ run, world, conditions }) => {
    const { request } = run;
    const over: Partial<Run> = { request: null, cover: null };
    const none: Outcome = { says: 'none', world: drift(world, run), run: over };
    if (request === null || request === 'pending') return [none];
    const real: Outcome =
      request === 'lost'
        ? { says: 'refused', run: over, go: 'refuse' }
        : { says: 'ok', run: { ...over, heard: request }, go: 'record' };
    return conditions.weather === 'calm' ? [real] : [real, none];
  },
};

const toFound = ({ run, world }: Moment): Receipt => {
  return { ...NEW, state: 'drafted', cover: world.drafts[run.heard ?? -1]?.cover ?? null, draft: run.heard };
};
const SEEN = { run: { draft: 'as-stored' } } as const;

/** Looks for the cover of the intent. */
export const look: Step = {
  name: 'look in the box',
  take: (moment) => {
    const { sent } = entryOf(moment);
    const heard = moment.world.drafts.findIndex(
      ({ place, listed, cover }) => place === 'box' && listed && cover === sent,
    );
    return heard === -1 ? [{ says: 'nothing' }] : [{ says: 'there', run: { heard }, go: 'record' }];
  },
};

export const waitForIntent: Step = {
  name: 'wait',
  take: (moment) => (entryOf(moment).rested ? [{}] : []),
};

const listing = (unreadable: Outcome): Step => ({
  name: 'ask the publish list',
  take: ({ world, conditions }) => {
    if (conditions.list === 'unreadable') return [{ says: 'unreadable', ...unreadable }];
    const isThere = world.drafts.some(({ place }) => place === 'published');
    return [isThere ? { says: 'there', end: 'published' } : { says: 'not there' }];
  },
});
/** Where WeChat does not tell: go on. */
export const listOrGoOn = listing({});
/** Where WeChat does not tell: a person decides. */
export const listOrBlock = listing({ go: 'block' });

const sendingAgain = (cover: 'fresh' | 'same'): Step => ({
  name: 'send again',
  take: (moment) => {
    const entry = entryOf(moment);
    if (entry.attempt >= MAX_SENDS) return [{ end: 'unknown' }];
    return [cover === 'same' ? { go: 'send' } : { run: { entry: { ...entry, cover: null } }, go: 'upload' }];
  },
});
/** With a fresh cover: its age tells a run without a receipt that a send is on its way. */
export const sendAgain = sendingAgain('fresh');
export const sendAgainSameCover = sendingAgain('same');

const readDraft = (found: Outcome): Step => ({
  name: 'read the draft',
  take: ({ world, run, protocol }) => {
    const isThere = world.drafts[run.entry?.draft ?? -1]?.place === 'box';
    if (isThere) return [{ says: 'there', ...found }];
    // A table that knows no better than to read it again leaves it to a person.
    const isStuck = protocol.decide(toKnown({ ...run, draft: 'gone' })) === run.action;
    return [{ says: 'gone', ...(isStuck ? { end: 'verify-failed' } : { run: { draft: 'gone' } }) }];
  },
});

const flip: Step = { name: 'flip', take: ({ world }) => [{ world: { ...world, flag: true }, end: 'done' }] };

/** A draft or its cover without a draft: published, not to be known, or to be made anew with a fresh cover. */
const JUDGE = [listOrBlock, saving('prepared', () => NEW, { run: NOT_ASKED })];

/** Actions of the decision table, then the parts that several of them end in. Those without steps end the run. */
export const ACTIONS: Actions = {
  begin: [leaseAndRead],

  search: [searchLibrary, searchBox],
  adopt: [saving('verified', (moment) => ({ ...toFound(moment), state: 'verified' }), SEEN)],
  weigh: [weighCover, waitForCover],
  add: [
    saving('prepared', ({ run }) => ({ ...NEW, cover: run.entry?.cover ?? null }), { run: NOT_ASKED, go: 'upload' }),
  ],
  settle: [look, waitForIntent, look, listOrGoOn, sendAgain],
  verify: [readDraft({ go: 'keep' })],
  look: [readDraft(SEEN)],
  gone: JUDGE,
  flip: [flip],

  judge: JUDGE,
  upload: [uploadCover, saveCover],
  send: [saveIntent, send, answer],
  record: [saving('drafted', toFound)],
  refuse: [saving('prepared', (moment) => ({ ...entryOf(moment), state: 'prepared' }), { end: 'refused' })],
  keep: [saving('verified', (moment) => ({ ...entryOf(moment), state: 'verified' }), SEEN)],
  block: [saving('blocked', ({ run }) => ({ ...(run.entry ?? NEW), state: 'blocked' }), { end: 'blocked' })],

  skip: [],
  unchanged: [],
  several: [],
  conflict: [],
  'not-in-box': [],
  'no-entry': [],
  blocked: [],
};
