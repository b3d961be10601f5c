// The nodes that stand for a site generator's tag: a picture, a link, words, or nothing; knows no parser.
import { finding, type Place, type Report } from '../../facts/findings.ts';
import { type Attrs, BY_NAME, element, type Level, type Node, text, toText } from '../tree.ts';
import type { Tag, TagPicture } from './template-meaning.ts';

interface TagPlace {
  readonly at: Place;
  /** The picture's, already read. */
  readonly caption: readonly Node[];
  /** Among words a picture cannot have a line of its own under it. */
  readonly level: Level;
  readonly report: Report;
}

export function toTagNodes({ picture, link, words }: Tag, place: TagPlace): readonly Node[] {
  if (picture !== null) return toPicture(picture, place);
  if (link !== null) {
    const attrs: Attrs = link.byName ? { href: link.href, [BY_NAME]: '' } : { href: link.href };
    return [element('a', [text(link.words)], { attrs, at: place.at })];
  }
  if (words === null) return [];
  return [words.as === null ? text(words.text) : element(words.as, [text(words.text)], { at: place.at })];
}

export function toPicture(picture: TagPicture, { at, caption, level, report }: TagPlace): readonly Node[] {
  const { src, alt, width, link } = picture;
  if (link !== '') report(finding('link-dropped', at, { url: link.replace(/[?#].*$/s, '').slice(0, 200) }));
  const title = caption.length > 0 && level === 'inline' ? caption.map(toText).join('').trim() : picture.title;
  const attrs: Attrs = {
    src,
    alt,
    ...(title === '' ? {} : { title }),
    ...(width === '' ? {} : { style: `width:${width}` }),
  };
  const image = element('img', [], { attrs, at });
  if (caption.length === 0 || level === 'inline') return [image];
  return [element('figure', [image, element('figcaption', caption, { at })], { at })];
}
