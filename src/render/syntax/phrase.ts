// Marks that stand inside plain text, found by one pattern each, and how they are put in the place of it; knows no parser.
import { type Node, text } from '../tree.ts';

/** A small syntax of its own. */
export interface Phrase {
  /** Stands in a post that may hold one; looking for it costs next to nothing. */
  readonly sign: RegExp;
  /** Global. */
  readonly pattern: RegExp;
  /** What a match stands for; null when it is only text after all. */
  readonly toNodes: (match: RegExpExecArray) => readonly Node[] | null;
}

/** Plain text with all phrases of all kinds in it replaced. */
export function readPhrases(value: string, phrases: readonly Phrase[]): readonly Node[] {
  return phrases.reduce<readonly Node[]>(
    (nodes, phrase) => nodes.flatMap((node) => (node.kind === 'text' ? replaceIn(node.value, phrase) : [node])),
    [text(value)],
  );
}

function replaceIn(value: string, { pattern, toNodes }: Phrase): readonly Node[] {
  const nodes: Node[] = [];
  let done = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(value); match !== null; match = pattern.exec(value)) {
    const found = toNodes(match);
    if (found === null) continue;
    nodes.push(text(value.slice(done, match.index)), ...found);
    done = match.index + match[0].length;
  }
  return done === 0 ? [text(value)] : [...nodes, text(value.slice(done))];
}
