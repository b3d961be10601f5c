// Writes a post's page to .wxsync/preview/, with the pictures as they would be sent: the only thing a dry run ever writes.
import { join } from 'node:path';
import { type Finding, finding } from '../facts/findings.ts';
import { sha256 } from '../local/cache.ts';
import { errorCode, makeUnseenFolder, writeFileAtomic } from '../local/files.ts';
import { type PageSettings, type PlacedImage, type RenderSource, render } from '../render/render.ts';
import type { Theme } from '../render/theme.ts';
import { type PageWords, toPage } from './page.ts';

/** Where a picture from the network would stand: a quiet box, since a rehearsal without a network has none. */
const toRemoteBox = (words: PageWords) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 240" width="640" height="240"><rect width="640" height="240" fill="#ececec"/><text x="320" y="128" font-size="22" fill="#777" text-anchor="middle" font-family="sans-serif">${words.say('page.remote')}</text></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
};

export interface PagePost {
  /** Where `.wxsync` lies. */
  readonly home: string;
  /** Relative to it. */
  readonly path: string;
  readonly slug: string;
  readonly title: string;
  readonly author: string | null;
  readonly digest: string | null;
  readonly source: RenderSource;
  readonly theme: Theme;
  readonly settings: PageSettings;
  /** Where links to other posts lead. */
  readonly links: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** A fitted picture to be inlined. */
export interface PagePicture {
  readonly src: string;
  readonly bytes: Uint8Array;
  readonly format: 'jpg' | 'png' | 'gif';
  readonly width: number;
  readonly height: number;
}

export interface WrittenPage {
  /** Relative to the home folder, `/`-separated; null when it could not be written. */
  readonly path: string | null;
  readonly findings: readonly Finding[];
}

/** `.wxsync/preview/<slug>-<6 hex of the post's path>.html`; a disk that cannot be written is a warning. */
export async function writePage(
  post: PagePost,
  pictures: { readonly body: readonly PagePicture[]; readonly cover: Uint8Array },
  words: PageWords,
): Promise<WrittenPage> {
  const article = await toInlinedArticle(post, pictures.body, words);
  const cover = toDataUri({ format: 'jpg', bytes: pictures.cover });
  const page = toPage({ ...post, ...article, cover, words });
  const name = post.slug.replace(/[\\/:*?"<>|\u0000-\u001f]/g, '-').slice(0, 80);
  const path = `.wxsync/preview/${name}-${sha256(post.path).slice(0, 6)}.html`;
  try {
    await makeUnseenFolder(post.home, '.wxsync/preview');
    await writeFileAtomic(join(post.home, path), page);
    return { path, findings: [] };
  } catch (error) {
    const detail = errorCode(error);
    return { path: null, findings: [finding('preview-not-written', { line: 1, column: 1 }, { detail })] };
  }
}

/** The very HTML that WeChat would get; only then each address is replaced by the picture itself. */
async function toInlinedArticle(
  { source, theme, settings, links }: PagePost,
  pictures: readonly PagePicture[],
  words: PageWords,
): Promise<{ readonly html: string; readonly chars: number; readonly opening: string }> {
  const images = new Map<string, PlacedImage>();
  const inlined = new Map<string, string>();
  for (const { src, bytes, format, width, height } of pictures) {
    const url = `https://mmbiz.qpic.cn/mmbiz_${format}/preview-${sha256(bytes).slice(0, 16)}/640`;
    images.set(src, { url, width, height });
    inlined.set(url, toDataUri({ format, bytes }));
  }
  const { html, opening } = await render(source, { theme, settings, links, images });
  const inlinedHtml = html.replace(
    /https:\/\/mmbiz\.qpic\.cn\/mmbiz_\w+\/preview-\w+\/640/g,
    (url) => inlined.get(url) ?? url,
  );
  const shown = inlinedHtml.replace(
    /(<img\b[^>]*? src=")(?!data:)[^"]*"/g,
    (_, start: string) => `${start}${toRemoteBox(words)}"`,
  );
  return { html: shown, chars: html.length, opening };
}

/** A picture inside of a page. */
export function toDataUri({ format, bytes }: Pick<PagePicture, 'format' | 'bytes'>): string {
  return `data:image/${format === 'jpg' ? 'jpeg' : format};base64,${Buffer.from(bytes).toString('base64')}`;
}
