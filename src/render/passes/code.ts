// Colours code blocks and writes their spaces and line ends as characters that survive, since WeChat collapses both.
import { finding } from '../../facts/findings.ts';
import type { PassContext } from '../pass.ts';
import {
  type Element,
  element,
  findElement,
  isBlock,
  isElement,
  joinTexts,
  type Node,
  rewrite,
  text,
} from '../tree.ts';

/** Columns of a tab stop. */
const TAB = 4;

/** Words after the fence that name no language and deserve no finding. */
const PLAIN: ReadonlySet<string> = new Set([
  '',
  'text',
  'txt',
  'plain',
  'plaintext',
  'none',
  'mermaid',
  'console',
  'output',
]);

export function colourCode(root: Element, { highlight, report }: PassContext): Element {
  return rewrite(root, (block) => {
    if (block.tag !== 'pre') return block;
    const source = toTabStops(block.children.map(toSource).join(''));
    const language = toLanguage(block);
    const coloured = PLAIN.has(language) ? null : highlight(source, language);
    if (coloured === null && !PLAIN.has(language) && block.at !== null) {
      report(finding('language-unknown', block.at, { language: language.slice(0, 40) }));
    }
    const lines = joinWords(keepSpaces(joinTexts(coloured ?? [text(source)]))).flatMap(breakLines);
    return element('pre', [element('code', lines)], { at: block.at });
  });
}

/** The language of a code block in the tree; '' when it names none. */
export function toLanguage(block: Element): string {
  return findElement(block, 'code')?.attrs['class']?.replace('language-', '') ?? '';
}

/** The characters of a block's inside; a block that raw HTML left in it starts a line. */
function toSource(node: Node): string {
  if (node.kind === 'text') return node.value;
  if (node.tag === 'br') return '\n';
  const inner = node.children.map(toSource).join('');
  return isBlock(node) ? `\n${inner}` : inner;
}

function toTabStops(source: string): string {
  if (!source.includes('\t')) return source;
  return source
    .split('\n')
    .map((line) => {
      const [first = '', ...cells] = line.split('\t');
      return cells.reduce((done, cell) => done + ' '.repeat(TAB - (done.length % TAB)) + cell, first);
    })
    .join('\n');
}

/** White space between two coloured words would be dropped: it moves into the word before it, else the one behind. */
function keepSpaces(nodes: readonly Node[]): readonly Node[] {
  const kept: Node[] = [];
  let pending = '';
  for (const node of nodes) {
    const last = kept.at(-1);
    if (node.kind === 'text' && node.value.trim() === '') {
      if (isElement(last)) kept[kept.length - 1] = { ...last, children: joinTexts([...last.children, node]) };
      else pending = node.value;
    } else if (pending === '') kept.push(node);
    else {
      kept.push(
        node.kind === 'text' ? text(pending + node.value) : { ...node, children: [text(pending), ...node.children] },
      );
      pending = '';
    }
  }
  return pending === '' ? kept : [...kept, text(pending)];
}

/** Neighbours of one kind, now that the space between them belongs to the first, as one. */
function joinWords(nodes: readonly Node[]): readonly Node[] {
  const groups: { readonly first: Node; readonly children: Node[] }[] = [];
  for (const node of nodes) {
    const group = groups.at(-1);
    const isSame = isElement(node) && isElement(group?.first) && node.attrs['class'] === group.first.attrs['class'];
    if (isSame) group?.children.push(...node.children);
    else groups.push({ first: node, children: node.kind === 'element' ? [...node.children] : [] });
  }
  return groups.map(({ first, children }) => (isElement(first) ? { ...first, children: joinTexts(children) } : first));
}

function breakLines(node: Node): readonly Node[] {
  if (node.kind === 'element') {
    // A highlighter marks even what is not there, such as the parameters of `f()`.
    const children = joinTexts(node.children).flatMap(breakLines);
    return children.length === 0 ? [] : [{ ...node, children }];
  }
  if (!/[ \n]/.test(node.value)) return [node];
  return node.value.split('\n').flatMap((line, index): readonly Node[] => {
    const content = text(line.replaceAll(' ', '\u00a0'));
    return index === 0 ? [content] : [element('br'), content];
  });
}
