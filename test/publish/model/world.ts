// The world of one post: what WeChat, the ledger and the runs hold, and what happens to it without wxsync's doing.
import type { Move } from './explore.ts';

/**
 * What the world may do to a protocol. Taken for granted: a lease goes to one run only, a saved entry stays, the quiet
 * time outlasts every add and every lag, the publish list does not lag, and the way from a cover to the answer of its
 * send is shorter than what is waited for.
 */
export interface Conditions {
  readonly runs: number;
  /** Kills, anywhere. */
  readonly crashes: number;
  /** Things that a person does in WeChat. */
  readonly acts: number;
  /** Drafts that the person may publish or delete: any, or only those that a run knows of. */
  readonly person: 'any' | 'told';
  /** Whether an add may be applied after the client gave up; never after the quiet time. */
  readonly late: boolean;
  /** Whether a new draft may be missing in the list; never after the quiet time. */
  readonly lag: boolean;
  /** Whether WeChat tells this account what was published. */
  readonly list: 'readable' | 'unreadable';
  /** `calm`: every answer comes and is a good one, and no lease expires. */
  readonly weather: 'any' | 'calm';
}

/** The part of a ledger entry that matters here. */
export interface Receipt {
  readonly state: 'prepared' | 'open' | 'drafted' | 'verified' | 'blocked';
  /** The cover for the next send; null: it needs a fresh one. */
  readonly cover: number | null;
  /** The cover of the intent. */
  readonly sent: number | null;
  readonly draft: number | null;
  readonly attempt: number;
  /** The intent's deadline and quiet time have passed. */
  readonly rested: boolean;
}

export interface Draft {
  readonly cover: number | null;
  readonly place: 'box' | 'published' | 'deleted';
  /** The list shows it; its own address does from the start. */
  readonly listed: boolean;
  /** A run knows of it. */
  readonly told: boolean;
}

export interface Run {
  readonly id: number;
  /** The action it is at and how far it has come in it. */
  readonly action: string;
  readonly at: number;
  readonly holdsLease: boolean;
  readonly flag: boolean;
  readonly entry: Receipt | null;
  readonly trace: 'not-asked' | 'nothing' | 'draft' | 'cover';
  /** The quiet time of every cover it found had passed when it began to search. */
  readonly foundOld: boolean;
  readonly draft: 'not-asked' | 'as-stored' | 'gone';
  /** The cover or draft that WeChat named last. */
  readonly heard: number | null;
  /** Its draft/add: on its way, without effect, or the draft it made. */
  readonly request: null | 'pending' | 'lost' | number;
  /** The cover of that request. */
  readonly cover: number | null;
}

export interface World {
  /** Runs, kills and acts of the person that are still to come. */
  readonly left: { readonly runs: number; readonly crashes: number; readonly acts: number };
  readonly flag: boolean;
  readonly ledger: Receipt | null;
  readonly drafts: readonly Draft[];
  /** Covers of this post in the library, numbered from 1. */
  readonly covers: number;
  /** Of those, how many were uploaded a quiet time ago; the first ones. */
  readonly oldCovers: number;
  /** Adds on their way that nobody waits for any more. */
  readonly adrift: readonly { readonly run: number; readonly cover: number | null }[];
  readonly live: readonly Run[];
}

export function createWorld({ runs, crashes, acts }: Pick<Conditions, 'runs' | 'crashes' | 'acts'>): World {
  return {
    ...{ left: { runs, crashes, acts }, flag: false, ledger: null, drafts: [], covers: 0, oldCovers: 0 },
    ...{ adrift: [], live: [] },
  };
}

/** Runs are alike but for what they know, so their order and their numbers do not count. */
export function toKey({ left, flag, ledger, drafts, covers, oldCovers, adrift, live }: World): string {
  const runs = live.map(({ action, at, holdsLease, flag, entry, trace, foundOld, draft, heard, request, cover }) => {
    return `${action}${at}${holdsLease}${flag}${toReceiptKey(entry)}${trace}${foundOld}${draft}${heard}.${request}.${cover}`;
  });
  const boxed = drafts.map(({ cover, place, listed, told }) => `${cover}${place}${listed}${told}`);
  const head = `${left.runs}${left.crashes}${left.acts}${flag}${toReceiptKey(ledger)}${covers}.${oldCovers}`;
  return `${head};${boxed};${adrift.map(({ cover }) => cover)};${runs.length > 1 ? runs.sort() : runs}`;
}

function toReceiptKey(entry: Receipt | null): string {
  return entry === null
    ? '-'
    : `${entry.state}${entry.cover}.${entry.sent}.${entry.draft}.${entry.attempt}${entry.rested}`;
}

/** Drafts and articles of this post that a reader or the author can meet. */
export function countArticles({ drafts }: World): number {
  return drafts.filter(({ place }) => place !== 'deleted').length;
}

export function withRun(world: World, run: Run): World {
  return { ...world, live: world.live.map((each) => (each.id === run.id ? run : each)) };
}

export function withoutRun(world: World, { id }: Run): World {
  return { ...world, live: world.live.filter((each) => each.id !== id) };
}

export function withDraft(world: World, index: number, change: Partial<Draft>): World {
  return { ...world, drafts: world.drafts.map((each, at) => (at === index ? { ...each, ...change } : each)) };
}

/** Kills, WeChat's own time, and what a person does. The quiet time does not pass while a run is hot. */
export function toHappenings(
  world: World,
  conditions: Conditions,
  isHot: (run: Run) => boolean,
): readonly Move<World>[] {
  return [
    ...toKills(world),
    ...toArrivals(world, conditions),
    ...world.drafts.flatMap(({ listed }, index) =>
      listed ? [] : [{ says: 'the list shows it', to: withDraft(world, index, { listed: true }) }],
    ),
    ...toQuiet(world, isHot),
    ...toActs(world, conditions),
  ];
}

function toKills(world: World): readonly Move<World>[] {
  const { left } = world;
  if (left.crashes === 0) return [];
  return world.live.map((run) => ({
    says: `run ${run.id} is killed`,
    to: withoutRun({ ...drift(world, run), left: { ...left, crashes: left.crashes - 1 } }, run),
  }));
}

/** A request that its run does not wait for any more. */
export function drift(world: World, run: Run): World {
  if (run.request !== 'pending') return world;
  return { ...world, adrift: [...world.adrift, { run: run.id, cover: run.cover }] };
}

/** An add on its way takes effect or never does. */
function toArrivals(world: World, conditions: Conditions): readonly Move<World>[] {
  const awaited = world.live.flatMap((run) => {
    if (run.request !== 'pending') return [];
    const made = withRun(world, { ...run, request: world.drafts.length });
    return [
      ...land(made, { cover: run.cover, run: run.id }, conditions),
      { says: `the add of run ${run.id} is lost`, to: withRun(world, { ...run, request: 'lost' }) },
    ];
  });
  const adrift = world.adrift.flatMap((request, index) => {
    const rest = { ...world, adrift: world.adrift.filter((_, at) => at !== index) };
    return [...land(rest, request, conditions), { says: `the add of run ${request.run} is lost`, to: rest }];
  });
  return [...awaited, ...adrift];
}

export function land(
  world: World,
  { cover, run }: World['adrift'][number],
  { lag }: Conditions,
): readonly Move<World>[] {
  return (lag ? [true, false] : [true]).map((listed) => ({
    says: `the add of run ${run} lands${listed ? '' : ', unlisted'}`,
    to: { ...world, drafts: [...world.drafts, { cover, place: 'box', listed, told: false }] },
  }));
}

/** The quiet time passes: it is longer than any add is on its way and any list lags. */
function toQuiet(world: World, isHot: (run: Run) => boolean): readonly Move<World>[] {
  const { adrift, drafts, live, ledger, covers, oldCovers } = world;
  const isOpen = (entry: Receipt | null) => entry?.state === 'open' && !entry.rested;
  const isYoung = oldCovers < covers || isOpen(ledger) || live.some(({ entry }) => isOpen(entry));
  const isBusy = adrift.length > 0 || drafts.some(({ listed }) => !listed);
  if (!isYoung || isBusy || live.some((run) => run.request === 'pending' || isHot(run))) return [];
  const rest = (entry: Receipt | null) => (entry?.state === 'open' ? { ...entry, rested: true } : entry);
  const rested = live.map((run) => ({ ...run, entry: rest(run.entry) }));
  return [{ says: 'the quiet time passes', to: { ...world, ledger: rest(ledger), oldCovers: covers, live: rested } }];
}

function toActs(world: World, { person }: Conditions): readonly Move<World>[] {
  const { left } = world;
  if (left.acts === 0) return [];
  const after: World = { ...world, left: { ...left, acts: left.acts - 1 } };
  return world.drafts.flatMap(({ place, told }, index) => {
    if (place !== 'box' || (person === 'told' && !told)) return [];
    return [
      { says: 'a person publishes the draft', to: withDraft(after, index, { place: 'published' }) },
      { says: 'a person deletes the draft', to: withDraft(after, index, { place: 'deleted' }) },
    ];
  });
}
