// Judges a protocol in a world: what goes wrong, how runs end, and how a plain rerun ends after all that can be left behind.
import { explore, type Found, type Space } from './explore.ts';
import { type OnEnd, type Protocol, type Rules, toMoves } from './protocol.ts';
import { type Conditions, countArticles, createWorld, toKey, type World } from './world.ts';

export interface Verdict {
  readonly states: number;
  /** The nearest fault of all runs, else of a rerun. */
  readonly fault: Found<World>['fault'];
  /** How a rerun ends that nothing disturbs, whatever was before. */
  readonly reruns: readonly string[];
}

export function judge(protocol: Protocol, conditions: Conditions): Verdict {
  const { states, fault } = explore(toSpace([createWorld(conditions)], { protocol, conditions }));
  if (fault !== null) return { states: states.length, fault, reruns: [] };
  const calm: Conditions = { ...conditions, runs: 1, crashes: 0, acts: 0, weather: 'calm' };
  const { left } = createWorld(calm);
  const leftBehind = states.filter(({ live }) => live.length === 0).map((world) => ({ ...world, left }));
  const ends = new Set<string>();
  const onEnd: OnEnd = (end, world) => {
    ends.add(end === 'blocked' && !isBeyondKnowing(world, protocol) ? 'blocked without need' : end);
  };
  const rerun = explore(toSpace(leftBehind, { protocol, conditions: calm, onEnd }));
  return { states: states.length, fault: rerun.fault, reruns: [...ends].sort() };
}

function toSpace(starts: readonly World[], rules: Rules): Space<World> {
  return { starts, toKey, toMoves: (world) => toMoves(world, rules), findFault };
}

function findFault(world: World, isLast: boolean): string | null {
  if (countArticles(world) > 1) return 'two articles of one post';
  if (world.flag && !world.drafts.some(({ told }) => told)) return 'a flag without a draft';
  return isLast && world.live.length > 0 ? 'a run that can go no further' : null;
}

/** A draft that is not in the box any more; without a ledger also a cover of which nobody knows whether it had one. */
function isBeyondKnowing({ drafts, covers }: World, { ledger }: Protocol): boolean {
  const isGone = !drafts.some(({ place }) => place === 'box');
  return isGone && (ledger === 'durable' ? drafts.length > 0 : covers > 0);
}
