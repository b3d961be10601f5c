// Colours code blocks and writes their spaces and line ends as characters that survive, since WeChat collapses both.
import { finding } from '../../facts/findings.ts';
import { frameCode } from '../code-frame.ts';
import { splitLines } from '../code-text.ts';
import type { PassContext } from '../pass.ts';
import { type Fence, readFence } from '../syntax/fence.ts';
import { readMarks } from '../syntax/line-marks.ts';
import { type Element, element, findElement, isBlock, joinTexts, type Node, rewrite, text } from '../tree.ts';

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

export function colourCode(root: Element, context: PassContext): Element {
  return rewrite(root, (block) => (block.tag === 'pre' ? toBlock(block, context) : block));
}

function toBlock(block: Element, { highlight, look, report }: PassContext): Element {
  const fence = readFence(block.attrs['info'] ?? '');
  const { code, marks } = readMarks(toTabStops(block.children.map(toSource).join('')), fence);
  const language = toLanguage(block);
  const coloured = PLAIN.has(language) ? null : colour(code, { fence, language, highlight });
  if (coloured === null && !PLAIN.has(language) && block.at !== null) {
    report(finding('language-unknown', block.at, { language: language.slice(0, 40) }));
  }
  return frameCode(coloured ?? [text(code)], { code, fence, marks, look, at: block.at });
}

interface Colouring {
  readonly fence: Fence;
  readonly language: string;
  readonly highlight: PassContext['highlight'];
}

/** The signs of a diff in a language stand before its lines, and are no part of them. */
function colour(code: string, { fence, language, highlight }: Colouring): readonly Node[] | null {
  if (!fence.isDiff || language === 'diff') return highlight(code, language);
  const lines = code.split('\n');
  const coloured = highlight(lines.map((line) => line.slice(1)).join('\n'), language);
  if (coloured === null) return null;
  return splitLines(joinTexts(coloured)).flatMap((nodes, index): readonly Node[] => {
    const sign = lines[index]?.charAt(0) ?? '';
    const name = sign === '+' ? 'hljs-addition' : sign === '-' ? 'hljs-deletion' : '';
    const first = name === '' ? text(sign) : element('span', [text(sign)], { attrs: { class: name } });
    return [...(index === 0 ? [] : [text('\n')]), first, ...nodes];
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
