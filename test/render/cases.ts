// Renders Markdown for tests: themes from the themes folder, settings from a first-line comment, HTML with line ends.
import { readFileSync } from 'node:fs';
import { type PageSettings, type PlacedImage, render, type WechatHtml } from '../../src/render/render.ts';
import type { Theme } from '../../src/render/theme.ts';

export const SETTINGS: PageSettings = { caption: 'title', placeholders: 'warn', links: 'notes', compact: false };
export const NO_THEME: Theme = { name: 'none', css: '', codeCss: '', vars: {} };

const themes = new URL('../../themes/', import.meta.url);

export function readTheme(name: string | null): Theme {
  if (name === null) return NO_THEME;
  const read = (path: string): string => readFileSync(new URL(path, themes), 'utf8');
  return { name, css: `${read('base.css')}\n${read(`${name}.css`)}`, codeCss: read('code/default.css'), vars: {} };
}

interface CaseOptions {
  readonly title?: string;
  readonly settings?: Partial<PageSettings>;
  readonly images?: Readonly<Record<string, PlacedImage>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
}

/** Renders with settings given, all others as a new project has them. */
export async function renderText(markdown: string, options: CaseOptions = {}, theme = NO_THEME): Promise<WechatHtml> {
  return await render(
    { markdown, firstLine: 1, title: options.title ?? null },
    {
      theme: { ...theme, vars: options.vars ?? theme.vars },
      settings: { ...SETTINGS, ...options.settings },
      images: new Map(Object.entries(options.images ?? {})),
      links: new Map(Object.entries(options.links ?? {})),
    },
  );
}

/** The golden form of a case: a line for each block, then a comment for each finding. */
export async function renderCase(markdown: string, theme: Theme): Promise<string> {
  const options: CaseOptions = JSON.parse(/^<!-- (\{.*\}) -->\n/.exec(markdown)?.[1] ?? '{}');
  const { html, findings } = await renderText(markdown, options, theme);
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
