// An article as a tree, for the stages that write it anew: how it is read, walked and printed; it knows no rule.
import { parseMarkup } from '../markup.ts';

export interface Element {
  /** Lower case, but as written inside SVG (`linearGradient`). Empty for the root. */
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Node[];
}

/** A text is a string of plain characters. */
export type Node = Element | string;

/** Where Chromium's parser stops to nest, too: deeper elements lose their tags and leave their content. */
const MAX_DEPTH = 512;
const VOID = setOf('area br col embed hr img input link meta param source track wbr');
const BLOCKS = setOf(
  'address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul',
);
const INLINE = setOf('a b code del em font i mark small span strong sub sup s u');
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\u00a0': '&nbsp;',
};

interface Open extends Element {
  readonly children: Node[];
}

/** Reads HTML as far as it goes; comments and declarations are left out. */
export async function parseTree(html: string): Promise<Element> {
  const root: Open = { tag: '', attributes: new Map(), children: [] };
  const path = [root];
  let svgDepth = 0;
  for (const piece of await parseMarkup(html)) {
    const parent = path.at(-1) ?? root;
    if (piece.kind === 'text') {
      appendText(parent.children, piece.text);
    } else if (piece.kind === 'open') {
      if (piece.name === 'svg') svgDepth += 1;
      const toName = (start: number, name: string): string =>
        svgDepth > 0 ? html.slice(start, start + name.length) : name;
      const attributes = new Map<string, string>();
      for (const { name, value, start } of piece.attributes) {
        const written = toName(start, name);
        if (!attributes.has(written)) attributes.set(written, value);
      }
      const child: Open = { tag: toName(piece.start + 1, piece.name), attributes, children: [] };
      const isTooDeep = path.length > MAX_DEPTH;
      if (!isTooDeep) parent.children.push(child);
      path.push(isTooDeep ? parent : child);
    } else if (piece.kind === 'close') {
      if (piece.name === 'svg') svgDepth -= 1;
      if (path.length > 1) path.pop();
    }
  }
  return root;
}

/** HTML of a tree; attributes in their order, nothing between tags that is not in the tree. */
export function printTree({ tag, attributes, children }: Element): string {
  const inner = children.map((child) =>
    typeof child === 'string' ? escapeText(child, /[&<>\u00a0]/g) : printTree(child),
  );
  if (tag === '') return inner.join('');
  const names = [...attributes].map(([name, value]) => ` ${name}="${escapeText(value, /[&<>"\u00a0]/g)}"`);
  const open = `<${tag}${names.join('')}>`;
  return VOID.has(tag) ? open : `${open}${inner.join('')}</${tag}>`;
}

export function isElement(node: Node | undefined): node is Element {
  return typeof node === 'object';
}

/** Starts a line of its own. */
export function isBlock(node: Node): node is Element {
  return isElement(node) && BLOCKS.has(node.tag);
}

/** Flows in a line, and is nothing without what it holds. */
export function isInline(node: Node): boolean {
  return isElement(node) && INLINE.has(node.tag);
}

/** White space that a browser collapses; a no-break space is none. */
export function isSpace(node: Node | undefined): node is string {
  return typeof node === 'string' && /^[ \t\r\n\f]*$/.test(node);
}

export function create(tag: string, attributes: Readonly<Record<string, string>>, children: readonly Node[]): Element {
  return { tag, attributes: new Map(Object.entries(attributes)), children };
}

/** The element with some attributes set, or taken away by null. */
export function withAttributes(element: Element, changes: Readonly<Record<string, string | null>>): Element {
  const attributes = new Map(element.attributes);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) attributes.delete(name);
    else attributes.set(name, value);
  }
  return { ...element, attributes };
}

/**
 * A new tree in which each element, from the leaves up, is replaced by what `change` returns: itself, or a list. SVG is
 * left as it is. Here and below, what does not change is not made anew: an article can have many elements.
 */
export function rewrite(root: Element, change: (element: Element) => Element | readonly Node[]): Element {
  return rewriteLists(root, ({ children }) => {
    const changed = children.map((child) => (typeof child === 'string' ? child : change(child)));
    return changed.every((child, at) => child === children[at]) ? children : changed.flat();
  });
}

/** The same for what lies in SVG too. */
export function rewriteEvery(root: Element, change: (element: Element) => Element): Element {
  const element = withChildren(root, (child) => rewriteEvery(child, change));
  return root.tag === '' ? element : change(element);
}

/**
 * A new tree in which each element's children, from the leaves up, are what `change` makes of them. Elements that
 * `isClosed` names are left as they are, with all they hold; SVG always is.
 */
export function rewriteLists(
  root: Element,
  change: (parent: Element) => readonly Node[],
  isClosed: (element: Element) => boolean = () => false,
): Element {
  if (root.tag === 'svg' || isClosed(root)) return root;
  const element = withChildren(root, (child) => rewriteLists(child, change, isClosed));
  const changed = change(element);
  if (changed === element.children) return element;
  const children: Node[] = [];
  for (const child of changed) {
    if (typeof child === 'string') appendText(children, child);
    else children.push(child);
  }
  return { ...element, children };
}

function withChildren(element: Element, change: (child: Element) => Element): Element {
  const children = element.children.map((child) => (typeof child === 'string' ? child : change(child)));
  return children.every((child, at) => child === element.children[at]) ? element : { ...element, children };
}

/** All text below a node. */
export function toText(node: Node): string {
  return typeof node === 'string' ? node : node.children.map(toText).join('');
}

/** Runs of neighbours of which `isPart` says the same. */
export function toRuns(nodes: readonly Node[], isPart: (node: Node) => boolean): readonly (readonly Node[])[] {
  const runs: Node[][] = [];
  let wasPart: boolean | null = null;
  for (const node of nodes) {
    const is = isPart(node);
    if (is !== wasPart) runs.push([]);
    runs.at(-1)?.push(node);
    wasPart = is;
  }
  return runs;
}

/** A parser gives a text with entities in parts, and a tag that leaves parts the text around it. */
function appendText(nodes: Node[], text: string): void {
  const last = nodes.at(-1);
  if (typeof last === 'string') nodes[nodes.length - 1] = last + text;
  else if (text !== '') nodes.push(text);
}

function escapeText(text: string, characters: RegExp): string {
  return text.replace(characters, (character) => ESCAPES[character] ?? '');
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
