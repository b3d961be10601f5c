// A theme's CSS written into the style attributes of the tree: compiled, and by juice, of which this is the one door, where it has pseudo-elements; reads no file.
import { createCascade } from './cascade.ts';
import type { CompiledCss } from './css.ts';
import type { Declaration } from './css-text.ts';
import { parseHtml } from './html.ts';
import { filterStyle } from './style.ts';
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
  readonly compiled?: CompiledCss;
}

/** The same tree with every matching declaration of the theme in a style attribute. What a node says itself wins. */
export type InlineTheme = (tree: Element) => Element;

/** Prepares a theme; the returned function is pure. juice is loaded for a theme with pseudo-elements. */
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
  const { compiled = await compileTheme(theme) } = theme;
  const dressTree = createCascade(compiled.rules);
  if (compiled.pseudoCss === '') return dressTree;
  const addPseudos = await loadJuice(compiled.pseudoCss);
  return (tree) => addPseudos(dressTree(tree));
}

/** The theme's rules, and what of it only juice knows. */
export async function compileTheme(theme: Theme): Promise<CompiledCss> {
  const { compileCss } = await import('./css.ts');
  const { rules, pseudoCss } = compileCss(toPlainCss(theme));
  // What is lost in the end would only crowd the rest out of a style, and a browser would take what was said before.
  return {
    rules: rules.map(({ compound, declarations }) => ({ compound, declarations: declarations.filter(isKept) })),
    pseudoCss,
  };
}

function isKept({ name, value }: Declaration): boolean {
  return filterStyle(new Map([[name, value]])).size > 0;
}

/** The theme's CSS and its code's, without variables. */
export function toPlainCss({ css, codeCss, vars }: Theme): string {
  return resolveVars(`${css}\n${codeCss}`, vars);
}

/** A theme by juice alone: what makes pseudo-elements real, and the reference that compiled themes must equal. */
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

/** juice throws for some CSS that no browser would mind; such CSS dresses nothing. */
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
