// A publish protocol as data: who may work, where receipts are kept, and the steps of each action that decides what a run does.
import type { Known } from '../../../src/publish/decide.ts';
import type { Move } from './explore.ts';
import { type Conditions, type Run, toHappenings, type World, withoutRun, withRun } from './world.ts';

export interface Protocol {
  /** `expires`: it may pass to another while its holder lives; `checked`: so, but asked again with each write and send. */
  readonly lease: 'atomic' | 'none' | 'expires' | 'checked';
  /** `none`: a fresh checkout that lost what was not flagged. */
  readonly ledger: 'durable' | 'none';
  /** The action for what is known. */
  readonly decide: (known: Known) => string;
  /** The steps of each action; one without steps ends the run under its own name. */
  readonly actions: Actions;
}

export type Actions = Readonly<Record<string, readonly Step[]>>;

export interface Moment {
  readonly world: World;
  readonly run: Run;
  readonly protocol: Protocol;
  readonly conditions: Conditions;
}

/** What a step leads to; without `go` or `end` the next step of its action follows, after the last the table is asked. */
export interface Outcome {
  readonly says?: string;
  readonly world?: World;
  readonly run?: Partial<Run>;
  readonly go?: string;
  readonly end?: string;
}

/** One effect that others can see, or one answer; a run can be killed before and after each. */
export interface Step {
  readonly name: string;
  /** On the way from a cover to the answer of its send. */
  readonly isHot?: true;
  /** Asks first whether the lease is still held, where that is checked. */
  readonly isGuarded?: true;
  /** No outcome: it has to wait. */
  readonly take: (moment: Moment) => readonly Outcome[];
}

const FRESH: Omit<Run, 'id'> = {
  ...{ action: 'begin', at: 0, holdsLease: false, flag: false, entry: null },
  trace: 'not-asked',
  draft: 'not-asked',
  ...{ foundOld: false, heard: null, request: null, cover: null },
};

/** Hears how a run ends, and in what world. */
export type OnEnd = (end: string, world: World) => void;

export interface Rules {
  readonly protocol: Protocol;
  readonly conditions: Conditions;
  readonly onEnd?: OnEnd;
}

/** All that can happen next. */
export function toMoves(world: World, rules: Rules): readonly Move<World>[] {
  const { protocol, conditions } = rules;
  const { left, live } = world;
  return [
    ...(left.runs > 0 ? toStart(world, rules) : []),
    ...live.flatMap((each) => toSteps(world, each, rules)),
    ...toExpiries(world, rules),
    ...toHappenings(world, conditions, (each) => stepOf(protocol, each).isHot === true),
  ];
}

/** A run that begins, with its first step. */
function toStart(world: World, rules: Rules): readonly Move<World>[] {
  const { left, live } = world;
  const run: Run = { ...FRESH, id: rules.conditions.runs - left.runs + 1 };
  return toSteps({ ...world, left: { ...left, runs: left.runs - 1 }, live: [...live, run] }, run, rules);
}

function toSteps(world: World, run: Run, { protocol, conditions, onEnd }: Rules): readonly Move<World>[] {
  const step = stepOf(protocol, run);
  const says = `run ${run.id}: ${step.name}`;
  const toMove = (told: string, to: World, after: Run | string): Move<World> => {
    if (typeof after !== 'string') return { says: told, to: withRun(to, after) };
    onEnd?.(after, to);
    return { says: `${told} (${after})`, to: withoutRun(to, run) };
  };
  if (step.isGuarded && protocol.lease === 'checked' && !run.holdsLease) return [toMove(says, world, 'lease-busy')];
  return step.take({ world, run, protocol, conditions }).map((outcome) => {
    const after = toNext({ ...run, at: run.at + 1, ...outcome.run }, outcome, protocol);
    return toMove(outcome.says === undefined ? says : `${says}: ${outcome.says}`, outcome.world ?? world, after);
  });
}

/** The run at its next step, or how it ended. */
function toNext(run: Run, { go, end }: Outcome, protocol: Protocol): Run | string {
  if (end !== undefined) return end;
  const isOver = run.at >= (protocol.actions[run.action]?.length ?? 0);
  const action = go ?? (isOver ? protocol.decide(toKnown(run)) : run.action);
  const steps = protocol.actions[action];
  if (steps === undefined)
    throw new Error(`the model has no action "${action}": give it one in steps.ts beside this file`);
  if (steps.length === 0) return action;
  return go === undefined && !isOver ? run : { ...run, action, at: 0 };
}

function stepOf(protocol: Protocol, run: Run): Step {
  const step = protocol.actions[run.action]?.[run.at];
  if (step === undefined) throw new Error(`${run.action} has no step ${run.at}`);
  return step;
}

/** What the decision table is asked. */
export function toKnown({ flag, entry, trace, draft }: Run): Known {
  return {
    flag: flag ? 'true' : 'false',
    update: false,
    overwrite: false,
    entry: entry?.state ?? 'none',
    replacing: 'no',
    trace,
    source: 'same',
    draft,
  };
}

function toExpiries(world: World, { protocol: { lease }, conditions }: Rules): readonly Move<World>[] {
  if (conditions.weather === 'calm' || (lease !== 'expires' && lease !== 'checked')) return [];
  return world.live
    .filter(({ holdsLease }) => holdsLease)
    .map((run) => ({ says: `the lease of run ${run.id} expires`, to: withRun(world, { ...run, holdsLease: false }) }));
}
