// Gathers what check's own rules look at: the outline, and the header of each picture; decodes nothing, fetches nothing.

import { lintPost, type PictureFacts, type RemotePicture } from '../check/lint-rules.ts';
import { readOutline } from '../check/outline.ts';
import { type Finding, finding } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import type { BrowserSetting } from '../images/browser.ts';
import { type ImageRoots, type LocalSource, readImage, readImageHead } from '../images/find.ts';
import { isWholeHead, probeImage } from '../images/probe.ts';
import { showReference } from '../images/reference.ts';
import { render } from '../render/render.ts';
import type { Seen } from './read.ts';
import { toSource } from './source.ts';

/** Findings of the rules that publishing does not hold; of pictures only headers are judged. */
export async function lookCloser(
  seen: Seen,
  { ci, where }: { readonly ci: boolean; readonly where: BrowserSetting },
): Promise<readonly Finding[]> {
  const { at, post, page, settings, sources, roots } = seen;
  const findings: Finding[] = [];
  if (page.diagrams.length > 0) {
    const { foreseeDiagrams } = await import('./diagrams.ts');
    findings.push(...(await foreseeDiagrams(page.diagrams, where)));
  }
  const pictures = new Map<string, PictureFacts>();
  const unlisted: RemotePicture[] = [];
  const told = new Set<string>();
  for (const { src, line, column } of [...(seen.cover === null ? [] : [seen.cover]), ...page.images]) {
    if (told.has(src)) continue;
    told.add(src);
    const source = sources.get(src);
    const place = { src: showReference(src), line, column };
    if (source?.kind === 'remote') {
      const host = new URL(source.url).hostname;
      if (!at.config.images.allowHosts.includes(host)) unlisted.push({ ...place, host });
    }
    if (source?.kind !== 'file' && source?.kind !== 'data') continue;
    const read = await probeFile(source, roots);
    if (!read.ok) {
      findings.push(finding(read.code, place, { src: place.src, ...read.args }));
      continue;
    }
    const { format = null, width = null, height = null, animated = false } = read.facts ?? {};
    pictures.set(src, { ...place, bytes: read.size, format, width, height, animated });
  }
  const outline = await readOutline(toSource(post));
  const cover = pictures.get(seen.cover?.src ?? '') ?? null;
  const images = page.images.map((each) => ({ ...each, src: showReference(each.src) }));
  const linted = {
    post,
    settings,
    outline,
    images,
    pictures: [...pictures.values()],
    cover,
    unlisted,
    lengths: { now: page.html.length, compact: await measureCompact(seen) },
    ci,
  };
  return [...findings, ...lintPost(linted)];
}

/** Bytes in which a picture's header lies, but for the rare one that is read whole. */
const HEAD = 65_536;

async function probeFile(source: LocalSource, roots: ImageRoots) {
  const head = await readImageHead(source, roots, HEAD);
  if (!head.ok) return head;
  const facts = probeImage(head.bytes);
  if (head.bytes.length === head.size || isWholeHead(head.bytes, facts)) return { ...head, facts };
  const whole = await readImage(source, roots);
  return whole.ok ? { ...whole, size: whole.bytes.length, facts: probeImage(whole.bytes) } : whole;
}

/** The length of a long article without the styles that are inherited; null when it is not long, or has none of them. */
async function measureCompact({ post, page, links, settings, theme }: Seen): Promise<number | null> {
  if (settings.compact || page.html.length <= LIMITS.contentNear.value) return null;
  const source = toSource(post);
  const { html } = await render(source, { theme, links, settings: { ...settings, compact: true } });
  return html.length;
}
