// Removes line ends inside Chinese sentences, which a browser would show as spaces, and spaces that it would not show.
import { type Element, isBlock, type Node, replaceNodes, rewriteLists, text, withChildren } from '../tree.ts';

const CJK =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\u3000-\u303f\uff01-\uff9f\uffe0-\uffe6\u{20000}-\u{3ffff}]/u;
/** Of those the punctuation that is as wide as a character: it holds its own space, whatever stands on its other side. */
const FULL_WIDTH =
  /[\u3000-\u3003\u3008-\u3020\u3030\ufe30-\ufe4f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe0-\uffe6]/;
/** Korean parts its words by spaces, so a line end there is one. */
const HANGUL = /\p{scx=Hangul}/u;
/** Punctuation both scripts share; beside a Chinese character it is Chinese. */
const SHARED = /[“”‘’…—·]/;

export function joinLines(root: Element): Element {
  return rewriteLists(root, (children, parent) =>
    isBlock(parent) && parent.tag !== 'pre' && children.some(hasWork) ? joinIn(children) : children,
  );
}

/** Any white space but a single space between two words: all else stays as it is. */
const WORK = /[\t\n]| {2}|^ | $/;

function hasWork(node: Node): boolean {
  if (node.kind === 'text') return WORK.test(node.value);
  return !isBlock(node) && standIn(node) === null && node.children.some(hasWork);
}

/** Line ends of the inline text of one block, whatever marks stand between. */
function joinIn(children: readonly Node[]): readonly Node[] {
  const pieces = children.flatMap(collect);
  let index = 0;
  const change = (node: Node): Node => {
    if (node.kind === 'text') {
      const before = pieces.slice(Math.max(0, index - 3), index).join('');
      const after = pieces.slice(index + 1, index + 4).join('');
      index += 1;
      const joined = joinText(node.value, before, after);
      return joined === node.value ? node : text(joined);
    }
    if (isBlock(node)) return node;
    if (standIn(node) !== null) {
      index += 1;
      return node;
    }
    return withChildren(node, replaceNodes(node.children, change));
  };
  return replaceNodes(children, change);
}

/** What an element that is left alone counts as beside a line end; null for one whose text is like any other. */
function standIn(node: Element): string | null {
  if (node.tag === 'br' || node.tag === 'sup') return '';
  return node.tag === 'code' || node.tag === 'img' || node.tag === 'wx-task' || node.tag === 'wx-math' ? 'x' : null;
}

function collect(node: Node): readonly string[] {
  if (node.kind === 'text') return [node.value];
  if (isBlock(node)) return [];
  const alone = standIn(node);
  return alone === null ? node.children.flatMap(collect) : [alone];
}

function joinText(value: string, before: string, after: string): string {
  return value.replace(/[ \t\n]+/g, (found, at: number) => {
    if ((at === 0 && before === '') || (at + found.length === value.length && after === '')) return '';
    if (!found.includes('\n')) return ' ';
    const left = readSide(
      [...(value.slice(0, at) === '' ? before : value.slice(Math.max(0, at - NEAR), at))].reverse(),
    );
    const rest = value.slice(at + found.length, at + found.length + NEAR);
    const right = readSide([...(rest === '' ? after : rest)]);
    return needsNoSpace(left, right) || needsNoSpace(right, left) ? '' : ' ';
  });
}

/** Characters that are looked at on each side of a line end. */
const NEAR = 12;

type Side = 'chinese' | 'full-width' | 'shared' | 'korean' | 'other';

/** What stands beside a line end, given the characters from there on. Shared punctuation is as Chinese as its words. */
function readSide(characters: readonly string[]): Side {
  const words = characters.filter((character) => character.trim() !== '');
  const [nearest = ''] = words;
  if (SHARED.test(nearest)) {
    const word = words.find((character) => !SHARED.test(character)) ?? '';
    return CJK.test(word) && !isKorean(word) ? 'chinese' : 'shared';
  }
  if (FULL_WIDTH.test(nearest)) return 'full-width';
  if (isKorean(nearest)) return 'korean';
  return CJK.test(nearest) ? 'chinese' : 'other';
}

function isKorean(character: string): boolean {
  return HANGUL.test(character) && !FULL_WIDTH.test(character);
}

function needsNoSpace(side: Side, other: Side): boolean {
  if (side === 'full-width') return other !== 'korean';
  return side === 'chinese' && (other === 'chinese' || other === 'shared');
}
