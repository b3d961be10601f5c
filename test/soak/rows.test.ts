// Each row of "What a run does", with the post's receipt and without, on accounts that may and may not read their publish list.
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PublishFlags } from '../../src/commands/publish-flags.ts';
import { printEntry } from '../../src/publish/entry.ts';
import { parseFault } from '../../src/sandbox/index.ts';
import { LOSE } from '../publish/gate.ts';
import { A, createClock, editInWechat, forget, onStage, putReceipt, type Stage, unflag } from '../publish/stage.ts';

const PROFILES = ['verified', 'personal-unverified'] as const;
/** Longer than a cover counts as young. */
const LONG_AGO_MS = 60_000;

type Act = (stage: Stage) => unknown;
/** Status or code of the next run and what it writes; two where an account that may not read its publish list differs. */
type Told = string | Readonly<Record<(typeof PROFILES)[number], string>>;

interface Row {
  /** What the first run meets. */
  readonly first?: Act;
  /** What happened since. */
  readonly since?: readonly Act[];
  readonly flags?: Partial<PublishFlags>;
  readonly kept: Told;
  /** Absent: `unrecorded.test.ts` plays it. */
  readonly lost?: Told;
}

const write =
  (change: (text: string) => string): Act =>
  (stage) =>
    stage.write(A, change);
const WAITS = write(unflag);
const REWORDED = write((text) => text.replace('First words', 'Other words'));
const EDITED: Act = (stage) => editInWechat(stage, A, (text) => ({ content: `${text}<p>Mine.</p>` }));
const DELETED: Act = (stage) => stage.call('draft/delete', { media_id: stage.entry(A)?.mediaId });
const PUBLISHED: Act = (stage) => stage.sandbox.publish(stage.entry(A)?.mediaId ?? '');
const BLOCKED: Act = (stage) =>
  putReceipt(stage, A, printEntry({ ...(stage.entry(A) ?? expect.unreachable()), state: 'blocked' }));
const BEGUN_ANEW: Act = (stage) => stage.resolve(A, { kind: 'recreate' });
const refused =
  (fault: string): Act =>
  (stage) =>
    stage.sandbox.addFault(parseFault(fault));
/** The look into the box that follows the lost send is refused: the run ends before it knows more. */
const noAnswer =
  ({ lands }: { readonly lands: boolean }): Act =>
  (stage) => {
    refused('draft/batchget:48001@2')(stage);
    stage.gate.at('draft/add', async ({ forward }) => {
      if (lands) await forward();
      return LOSE;
    });
  };

const byAccount = (verified: string, unverified: string): Told => ({ verified, 'personal-unverified': unverified });
const SKIPPED = 'skipped, nobody asked';
const ADDED = 'created: add_material add';
const FOUND = 'updated: add_material update';
const UPDATED = 'updated: update';
const GONE = byAccount(ADDED, 'blocked');
const OUT = byAccount('published', 'blocked');
const update = true;

const ROWS: readonly [string, Row][] = [
  ['true', { since: [REWORDED], kept: SKIPPED, lost: SKIPPED }],
  ['true, --update, the same', { flags: { update }, kept: 'unchanged, nobody asked', lost: 'unchanged' }],
  ['true, --update, reworded', { since: [REWORDED], flags: { update }, kept: UPDATED }],
  ['true, --update, deleted', { since: [DELETED, REWORDED], flags: { update }, kept: 'skipped', lost: 'no-entry' }],
  ['true, --force', { since: [REWORDED], flags: { force: true }, kept: UPDATED, lost: FOUND }],
  ['false, the same', { since: [WAITS], kept: 'unchanged' }],
  ['false, reworded', { since: [WAITS, REWORDED], kept: UPDATED }],
  ['false, edited in WeChat', { since: [WAITS, REWORDED, EDITED], kept: 'conflict' }],
  ['the same, --overwrite', { since: [WAITS, EDITED], flags: { overwrite: true }, kept: UPDATED }],
  ['false, deleted', { since: [WAITS, DELETED], kept: GONE }],
  ['false, published', { since: [WAITS, PUBLISHED], kept: OUT }],
  ['false, blocked', { since: [WAITS, BLOCKED], kept: 'blocked, nobody asked', lost: 'unchanged' }],
  ['false, begun anew', { since: [WAITS, BEGUN_ANEW], kept: ADDED, lost: 'unchanged' }],
  ['nothing was sent', { first: refused('material/add_material:45009@1'), kept: ADDED, lost: ADDED }],
  ['a send that landed', { first: noAnswer({ lands: true }), kept: 'created' }],
  ['a send that did not', { first: noAnswer({ lands: false }), kept: ADDED }],
  ['a draft that was not read back', { first: refused('draft/get:48001@1'), kept: 'unchanged', lost: 'unchanged' }],
];

describe.concurrent.each(PROFILES)('%s', (profile) => {
  describe.concurrent.each(['kept', 'lost'] as const)('the receipt %s', (receipt) => {
    const rows = ROWS.filter(([, row]) => row[receipt] !== undefined);
    test.each(rows)('%s', async (_, { first, since = [], flags, ...told }) => {
      const time = createClock();
      const play = async (stage: Stage) => {
        time.set(-LONG_AGO_MS);
        await first?.(stage);
        await stage.publish(A, { wait: false });
        time.set(0);
        for (const act of since) await act(stage);
        if (receipt === 'lost') forget(stage);
        const { [receipt]: wanted } = told;
        expect(await tell(stage, flags)).toBe(typeof wanted === 'object' ? wanted[profile] : wanted);
        expect(stage.sandbox.drafts().length).toBeLessThanOrEqual(since.includes(BEGUN_ANEW) ? 2 : 1);
        // What is settled stays as it is.
        if (stage.text(A).includes('synced: true')) expect(await tell(stage, flags)).not.toContain(':');
      };
      await onStage(play, { profile, now: time.now })();
    });
  });

  test.each<['kept' | 'lost', string, (text: string) => string]>([
    ['kept', 'another title and text', (text) => text.replaceAll('Post A', 'Another').replace('First', 'Second')],
    ['lost', 'another text', (text) => text.replace('First', 'Second')],
  ])('two sites, one path, receipts %s, %s: each has a draft of its own', async (receipt, _, rewrite) => {
    const play = async (stage: Stage) => {
      const texts = { one: stage.text(A), two: rewrite(stage.text(A)) };
      const ids = { one: '', two: '' };
      const visit = async (site: keyof typeof texts) => {
        const away = join(stage.site, `ledger-${site}`);
        if (receipt === 'lost') forget(stage);
        else if (ids[site] !== '') renameSync(away, join(stage.site, '.wxsync'));
        stage.write('wxsync.config.yaml', `project: ${site}\n`);
        stage.write(A, texts[site]);
        const [result] = (await stage.publish(A)).results;
        if (receipt === 'kept') renameSync(join(stage.site, '.wxsync'), away);
        texts[site] = unflag(stage.text(A)).replace('words of', 'better words of');
        ids[site] = result?.mediaId ?? '';
        return [result?.status, result?.error?.code];
      };
      const both = async () => [await visit('one'), await visit('two')];
      expect(await both()).toEqual([
        ['created', undefined],
        ['created', undefined],
      ]);
      const first = { ...ids };
      expect(await both()).toEqual([
        ['updated', undefined],
        ['updated', undefined],
      ]);
      expect(ids).toEqual(first);
      const wordsOf = new Map(stage.sandbox.drafts().map((draft) => [draft.mediaId, draft.articles[0]?.content]));
      expect([wordsOf.size, wordsOf.get(ids.one), wordsOf.get(ids.two)]).toEqual([
        2,
        expect.stringContaining('First better words'),
        expect.stringContaining('Second better words'),
      ]);
    };
    await onStage(play, { profile })();
  });
});

async function tell(stage: Stage, flags: Partial<PublishFlags> = {}): Promise<string> {
  const [calls, writes] = [stage.calls().length, stage.writes().length];
  const [result] = (await stage.publish(A, flags)).results;
  const what = result?.error?.code ?? `${result?.status}`;
  if (stage.calls().length === calls) return `${what}, nobody asked`;
  const wrote = stage.writes().slice(writes);
  return wrote.length === 0 ? what : `${what}: ${wrote.map((path) => path.split('/')[1]).join(' ')}`;
}
