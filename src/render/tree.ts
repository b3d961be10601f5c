// The one node type of the renderer, how to walk it and how to print it; knows nothing of Markdown, themes or WeChat.
import type { Place } from '../facts/findings.ts';

export type Attrs = Readonly<Record<string, string>>;

export interface Element {
  readonly kind: 'element';
  /** Lower-case tag name. */
  readonly tag: string;
  readonly attrs: Attrs;
  readonly children: readonly Node[];
  /** Where it stands in the post's file; null for what the renderer adds itself. */
  readonly at: Place | null;
}

export interface Text {
  readonly kind: 'text';
  /** Plain characters, never escaped. */
  readonly value: string;
}

export type Node = Element | Text;

/** Whether nodes are blocks, or stand within a line. */
export type Level = 'block' | 'inline';

/** An attribute of the pictures and links whose file may lie in any folder of the project; it is not for WeChat. */
export const BY_NAME = 'by-name';

interface ElementOptions {
  readonly attrs?: Attrs;
  readonly at?: Place | null;
}

/** Most elements have none, and share it. */
const NO_ATTRS: Attrs = {};

export function element(tag: string, children: readonly Node[] = [], options: ElementOptions = {}): Element {
  return { kind: 'element', tag, attrs: options.attrs ?? NO_ATTRS, children, at: options.at ?? null };
}

export function text(value: string): Text {
  return { kind: 'text', value };
}

/** Is it an element, with one of the tags when some are given? */
export function isElement<Tag extends string>(
  node: Node | undefined,
  ...tags: readonly Tag[]
): node is Element & { readonly tag: Tag } {
  return node?.kind === 'element' && (tags.length === 0 || (tags as readonly string[]).includes(node.tag));
}

export function isBlank(node: Node): boolean {
  return node.kind === 'text' && !/\S/.test(node.value);
}

/** All text inside a node, in document order; a `<br>` counts as a line feed. */
export function toText(node: Node): string {
  if (node.kind === 'text') return node.value;
  if (node.tag === 'br') return '\n';
  let joined = '';
  for (const child of node.children) joined += toText(child);
  return joined;
}

/** The list with neighbouring texts made one and empty ones left out; itself when it is so already. */
export function joinTexts(nodes: readonly Node[]): readonly Node[] {
  if (areJoined(nodes)) return nodes;
  const joined: Node[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (node.kind !== 'text') joined.push(node);
    else if (last?.kind === 'text') joined[joined.length - 1] = text(last.value + node.value);
    else if (node.value !== '') joined.push(node);
  }
  return joined;
}

function areJoined(nodes: readonly Node[]): boolean {
  let isBehindText = false;
  for (const node of nodes) {
    const isText = node.kind === 'text';
    if (isText && (isBehindText || node.value === '')) return false;
    isBehindText = isText;
  }
  return true;
}

/** The first element with one of the tags, in document order. */
export function findElement(node: Node, ...tags: readonly string[]): Element | undefined {
  if (node.kind === 'text') return undefined;
  if (tags.includes(node.tag)) return node;
  for (const child of node.children) {
    const found = findElement(child, ...tags);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Calls for every element, in document order. */
export function forEachElement(nodes: readonly Node[], visit: (element: Element) => void): void {
  for (const node of nodes) {
    if (node.kind === 'text') continue;
    visit(node);
    forEachElement(node.children, visit);
  }
}

/** What may stand in a node's place: itself or another, any number of them, or none. */
export type Replacement = Node | readonly Node[];

/** The tree in which each element, its own children already rewritten, is replaced by what `change` returns. */
export function rewrite(root: Element, change: (element: Element) => Replacement): Element {
  const changeOne = (node: Node): Replacement => (node.kind === 'text' ? node : change(node));
  return rewriteLists(root, (children) => replaceNodes(children, changeOne));
}

/** The tree in which each list of siblings, from the leaves up, is replaced by what `change` returns. */
export function rewriteLists(
  root: Element,
  change: (children: readonly Node[], parent: Element) => readonly Node[],
): Element {
  const visit = (node: Node): Node => (node.kind === 'text' ? node : visitElement(node));
  const visitElement = (parent: Element): Element =>
    withChildren(parent, change(replaceNodes(parent.children, visit), parent));
  return visitElement(root);
}

/** The element with other children; itself when they are the same. */
export function withChildren(parent: Element, children: readonly Node[]): Element {
  return withParts(parent, parent.attrs, children);
}

/** The element with other attributes and children; itself when they are the same. */
export function withParts(parent: Element, attrs: Attrs, children: readonly Node[]): Element {
  if (attrs === parent.attrs && children === parent.children) return parent;
  const { kind, tag, at } = parent;
  return { kind, tag, attrs, children, at };
}

/** Attributes with another style, which stands last; without one when it is empty. */
export function withStyle(attrs: Attrs, style: string): Attrs {
  if (style === (attrs['style'] ?? '')) return attrs;
  const changed: Record<string, string> = {};
  for (const name in attrs) if (name !== 'style') changed[name] = attrs[name] ?? '';
  if (style !== '') changed['style'] = style;
  return changed;
}

/** The list with each node replaced; itself when none is: most passes change little. */
export function replaceNodes(nodes: readonly Node[], change: (node: Node) => Replacement): readonly Node[] {
  let copy: Replacement[] | null = null;
  let isFlat = true;
  let index = 0;
  for (const node of nodes) {
    const changed = change(node);
    if (changed !== node) {
      // As long as it will be, as a list that grows takes room for many more.
      copy ??= nodes.slice();
      copy[index] = changed;
      isFlat &&= 'kind' in changed;
    }
    index += 1;
  }
  if (copy === null) return nodes;
  return isFlat ? (copy as readonly Node[]) : copy.flat();
}

/** Elements that start a line of their own. Everything else flows inside a line. */
const BLOCK_TAGS = [
  ...(['section', 'p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'pre', 'hr'] as const),
  ...(['table', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'] as const),
  ...(['figure', 'figcaption', 'center', 'details', 'summary'] as const),
];
const BLOCKS: ReadonlySet<string> = new Set(BLOCK_TAGS);

export function isBlock(node: Node): node is Element & { readonly tag: (typeof BLOCK_TAGS)[number] } {
  return node.kind === 'element' && BLOCKS.has(node.tag);
}

/** A block that holds a line of text and no other block. */
export function isLeafBlock(node: Element): boolean {
  return isBlock(node) && node.tag !== 'hr' && !node.children.some(isBlock);
}

const VOID: ReadonlySet<string> = new Set(['br', 'hr', 'img']);
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\u00a0': '&nbsp;',
};

/** HTML of a list of nodes: attributes in the order they have, nothing between tags that is not in the tree. */
export function printNodes(nodes: readonly Node[]): string {
  let html = '';
  for (const node of nodes) html += printNode(node);
  return html;
}

function printNode(node: Node): string {
  if (node.kind === 'text') return node.value.replace(/[&<>\u00a0]/g, toEntity);
  const { tag, attrs, children } = node;
  let open = `<${tag}`;
  for (const name in attrs) open += ` ${name}="${attrs[name]?.replace(/[&<>"\u00a0]/g, toEntity)}"`;
  return VOID.has(tag) ? `${open}>` : `${open}>${printNodes(children)}</${tag}>`;
}

function toEntity(character: string): string {
  return ESCAPES[character] ?? '';
}
