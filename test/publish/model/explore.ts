// Searches all states that moves lead to; it knows nothing of what the states mean.

export interface Move<State> {
  /** What happens, for a trace. */
  readonly says: string;
  readonly to: State;
}

export interface Space<State> {
  readonly starts: readonly State[];
  /** States with the same key have the same future. */
  readonly toKey: (state: State) => string;
  readonly toMoves: (state: State) => readonly Move<State>[];
  /** What is wrong with a state, given whether no move leads on; null when nothing is. */
  readonly findFault: (state: State, isLast: boolean) => string | null;
}

export interface Found<State> {
  /** The nearest first; after a fault only those that were met until then. */
  readonly states: readonly State[];
  /** The nearest one, with a shortest way to it. */
  readonly fault: { readonly what: string; readonly trace: readonly string[] } | null;
}

interface Node<State> {
  readonly state: State;
  readonly parent: number;
  readonly says: string;
  readonly next: number[];
}

const MAX_STATES = 2_000_000;

/** Breadth first, until a fault or until nothing new is left. Throws when the space has no end within reason. */
export function explore<State>({ starts, toKey, toMoves, findFault }: Space<State>): Found<State> {
  const nodes: Node<State>[] = [];
  const met = new Map<string, number>();
  const meet = (state: State, parent: number, says: string): number => {
    const key = toKey(state);
    const known = met.get(key);
    if (known !== undefined) return known;
    met.set(key, nodes.length);
    return nodes.push({ state, parent, says, next: [] }) - 1;
  };
  const toFound = (what: string | null, index: number): Found<State> => ({
    states: nodes.map(({ state }) => state),
    fault: what === null ? null : { what, trace: toTrace(nodes, index) },
  });
  for (const start of starts) meet(start, -1, '');
  for (const [index, { state, next }] of nodes.entries()) {
    const moves = toMoves(state);
    const what = findFault(state, moves.length === 0);
    if (what !== null) return toFound(what, index);
    for (const { says, to } of moves) next.push(meet(to, index, says));
    if (nodes.length > MAX_STATES) throw new Error(`more than ${MAX_STATES} states: bound the world`);
  }
  const turn = findCircle(nodes);
  return toFound(turn === -1 ? null : 'it may go on for ever', turn);
}

function toTrace<State>(nodes: readonly Node<State>[], index: number): readonly string[] {
  const node = nodes[index];
  return node === undefined || node.parent === -1 ? [] : [...toTrace(nodes, node.parent), node.says];
}

/** A node that a circle leads to; -1 when there is none. Nodes that nothing leads to are taken away until none is left. */
function findCircle<State>(nodes: readonly Node<State>[]): number {
  const ways = new Uint32Array(nodes.length);
  for (const { next } of nodes) for (const each of next) ways[each] = (ways[each] ?? 0) + 1;
  const free = [...ways.keys()].filter((index) => ways[index] === 0);
  for (const index of free) {
    for (const each of nodes[index]?.next ?? []) {
      ways[each] = (ways[each] ?? 0) - 1;
      if (ways[each] === 0) free.push(each);
    }
  }
  return ways.findIndex((count) => count > 0);
}
