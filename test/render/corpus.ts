// What the corpora share: the text that plain marked gives a reader, the named ways in which ours may differ, and what may not stand in the output.
import { Marked } from 'marked';
import { OUTPUT_ATTRS, OUTPUT_STYLES, STYLE_REFUSED } from '../../src/facts/markup.ts';
import { parseHtml } from '../../src/render/html.ts';
import { parseStyle } from '../../src/render/style.ts';
import {
  type Attrs,
  type Element,
  findElement,
  isBlock,
  isElement,
  joinTexts,
  type Node,
  printNodes,
  text,
} from '../../src/render/tree.ts';
import { toVisibleText } from '../../src/render/visible.ts';
import { readTheme, renderText } from './cases.ts';

/** Without any extension of ours. */
export const marked = new Marked({ gfm: true });
const THEME = readTheme('default');

/** A rule of ours that shows: its reason, and our text with its work taken back. */
export interface Difference {
  readonly why: string;
  readonly undo: (text: string) => string;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    why: 'links that WeChat refuses are numbered and listed at the end',
    undo: (text) => text.replace(/(?:^|\n)(?:注释与)?引用链接\n[\s\S]*$/, '').replace(/\[\d+\]/g, ''),
  },
  {
    why: 'lists that do not survive as lists have their markers as text',
    undo: (text) => text.replace(/^(?:[•◦–☐☑]|\d+\.|[a-z]+\.)(?:\s+|$)/gm, '').trim(),
  },
  {
    why: 'the title of an image that stands alone is its caption',
    undo: (text) => text.replace(/^(?:title|train & tracks)$/gm, '').trim(),
  },
];

export interface Outcome {
  readonly ours: string;
  /** What plain marked shows of the same text. */
  readonly theirs: string;
  /** The differences that had to be undone to make the two equal; null when that did not make them equal. */
  readonly undone: readonly string[] | null;
  /** Tags, attributes and styles in ours that facts/markup does not name, and what `faultsIn` finds. */
  readonly faults: readonly string[];
}

/** Renders Markdown with the default theme and lays its text beside that of plain marked. */
export async function compare(markdown: string): Promise<Outcome> {
  const { html } = await renderText(markdown, {}, THEME);
  const theirs = toVisibleText(breakLines(await marked.parse(markdown)));
  const ours = toVisibleText(html);
  const undone: string[] = [];
  let left = ours;
  for (const { why, undo } of DIFFERENCES) {
    if (left === theirs) break;
    const without = undo(left);
    if (without !== left) undone.push(why);
    left = without;
  }
  const page = parseHtml(html);
  const faults = [...strangersIn(page), ...page.flatMap((node) => faultsIn(node))];
  return { ours, theirs, undone: left === theirs ? undone : null, faults };
}

/** Our reader of text knows no `pre`, so its lines are broken for it. */
function breakLines(html: string): string {
  return html.replace(/<pre\b[\s\S]*?<\/pre>/g, (block) => block.replaceAll('\n', '<br>'));
}

/** Everything in the output that the tables of facts/markup do not allow. */
export function strangersIn(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((node): readonly string[] => {
    if (node.kind === 'text') return [];
    const allowed = Object.hasOwn(OUTPUT_ATTRS, node.tag) ? (OUTPUT_ATTRS[node.tag] ?? []) : null;
    const attrs = Object.keys(node.attrs).filter((name) => allowed?.includes(name) !== true);
    const styles = [...parseStyle(node.attrs['style'] ?? '')].filter(
      ([name, value]) => !Object.hasOwn(OUTPUT_STYLES, name) || STYLE_REFUSED.test(value),
    );
    return [
      ...(allowed === null ? [node.tag] : []),
      ...attrs.map((name) => `${node.tag} ${name}`),
      ...styles.map(([name, value]) => `${name}:${value}`),
      ...strangersIn(node.children),
    ];
  });
}

/** What WeChat's editor or reader would tear apart, and what could be written shorter, in a themed page. */
export function faultsIn(page: Node, parent: Element | null = null): readonly string[] {
  if (page.kind === 'text') return [];
  const { tag, attrs, children } = page;
  const style = parseStyle(attrs['style'] ?? '');
  const inner = children.flatMap((child) => faultsIn(child, page));
  const blocks = children.filter(isBlock);
  const faults: readonly (readonly [string, boolean])[] = [
    ['a block beside text', blocks.length > 0 && !children.every((child) => isBlock(child) || isElement(child, 'img'))],
    ['a block inside a line', blocks.length > 0 && !isBlock(page)],
    ['a block inside a paragraph', blocks.length > 0 && /^(?:p|h\d)$/.test(tag)],
    ['an item without its one wrapper', tag === 'li' && !(children.length === 1 && isElement(children[0], 'section'))],
    ['a list with more than items', /^[uo]l$/.test(tag) && !children.every((child) => isElement(child, 'li'))],
    ['a list inside a list', /^[uo]l$/.test(tag) && findElement({ ...page, tag: '' }, 'ul', 'ol') !== undefined],
    ['a list that starts elsewhere', tag === 'ol' && attrs['start'] !== undefined],
    ['a cell without alignment', /^t[hd]$/.test(tag) && !style.has('text-align')],
    [
      'a table without a frame that scrolls',
      tag === 'table' && !(parent?.attrs['style'] ?? '').includes('overflow-x:auto'),
    ],
    ['an image wider than its column', tag === 'img' && !(attrs['style'] ?? '').includes('max-width:100%;height:auto')],
    ['an empty mark', /^(?:span|strong|em|del|code|a|su[bp])$/.test(tag) && children.length === 0],
    ['a line end or a space that code loses', isCode(page) && /[\n ]/.test(children.map(ownText).join(''))],
    ['a long colour', /#([\da-f])\1([\da-f])\2([\da-f])\3(?![\da-f])|rgb\(|#[\da-f]*[A-F]/.test(attrs['style'] ?? '')],
    ['a long number', /(?:^|[^\d.#])0(?:px|em)|[^\d]0\.\d/.test(attrs['style'] ?? '')],
    ['an empty style', attrs['style'] === ''],
  ];
  return [...faults.filter(([, is]) => is).map(([what]) => `${what}: ${printNodes([page]).slice(0, 200)}`), ...inner];
}

/** A code block, whose lines are broken by tags. */
function isCode(node: Element): boolean {
  return node.tag === 'code' && (node.attrs['style'] ?? '').includes('white-space:nowrap');
}

function ownText(node: Node): string {
  return node.kind === 'text' ? node.value : node.children.map(ownText).join('');
}

/** HTML of the nodes as far as the specification means it: no white space that a browser would not show. */
export function toShape(nodes: readonly Node[]): string {
  return printNodes(simplify(nodes))
    .split(/(<pre>[\s\S]*?<\/pre>)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replace(/\s+/g, ' ')
            .replace(/ ?(<\/?(?:p|ul|ol|li|blockquote|h\d|hr|br|table|t[a-z]+|wx-task)\b[^>]*>) ?/g, '$1'),
    )
    .join('')
    .trim();
}

const COMPARED = ['href', 'src', 'start', 'class'];

function simplify(nodes: readonly Node[]): readonly Node[] {
  return joinTexts(
    nodes.map((node): Node => {
      if (node.kind === 'text') return text(node.value);
      const attrs: Attrs = Object.fromEntries(
        COMPARED.flatMap((name) => (node.attrs[name] === undefined ? [] : [[name, decode(node.attrs[name])]])),
      );
      return { ...node, attrs, children: simplify(node.children) };
    }),
  );
}

/** Which characters of an address are percent-encoded is a matter of printing. */
function decode(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}
