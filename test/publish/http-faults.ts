// The faults of HTTP as a table, and how one of them meets one call of a publishing run; which cells are played is the tests' choice.
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseFault } from '../../src/sandbox/index.ts';
import { type Act, drip, finish, head, raw, reset, silence } from '../wechat/script-server.ts';
import type { Gate, Verdict } from './gate.ts';
import { B, expectAtRest, onStage, PLAIN, reword, type Stage, type StageOptions, unflag } from './stage.ts';

type Spoil = NonNullable<Verdict>;

/** What becomes of the work of a call whose answer was spoiled. `late`: it is done after the caller was told. */
export type Fate = 'not done' | 'done' | 'late';

/**
 * What a run makes of an outcome: `again` = a call that is safe to repeat is repeated, a draft is looked for; `stop` =
 * nothing is repeated, a draft is looked for; `no` = it is certain that nothing was done, and the run ends.
 */
type Kind = 'again' | 'stop' | 'no';

export interface Outcome {
  readonly name: string;
  readonly kind: Kind;
  /** What is done to the call. */
  readonly meet:
    | { readonly by: 'answer'; readonly spoil: Spoil }
    | { readonly by: 'refusal'; readonly errcode: number }
    | { readonly by: 'cut' | 'shut' | 'void' };
}

const JSON_TYPE = { 'content-type': 'application/json; encoding=utf-8' };
const HTML = '<html><head><title>x</title></head><body><center><h1>x</h1></center></body></html>';

const answer = (status: number, body: string, headers: Readonly<Record<string, string>> = JSON_TYPE): Act =>
  bytes(head(status, { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' }) + body);
const bytes = (text: string): Act => raw(text, (socket) => void socket.end());
const page = (status: number, headers: Readonly<Record<string, string>> = {}) =>
  answer(status, HTML, { 'content-type': 'text/html', ...headers });

/** The acts of the scripted server that are used here take the socket into their own hands. */
const row = (name: string, kind: Kind, act: Act): Outcome => {
  if (typeof act !== 'function') throw new Error(`${name} is no act on a socket`);
  return { name, kind, meet: { by: 'answer', spoil: act } };
};

export const OUTCOMES: readonly Outcome[] = [
  { name: 'connection refused', kind: 'no', meet: { by: 'shut' } },
  { name: 'reset before the body', kind: 'again', meet: { by: 'cut' } },
  row('reset after the body', 'again', reset),
  row('end without an answer', 'again', finish),
  row('half of a head', 'again', bytes('HTTP/1.1 200 OK\r\nContent-Ty')),
  row('half of a body with its length', 'again', bytes(`${head(200, { 'content-length': '90' })}{"errcode":0,"me`)),
  row('half of a body without a length', 'again', bytes(`${head(200, { connection: 'close' })}{"errcode":0,"me`)),
  row('a drip', 'again', drip),
  row('silence', 'again', silence),
  row('an empty 200', 'again', answer(200, '')),
  row('a page of HTML with 200', 'again', page(200)),
  row('JSON of something else', 'again', answer(200, '{"hello":"world"}')),
  row('JSON with doubled and odd keys', 'again', answer(200, '{"errcode":"40007","media_id":["M"],"errcode":"-1"}')),
  row('302', 'stop', answer(302, '', { location: '/elsewhere' })),
  row('307', 'stop', answer(307, '', { location: '/elsewhere' })),
  row('308', 'stop', answer(308, '', { location: '/elsewhere' })),
  row('412', 'stop', answer(412, '', {})),
  row('429', 'again', page(429, { 'retry-after': '1' })),
  row('500', 'again', page(500)),
  row('501', 'stop', page(501)),
  row('502', 'again', page(502)),
  row('504', 'again', page(504)),
  row('errcode -1', 'again', answer(200, '{"errcode":-1,"errmsg":"system error"}')),
  { name: 'errcode 40001', kind: 'again', meet: { by: 'void' } },
  { name: 'errcode 45011', kind: 'no', meet: { by: 'refusal', errcode: 45011 } },
];

/** One endpoint in the run that calls it. */
export interface Scenario {
  readonly path: string;
  readonly post: string;
  /** Calls that come in the run before the one that is met; the door is shut after the last of them. */
  readonly before: readonly string[];
  readonly writes: boolean;
  readonly status: 'created' | 'updated';
  readonly profile?: NonNullable<StageOptions['profile']>;
  /** From a post that was published before to what this run is to find; absent: nothing was published. */
  readonly since?: (stage: Stage) => Promise<void> | void;
}

const NEW = { post: PLAIN, status: 'created' } as const;

export const SCENARIOS: readonly Scenario[] = [
  { ...NEW, path: 'stable_token', writes: false, before: [] },
  { ...NEW, path: 'material/batchget_material', writes: false, before: ['stable_token'] },
  { ...NEW, path: 'draft/batchget', writes: false, before: ['material/batchget_material'] },
  { ...NEW, path: 'media/uploadimg', writes: true, before: ['draft/batchget'], post: B },
  { ...NEW, path: 'material/add_material', writes: true, before: ['draft/batchget'] },
  { ...NEW, path: 'draft/add', writes: true, before: ['material/add_material'] },
  { ...NEW, path: 'draft/get', writes: false, before: ['draft/add'] },
  {
    ...{ path: 'draft/update', post: PLAIN, writes: true, before: ['draft/get'], status: 'updated' },
    since: (stage) => stage.write(PLAIN, reword),
  },
  {
    ...{ path: 'draft/delete', post: PLAIN, writes: true, before: ['draft/add', 'draft/get', 'draft/get'] },
    status: 'updated',
    since(stage) {
      stage.write(PLAIN, reword);
      stage.sandbox.addFault(parseFault('draft/update:501@1'));
    },
  },
  {
    ...{ ...NEW, path: 'freepublish/batchget', writes: false, before: ['draft/get'], profile: 'verified' },
    async since(stage) {
      await stage.call('draft/delete', { media_id: stage.entry(PLAIN)?.mediaId });
      stage.write(PLAIN, unflag);
    },
  },
];

export interface Cell {
  readonly scenario: Scenario;
  readonly outcome: Outcome;
  readonly fate: Fate;
}

/** Every endpoint with every outcome and every fate that goes with them. */
export const CELLS: readonly Cell[] = SCENARIOS.flatMap((scenario) =>
  OUTCOMES.flatMap((outcome) => fatesOf(scenario, outcome).map((fate) => ({ scenario, outcome, fate }))),
);

/** A thread through them: every outcome once, every second one at draft/add and the rest at the other calls in turn. */
export const DIAGONAL: readonly Cell[] = OUTCOMES.flatMap((outcome, at) => {
  const others = SCENARIOS.filter(({ path }) => path !== 'draft/add');
  const add = SCENARIOS.find(({ path }) => path === 'draft/add');
  const scenario = at % 2 === 0 ? add : others[(at >> 1) % others.length];
  const cells = CELLS.filter((cell) => cell.scenario === scenario && cell.outcome === outcome);
  return cells[(at >> 1) % cells.length] ?? [];
});

function fatesOf({ writes }: Scenario, { meet }: Outcome): readonly Fate[] {
  return writes && meet.by === 'answer' ? ['not done', 'done', 'late'] : ['not done'];
}

export function toName({ scenario, outcome, fate }: Cell): string {
  return `${scenario.path}: ${outcome.name}${scenario.writes ? `, ${fate}` : ''}`;
}

/** Calls that WeChat's minute was too full for are made again after a minute. */
export function waitsAMinute({ scenario, outcome }: Cell): boolean {
  return outcome.name === 'errcode 45011' && scenario.path !== 'draft/add';
}

/** The error that a run ends with; null: it mends what happened by itself. */
function toError({ scenario: { path }, outcome }: Cell): { readonly exit: number; readonly code: string } | null {
  if (path === 'stable_token' && outcome.name === 'errcode 40001') return { exit: 4, code: 'secret-invalid' };
  if (outcome.meet.by === 'shut') return { exit: 6, code: 'network-failed' };
  if (path === 'draft/add') return outcome.kind === 'no' ? { exit: 6, code: 'rate-limited' } : null;
  // A firewall that will not have an update: a new draft takes the old one's place.
  if (path === 'draft/update' && outcome.name === '501') return null;
  return outcome.kind === 'stop' ? { exit: 6, code: 'bad-answer' } : null;
}

const TIMEOUT_MS = 3_000;
/** A late draft comes when the run has already looked for it, and before it would be sent again. */
const LATE_ADD = { lateMs: TIMEOUT_MS + 500, quietMs: 4_000 };
const LATE = { lateMs: 600, quietMs: 400 };

/** Plays a cell on a stage of its own: the run, one more where that one failed, and then one that must write nothing. */
async function play(cell: Cell): Promise<void> {
  const { scenario, outcome, fate } = cell;
  const { path, post, profile, since } = scenario;
  const kept = await keep();
  const folder = fresh('cell');
  const { lateMs, quietMs } = fate === 'late' && path === 'draft/add' ? LATE_ADD : LATE;
  if (since !== undefined) cpSync(join(kept, 'state'), join(folder, 'state'), { recursive: true });
  const env = {
    WXSYNC_TIMEOUT_MS: `${TIMEOUT_MS}`,
    WXSYNC_QUIET_MS: `${quietMs}`,
  };
  const options: StageOptions = {
    ...{ env, profile: profile ?? 'personal-unverified' },
    ...(since !== undefined && { stateDir: join(folder, 'state') }),
  };
  const onIt = onStage(async (stage) => {
    if (since !== undefined) {
      cpSync(join(kept, '.wxsync'), join(stage.site, '.wxsync'), { recursive: true });
      stage.write(PLAIN, (text) => text.replace('wechat_synced: false', 'wechat_synced: true'));
      await since(stage);
    }
    arm(stage, cell, lateMs);
    const error = toError(cell);
    const first = await stage.publish(post);
    if (outcome.meet.by === 'shut') await stage.gate.open();
    if (error === null) expect(first.results).toMatchObject([{ status: scenario.status, error: null }]);
    else {
      const { exit, code } = error;
      expect(first).toMatchObject({ exitCode: exit, results: [{ error: { code }, flag: { after: false } }] });
      expect((await stage.publish(post)).results).toMatchObject([{ error: null, flag: { after: true } }]);
    }
    if (fate === 'late') await expect.poll(() => heard(stage, path), { timeout: 10_000 }).toContain(0);
    await expectAtRest(stage, post);
    expect(stage.sandbox.drafts().length).toBe(1);
    expect(stage.calls()).not.toContain('/elsewhere');
  }, options);
  await onIt().finally(() => rmSync(folder, { recursive: true, force: true }));
}

function heard({ sandbox }: Stage, path: string): readonly number[] {
  return sandbox.history().flatMap((each) => (each.path === `/cgi-bin/${path}` ? [each.status] : []));
}

/** Sets the trap for the next call of the endpoint. */
function arm({ gate, sandbox, call }: Stage, { scenario, outcome: { meet }, fate }: Cell, lateMs: number): void {
  const { path, before, writes } = scenario;
  const fault = (what: string | number) => sandbox.addFault(parseFault(`${path}:${what}@1`));
  switch (meet.by) {
    case 'cut':
      gate.cut(path);
      break;
    case 'shut':
      shutAfter(gate, before);
      break;
    case 'refusal':
      fault(meet.errcode);
      break;
    case 'void':
      // A token that somebody else has renewed; where there is none yet, it is the secret that is refused.
      if (path === 'stable_token') fault(40001);
      else gate.at(path, () => call('stable_token', { force_refresh: true }).then(() => undefined));
      break;
    case 'answer':
      gate.at(path, async ({ forward }) => {
        // The sandbox meets the call too, so that its record shows a send that nobody was told of.
        if (writes) fault({ 'not done': 'reset', done: 'reset:after', late: `late=${lateMs}` }[fate]);
        if (writes) await forward();
        return meet.spoil;
      });
  }
}

function shutAfter(gate: Gate, [next, ...more]: readonly string[]): void {
  if (next === undefined) gate.shut();
  else {
    gate.at(next, async ({ forward }) => {
      await forward();
      shutAfter(gate, more);
      return undefined;
    });
  }
}

let kept: Promise<string> | null = null;

/** What a run leaves behind, made once: an account with the draft of `PLAIN`, and its receipt. */
function keep(): Promise<string> {
  kept ??= (async () => {
    const folder = fresh('kept');
    const state = join(folder, 'account');
    const before = onStage(
      async (stage) => {
        await stage.publish(PLAIN);
        cpSync(state, join(folder, 'state'), { recursive: true, filter: (name) => !name.endsWith('server.lock') });
        cpSync(join(stage.site, '.wxsync'), join(folder, '.wxsync'), { recursive: true });
      },
      { stateDir: state, env: { WXSYNC_TIMEOUT_MS: `${10 * TIMEOUT_MS}` } },
    );
    await before();
    return folder;
  })();
  return kept;
}

/**
 * Waiting is most of the work, so cells are played side by side in so many lanes, from the first one that is asked for.
 * Gives the end of each.
 */
export function playInLanes(cells: readonly Cell[], many: number): (cell: Cell) => Promise<void> {
  const ends = new Map<Cell, Promise<void>>();
  const begin = (first: Cell) => {
    const lanes = Array.from({ length: many }, () => Promise.resolve());
    for (const [at, cell] of cells.slice(cells.indexOf(first)).entries()) {
      const end = (lanes[at % many] ?? Promise.resolve()).then(() => play(cell));
      ends.set(cell, end);
      lanes[at % many] = end.catch(() => undefined);
    }
  };
  return async (cell) => {
    if (ends.size === 0) begin(cell);
    await ends.get(cell);
  };
}

/** Takes back what `keep` made. */
export async function clear(): Promise<void> {
  if (kept !== null) rmSync(await kept, { recursive: true, force: true });
  kept = null;
}

function fresh(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `wxsync-${name}-`)));
}
