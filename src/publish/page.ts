// Shows a post that was read and prepared on its preview page; the page itself is made in preview/.
import { byPlace } from '../facts/findings.ts';
import { writePage } from '../preview/file.ts';
import type { PageWords } from '../preview/page.ts';
import type { Prepared } from './prepare.ts';
import type { ReadPost } from './read.ts';
import { toSource } from './source.ts';

/** Writes the page of a post that was read and prepared. */
export function showPost(read: ReadPost, prepared: Prepared, words: PageWords) {
  const { at, post, fields, theme, settings, links } = read;
  const findings = [...read.findings, ...prepared.findings].sort(byPlace);
  const source = toSource(post);
  const place = { home: at.place.home, path: at.path, slug: post.slug };
  const body = prepared.body.map(({ src, image }) => ({ ...image, src }));
  return writePage(
    { ...fields, ...place, source, theme, settings, links, findings },
    { body, cover: prepared.cover.jpeg },
    words,
  );
}
