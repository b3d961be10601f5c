// Removes line ends inside Chinese sentences, which a browser would show as spaces, and spaces that it would not show.
import { type Element, isBlock, type Node, replaceNodes, rewriteLists, text, withChildren } from '../tree.ts';

const CJK =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\u3000-\u303f\uff01-\uffee\u{20000}-\u{3ffff}]/u;
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
  return node.tag === 'code' || node.tag === 'img' || node.tag === 'wx-task' ? 'x' : null;
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
    const left = lastCharacter(value.slice(0, at) === '' ? before : value.slice(Math.max(0, at - 2), at));
    const rest = value.slice(at + found.length, at + found.length + 2);
    const right = firstCharacter(rest === '' ? after : rest);
    const joins = (CJK.test(left) && (CJK.test(right) || SHARED.test(right))) || (SHARED.test(left) && CJK.test(right));
    return joins ? '' : ' ';
  });
}

function firstCharacter(value: string): string {
  const code = value.trimStart().codePointAt(0);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function lastCharacter(value: string): string {
  return [...value.trimEnd()].at(-1) ?? '';
}
