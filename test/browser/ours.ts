// What wxsync itself makes, as articles for the browser: every golden, the sample post and the specimen, in any theme.
import { readdirSync, readFileSync } from 'node:fs';
import { parsePost } from '../../src/article/post.ts';
import { listThemes, loadTheme } from '../../src/local/themes.ts';
import type { PlacedImage, RenderSource } from '../../src/render/render.ts';
import type { Theme } from '../../src/render/theme.ts';
import { renderText } from '../render/cases.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root));
const listNames = (folder: string, end: string) =>
  readdirSync(new URL(folder, root)).flatMap((name) => (name.endsWith(end) ? [name.slice(0, -end.length)] : []));

export const THEMES: readonly string[] = listThemes();
export const CODE_THEMES: readonly string[] = listNames('themes/code/', '.css');
export const GOLDENS: readonly string[] = listNames('test/cases/', '.md');

export function readTheme(name: string, codeTheme = 'default'): Promise<Theme> {
  return loadTheme({ name, codeTheme, vars: {}, root: '/', trusted: true });
}

/** A post of the repository, without its front matter. */
export async function readSource(path: string): Promise<RenderSource> {
  const { post } = await parsePost({ bytes: read(path), path });
  if (post === null) throw new Error(path);
  return { markdown: post.body, firstLine: post.firstLine, title: post.title };
}

/** Natural sizes that pictures have in turn: wider than any screen, between phone and desktop, and small. */
const SIZES: readonly (readonly [number, number])[] = [
  [1200, 675],
  [520, 390],
  [160, 120],
];

/** The article as it would be sent. */
export async function renderOurs({ markdown, title }: RenderSource, theme: Theme): Promise<string> {
  const options = JSON.parse(/^<!-- (\{.*\}) -->\n/.exec(markdown)?.[1] ?? '{}');
  const given = { ...options, ...(title === null ? {} : { title }) };
  const { images } = await renderText(markdown, given, theme);
  const { html } = await renderText(markdown, { ...given, images: { ...place(images), ...options.images } }, theme);
  return html;
}

function place(images: readonly { readonly src: string }[]): Readonly<Record<string, PlacedImage>> {
  return Object.fromEntries(
    images.map(({ src }, index) => {
      const [width, height] = SIZES[index % SIZES.length] ?? [1, 1];
      return [src, { url: `http://mmbiz.qpic.cn/mmbiz_png/${width}x${height}/640?wx_fmt=png`, width, height }];
    }),
  );
}

export async function renderGolden(name: string, theme: Theme): Promise<string> {
  const markdown = new TextDecoder().decode(read(`test/cases/${name}.md`));
  return renderOurs({ markdown, firstLine: 1, title: null }, theme);
}
