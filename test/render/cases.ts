// Renders Markdown for tests: themes from the themes folder, settings from a first-line comment, HTML with line ends.
import { readdirSync, readFileSync } from 'node:fs';
import {
  type PageSettings,
  type PlacedImage,
  type RenderOptions,
  type RenderSource,
  render,
  type WechatHtml,
} from '../../src/render/render.ts';
import type { Theme } from '../../src/render/theme.ts';

export const SETTINGS: PageSettings = {
  caption: 'title',
  placeholders: 'warn',
  links: 'notes',
  breaks: false,
  compact: false,
};
export const NO_THEME: Theme = { name: 'none', css: '', codeCss: '', vars: {} };

const themes = new URL('../../themes/', import.meta.url);

/** Names of the themes or code themes in a folder of `themes/`. */
export function listCss(path: '' | 'code/'): readonly string[] {
  const files = readdirSync(new URL(`./${path}`, themes)).filter(
    (file) => file.endsWith('.css') && file !== 'base.css',
  );
  return files.map((file) => file.replace(/\.css$/, '')).sort();
}

export function readTheme(name: string | null, code = 'default'): Theme {
  if (name === null) return NO_THEME;
  const read = (path: string): string => readFileSync(new URL(path, themes), 'utf8');
  return { name, css: `${read('base.css')}\n${read(`${name}.css`)}`, codeCss: read(`code/${code}.css`), vars: {} };
}

export interface CaseOptions {
  readonly title?: string;
  readonly dialect?: 'markdown' | 'mdx';
  readonly settings?: Partial<PageSettings>;
  readonly images?: Readonly<Record<string, PlacedImage>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
}

/** Renders with settings given, all others as a new project has them. */
export async function renderText(markdown: string, options: CaseOptions = {}, theme = NO_THEME): Promise<WechatHtml> {
  const given = toGiven(markdown, options);
  return await render(given.source, { ...given.options, theme: { ...theme, vars: options.vars ?? theme.vars } });
}

/** What the renderer is given, but for the theme. */
export function toGiven(markdown: string, options: CaseOptions = {}) {
  const source: RenderSource = {
    markdown,
    firstLine: 1,
    title: options.title ?? null,
    dialect: options.dialect ?? 'markdown',
  };
  const given: Omit<RenderOptions, 'theme'> = {
    settings: { ...SETTINGS, ...options.settings },
    images: new Map(Object.entries(options.images ?? {})),
    links: new Map(Object.entries(options.links ?? {})),
  };
  return { source, options: given };
}

/** The settings that a case names in its first line. */
export function readOptions(markdown: string): CaseOptions {
  return JSON.parse(/^<!-- (\{.*\}) -->\n/.exec(markdown)?.[1] ?? '{}');
}

export interface Case {
  /** File name of the Markdown. */
  readonly name: string;
  readonly markdown: string;
  readonly options: CaseOptions;
}

const folder = new URL('../cases/', import.meta.url);

/** Every pair of test/cases. */
export function readCases(): readonly Case[] {
  const names = readdirSync(folder).filter((file) => file.endsWith('.md'));
  return names.sort().map((name) => {
    const markdown = readFileSync(new URL(name, folder), 'utf8');
    return { name, markdown, options: readOptions(markdown) };
  });
}

/** The post of examples/. */
export const SAMPLE = readPost('../../examples/blog/content/zh/2026-trade.md');
/** A post with every element that the renderer knows. */
export const SPECIMEN = readPost('../fixtures/specimen.md');

function readPost(path: string): Case {
  const file = readFileSync(new URL(path, import.meta.url), 'utf8');
  return { name: path, markdown: file.replace(/^---\n[\s\S]*?\n---\n/, ''), options: {} };
}

/** The golden form of a case: a line for each block, then a comment for each finding. */
export async function renderCase(markdown: string, theme: Theme): Promise<string> {
  const { html, findings } = await renderText(markdown, readOptions(markdown), theme);
  const lines = html.replace(/(?!^)<(?:section|p|h\d|ul|ol|li|table|tr|th|td|hr|img)\b/g, '\n$&');
  const remarks = findings.map(
    ({ line, column, severity, code, args }) =>
      `<!-- ${line}:${column} ${severity} ${code} ${JSON.stringify(args)} -->\n`,
  );
  return `${lines}\n${remarks.join('')}`;
}

/** The HTML inside the outermost section. */
export async function renderInner(markdown: string, options: CaseOptions = {}): Promise<string> {
  const { html } = await renderText(markdown, options);
  return html.replace(/^<section>(.*)<\/section>$/s, '$1');
}
