// What a pass is, what passes may know about the run, and how they name an address; no pass knows another.
import type { Place, Report } from '../facts/findings.ts';
import type { DrawMath } from './math.ts';
import type { Element, Node } from './tree.ts';

export interface PageSettings {
  /** What stands under an image that the author gave no caption line: its title, its title or alt text, or nothing. */
  readonly caption: 'title' | 'alt' | 'off';
  /** What becomes of a forgotten placeholder such as （此处应配图：…）. */
  readonly placeholders: 'warn' | 'drop' | 'error';
  /** Links WeChat refuses become numbered notes at the end, or only their text. */
  readonly links: 'notes' | 'text';
  /** A line end in a paragraph is a line break, as many site generators and Obsidian have it. */
  readonly breaks: boolean;
  /** Leaves out the styles that a reader's phone inherits anyway, for posts near WeChat's limit of length. */
  readonly compact: boolean;
}

/** An image that is where WeChat can see it. */
export interface PlacedImage {
  readonly url: string;
  /** px */
  readonly width: number;
  /** px */
  readonly height: number;
}

/** A diagram as a post holds it; its place is that of the line that opens the block. */
export interface Diagram extends Place {
  /** Stands for its picture among the images: a name that no file can have, and the same wherever it is drawn. */
  readonly key: string;
  readonly source: string;
}

/** What a theme's custom properties ask of the structure, which no style can make. */
export interface Look {
  /** Three dots over each block of code. */
  readonly hasDots: boolean;
  /** Numbers before the lines of code, where a block says nothing of them. */
  readonly hasNumbers: boolean;
}

export interface PassContext {
  readonly title: string | null;
  readonly settings: PageSettings;
  readonly images: ReadonlyMap<string, PlacedImage>;
  readonly links: ReadonlyMap<string, string>;
  readonly footnotes: ReadonlyMap<string, readonly Node[]>;
  readonly look: Look;
  /** Every tag that the post's Markdown or HTML makes, notes included. */
  readonly tags: ReadonlySet<string>;
  /** Code as coloured nodes; null when the language is not known. */
  readonly highlight: (code: string, language: string) => readonly Node[] | null;
  /** Formulas as drawings, to be asked for in their order. */
  readonly drawMath: DrawMath;
  readonly meetDiagram: (diagram: Diagram) => void;
  readonly report: Report;
}

/** One change of the whole tree, given its root `section`. */
export type Pass = (root: Element, context: PassContext) => Element;

/** An address as a finding may show it: never its query. */
export function toShownUrl(href: string): string {
  return href.replace(/[?#].*$/s, '').slice(0, 200);
}
