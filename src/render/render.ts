// A post's Markdown to the HTML that WeChat keeps, as one list of passes; touches no file, network or clock.
import { byPlace, type Finding, type Place, type Report } from '../facts/findings.ts';
import { loadHighlight } from './highlight.ts';
import { parseMarkdown } from './markdown.ts';
import { type DrawMath, loadMath } from './math.ts';
import type { Dialect } from './mdx-extensions.ts';
import type { Diagram, Look, PageSettings, Pass, PassContext, PlacedImage } from './pass.ts';
import { makeAlerts } from './passes/alerts.ts';
import { markAsides } from './passes/asides.ts';
import { separateBlocks } from './passes/blocks.ts';
import { finishCards } from './passes/cards.ts';
import { colourCode, toLanguage } from './passes/code.ts';
import { writeContents } from './passes/contents.ts';
import { MERMAID, placeDiagrams } from './passes/diagrams.ts';
import { makeFigures } from './passes/figures.ts';
import { placeImages } from './passes/images.ts';
import { settleStyles } from './passes/leaf-styles.ts';
import { breakLines } from './passes/line-breaks.ts';
import { joinLines } from './passes/line-ends.ts';
import { rebuildLists } from './passes/lists.ts';
import { liftCards } from './passes/lone-cards.ts';
import { drawFormulas } from './passes/math.ts';
import { makeNotes } from './passes/notes.ts';
import { chooseParts } from './passes/parts.ts';
import { handlePlaceholders } from './passes/placeholders.ts';
import { frameTables, HINT_LINES } from './passes/tables.ts';
import { dropTitle } from './passes/title.ts';
import { sanitize } from './sanitize.ts';
import { loadTheme, type Theme } from './theme.ts';
import { readVars } from './theme-vars.ts';
import { BY_NAME, type Element, element, forEachElement, type Node, printNodes } from './tree.ts';
import { toLines } from './visible.ts';

export type { Diagram, PageSettings, PlacedImage } from './pass.ts';

export interface RenderSource {
  /** The body, without front matter. */
  readonly markdown: string;
  /** 1-based line in the file of the body's first line. */
  readonly firstLine: number;
  /** The post's title; a first heading that repeats it is dropped. */
  readonly title: string | null;
  /** Whose Markdown it is; `markdown` when not given. */
  readonly dialect?: Dialect;
}

export interface RenderOptions {
  readonly theme: Theme;
  readonly settings: PageSettings;
  /** The author's `src`, or a diagram's key, to where the image is now. Without an entry the `src` stays, or the code. */
  readonly images?: ReadonlyMap<string, PlacedImage>;
  /** The author's relative `href` to the address of that post. */
  readonly links?: ReadonlyMap<string, string>;
}

export interface ImageReference extends Place {
  /** As the author wrote it, entities decoded. */
  readonly src: string;
  readonly alt: string;
  /** Written as in Obsidian, where the name is enough: it may lie in any folder of the project. */
  readonly byName?: true;
  /** It stands on a mini-program's card, and says what that is about. */
  readonly onCard?: true;
}

/** The picture that stands for the whole post when none is named. */
export function findLeadImage(images: readonly ImageReference[]): ImageReference | null {
  return images.find(({ onCard }) => onCard !== true) ?? null;
}

export interface WechatHtml {
  /** One `section` with inline styles only. */
  readonly html: string;
  /** What a reader sees: a line for each block. */
  readonly text: string;
  /** The first 54 characters of that, without what only says how to read a table: to be sent. */
  readonly digest: string;
  /** The same as WeChat itself cuts them. */
  readonly opening: string;
  /** In document order, repeated ones too; line and column of the file. */
  readonly images: readonly ImageReference[];
  /** The diagrams that may be drawn, in document order; none of them is among the images. */
  readonly diagrams: readonly Diagram[];
  /** In the order of their places. */
  readonly findings: readonly Finding[];
}

const STRUCTURE: readonly Pass[] = [
  chooseParts,
  only(['iframe', 'mp-common-profile', 'mp-miniprogram'], liftCards),
  dropTitle,
  only(['wx-contents'], writeContents),
  separateBlocks,
  handlePlaceholders,
  only(['pre'], placeDiagrams),
  only(['img'], makeFigures),
  only(['blockquote'], makeAlerts),
  only(['em'], markAsides),
  only(['a', 'wx-note'], makeNotes),
  breakLines,
  joinLines,
  only(['ul', 'ol', 'wx-contents'], rebuildLists),
  only(['wx-math'], drawFormulas),
  only(['table', 'th', 'td'], frameTables),
  only(['pre', 'wx-math'], colourCode),
];
const WECHAT: readonly Pass[] = [only(['iframe', 'mp-miniprogram'], finishCards), settleStyles, sanitize];

/** A pass for posts that hold one of the tags; but for the code of a broken formula, no other pass makes any. */
function only(tags: readonly string[], pass: Pass): Pass {
  return (root, context) => (tags.some((tag) => context.tags.has(tag)) ? pass(root, context) : root);
}

/** Characters WeChat takes for a digest when none is given; developers.weixin.qq.com, draft/add. */
const DIGEST = 54;

/**
 * Renders a post. Nothing in a post makes it throw: what is wrong with it is among the findings.
 *
 * @throws only what a theme's CSS makes juice throw
 */
export async function render(source: RenderSource, options: RenderOptions): Promise<WechatHtml> {
  const findings: Finding[] = [];
  const { tree, context, diagrams } = await parsePost(source, options, (finding) => void findings.push(finding));
  const inlineTheme: Pass = await loadTheme(options.theme);
  const images = findImages(tree, new Set(diagrams.map(({ key }) => key)));
  const page = run(tree, [only(['img'], placeImages), inlineTheme, ...WECHAT], context);

  const text = toLines([page]);
  const digest = cut(text.replace(HINT_LINES, ''));
  findings.sort(byPlace);
  return { html: printNodes([page]), text, digest, opening: cut(text), images, diagrams, findings };
}

function cut(text: string): string {
  // A character may be two units of the text, and nothing behind the last one is looked at.
  return [...text.slice(0, 2 * DIGEST).replaceAll('\n', ' ')].slice(0, DIGEST).join('').trim();
}

export interface ParsedPost {
  /** The page as a theme sees it: HTML's own tags and the classes that themes/base.css names. */
  readonly tree: Element;
  readonly context: PassContext;
  readonly diagrams: readonly Diagram[];
}

/** The first half of `render`: everything that is done before a theme's styles. */
export async function parsePost(
  source: RenderSource,
  options: Omit<RenderOptions, 'theme'> & { readonly theme?: Theme },
  report: Report,
): Promise<ParsedPost> {
  const { root, footnotes: notes } = await parseMarkdown(source, report);
  // A note stands apart until it is numbered; what holds for the post's parts and blocks holds for its own.
  const footnotes = new Map(
    [...notes].map(([label, content]) => [
      label,
      separateBlocks(liftCards(chooseParts(element('section', content)))).children,
    ]),
  );
  const { tags, languages } = survey([root, ...[...footnotes.values()].flat()]);
  const diagrams: Diagram[] = [];
  const context: PassContext = {
    title: source.title,
    settings: options.settings,
    images: options.images ?? new Map(),
    links: options.links ?? new Map(),
    footnotes,
    highlight: await loadHighlight(languages),
    drawMath: tags.has('wx-math') ? await loadMath() : NO_MATH,
    look: options.theme === undefined ? PLAIN_LOOK : readLook(options.theme),
    // What a diagram becomes is a picture as others are.
    tags: languages.has(MERMAID) ? new Set([...tags, 'img']) : tags,
    meetDiagram: (diagram) => void diagrams.push(diagram),
    report,
  };
  return { tree: run(root, STRUCTURE, context), context, diagrams };
}

const PLAIN_LOOK: Look = { hasDots: false, hasNumbers: false };

function readLook({ css, vars: given }: Theme): Look {
  const vars = readVars(css, given);
  return { hasDots: vars.get('--wx-dots') === 'shown', hasNumbers: vars.get('--wx-numbers') === 'shown' };
}

const NO_MATH: DrawMath = () => ({ is: 'too-much' });

function run(tree: Element, passes: readonly Pass[], context: PassContext): Element {
  return passes.reduce((changed, pass) => pass(changed, context), tree);
}

/** The tags of a post, and the languages of its code. */
function survey(nodes: readonly Node[]): {
  readonly tags: ReadonlySet<string>;
  readonly languages: ReadonlySet<string>;
} {
  const tags = new Set<string>();
  const languages = new Set<string>();
  forEachElement(nodes, (node) => {
    tags.add(node.tag);
    if (node.tag === 'pre') languages.add(toLanguage(node));
  });
  return { tags, languages };
}

/** But those whose `src` is left out. */
function findImages(root: Element, without: ReadonlySet<string>): readonly ImageReference[] {
  const images: ImageReference[] = [];
  const ofCards = new Set<Node>();
  forEachElement([root], (node) => {
    const { tag, attrs, at } = node;
    if (tag === 'mp-miniprogram') for (const child of node.children) ofCards.add(child);
    const { src = '', alt = '' } = attrs;
    if (tag !== 'img' || without.has(src)) return;
    const how = attrs[BY_NAME] === undefined ? {} : ({ byName: true } as const);
    const where = ofCards.has(node) ? ({ onCard: true } as const) : {};
    images.push({ src, alt, ...how, ...where, ...(at ?? { line: 1, column: 1 }) });
  });
  return images;
}
