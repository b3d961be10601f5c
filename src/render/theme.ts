// A theme's CSS written into the style attributes of the tree: compiled, or by juice, of which this is the one door; reads no file.
import { createCascade } from './cascade.ts';
import type { Rule } from './css.ts';
import { parseHtml } from './html.ts';
import { resolveVars } from './theme-vars.ts';
import { type Element, element, findElement, isElement, type Node } from './tree.ts';

export interface Theme {
  readonly name: string;
  /** base.css and then the theme's own CSS. */
  readonly css: string;
  /** CSS for highlight.js's class names. */
  readonly codeCss: string;
  /** Values for the theme's custom properties, such as `--wx-primary`; they win over those in its `:root`. */
  readonly vars: Readonly<Record<string, string>>;
  /** What `compileTheme` gives, where it is known already. */
  readonly rules?: readonly Rule[] | null;
}

/** The same tree with every matching declaration of the theme in a style attribute. What a node says itself wins. */
export type InlineTheme = (tree: Element) => Element;

/** Prepares a theme; the returned function is pure. juice is loaded for CSS that asks for more than is compiled here. */
export async function loadTheme(theme: Theme): Promise<InlineTheme> {
  const key = [theme.css, theme.codeCss, JSON.stringify(theme.vars)].join('\0');
  const known = prepared.get(key) ?? prepare(theme);
  if (prepared.size >= MAX_PREPARED) prepared.clear();
  prepared.set(key, known);
  return known;
}

/** Many posts of one run share few themes. */
const prepared = new Map<string, Promise<InlineTheme>>();
const MAX_PREPARED = 16;

async function prepare(theme: Theme): Promise<InlineTheme> {
  const { rules = await compileTheme(theme) } = theme;
  return rules === null ? loadJuice(toPlainCss(theme)) : createCascade(rules);
}

/** The theme's rules from the weakest to the strongest; null when it asks for more than is compiled here. */
export async function compileTheme(theme: Theme): Promise<readonly Rule[] | null> {
  const { compileCss } = await import('./css.ts');
  return compileCss(toPlainCss(theme));
}

/** The theme's CSS and its code's, without variables. */
export function toPlainCss({ css, codeCss, vars }: Theme): string {
  return resolveVars(`${css}\n${codeCss}`, vars);
}

/** The reference that compiled themes must equal. */
export async function loadJuice(css: string): Promise<InlineTheme> {
  const { default: juice } = await import('juice');
  return (tree) => {
    // juice sees tags, classes and styles only, so nothing an author wrote can confuse it.
    const elements: Element[] = [];
    const html = inlineForgivingly(juice, printSkeleton(tree, elements), css);
    const styled = findElement(element('', parseHtml(html, { xml: true })), tree.tag);
    return styled === undefined ? tree : dress(styled, elements);
  };
}

/** juice throws for some CSS that no browser would mind; such a theme dresses nothing, and `theme check` says why. */
function inlineForgivingly(juice: typeof import('juice'), html: string, css: string): string {
  try {
    return juice.inlineContent(html, css, { inlinePseudoElements: true, xmlMode: true });
  } catch {
    return html;
  }
}

/** XML of the tags, classes and styles alone, each element numbered by its place in `elements`. */
function printSkeleton(node: Element, elements: Element[]): string {
  const { class: name = '', style = '' } = node.attrs;
  const start = `<${node.tag} n="${elements.push(node) - 1}" class="${escapeAttr(name)}" style="${escapeAttr(style)}">`;
  const inner = node.children.map((child) => (child.kind === 'text' ? '' : printSkeleton(child, elements)));
  return `${start}${inner.join('')}</${node.tag}>`;
}

function escapeAttr(value: string): string {
  return value.replace(/[&<>"]/g, '');
}

/** The element that `styled` numbers, with its style; those without a number are the theme's own, before and after. */
function dress(styled: Element, elements: readonly Element[]): Element {
  const original = elements[Number(styled.attrs['n'])];
  if (original === undefined) return styled;
  const { style: _, ...attrs } = original.attrs;
  const style = styled.attrs['style'] ?? '';
  const inner = styled.children.filter((child) => isElement(child));
  const dressed = inner.filter((child) => child.attrs['n'] !== undefined).map((child) => dress(child, elements));
  // A picture of the theme's would be one that nobody looked at.
  const isAdded = (child: Element | undefined): child is Element =>
    child !== undefined && child.attrs['n'] === undefined && child.tag !== 'img';
  const before = isAdded(inner[0]) ? [inner[0]] : [];
  const last = inner.at(-1);
  const after = isAdded(last) && last !== before[0] ? [last] : [];
  let next = 0;
  const children = original.children.map((child): Node => (child.kind === 'text' ? child : (dressed[next++] ?? child)));
  return {
    ...original,
    attrs: style === '' ? attrs : { ...attrs, style },
    children: [...before, ...children, ...after],
  };
}
