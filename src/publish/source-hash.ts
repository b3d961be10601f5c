// Two hashes of a post: what a reader would notice (source hash), and the bytes without the flag (snapshot).
import { maskFlag } from '../article/flag.ts';
import { sha256 } from '../local/cache.ts';
import type { ReadPost } from './read.ts';

/**
 * Changes when a reader could notice: fields, body, theme, settings of the page, source images. Not with encoded bytes,
 * the renderer's version or resolved links, so that a laptop and a CI runner agree.
 */
export function toSourceHash(read: ReadPost, images: ReadonlyMap<string, string>, coverSource: string): string {
  const { fields, theme, settings, at } = read;
  const parts = [
    ['title', fields.title],
    ['author', fields.author],
    ['digest', fields.digest],
    ['sourceUrl', fields.sourceUrl],
    ['comments', fields.comments],
    ['body', read.post.body.replace(/\r\n?/g, '\n').replace(/\s+$/, '')],
    ['theme', [theme.name, sha256(theme.css), sha256(theme.codeCss), Object.entries(theme.vars).sort()]],
    ['codeTheme', at.config.codeTheme],
    [
      'page',
      [
        settings.caption,
        settings.placeholders,
        settings.links,
        settings.compact,
        at.config.siteUrl,
        at.config.permalink,
        // Posts that were sent before there was such a setting are what they were.
        ...(settings.breaks ? ['breaks'] : []),
      ],
    ],
    ['images', read.page.images.map((image) => images.get(image.src) ?? image.src)],
    ['cover', coverSource],
  ];
  return sha256(JSON.stringify(parts).normalize('NFC'));
}

/** sha256 of the post's bytes with the flag's value masked. */
export function toSnapshot(bytes: Uint8Array): string {
  return sha256(maskFlag(bytes));
}

/** The snapshot of the bytes, and of the same text with the other ends of lines: git checks it out as a computer likes it. */
export function toSnapshots(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes).toString('latin1');
  const lines = text.replace(/\r\n/g, '\n');
  const all = new Set([text, lines, lines.replace(/\n/g, '\r\n')]);
  return [...all].map((each) => toSnapshot(Buffer.from(each, 'latin1')));
}
