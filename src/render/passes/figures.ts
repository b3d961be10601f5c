// Makes an image that stands alone a figure, with the line under it as its caption, as Chinese posts write 图源 lines.
import { finding } from '../../facts/findings.ts';
import { type PageSettings, type PassContext, toShownUrl } from '../pass.ts';
import {
  type Element,
  element,
  findElement,
  isBlank,
  isBlock,
  isElement,
  type Node,
  rewriteLists,
  text,
  toText,
} from '../tree.ts';

/** Longer text under an image is no caption. */
const MAX_CAPTION = 120;

/** How a line begins that calls itself a caption: 图：…, 图 1-2：…, 图源：…, （摄影：…）, Figure 3: … */
const CAPTION = new RegExp(
  '^[（(【[]?(?:[图圖](?:片|表|像|注|註|说|說)?(?:来源|來源|源)?|来源|來源|[摄攝]影|供[图圖]|figure|fig\\.?|photo|source)' +
    '\\s*(?:\\d+(?:[-–.]\\d+)*|[一二三四五六七八九十]+)?\\s*[：:｜|]\\s*\\S',
  'iu',
);

/**
 * The caption is the `<center>`, `<small>` or `<figcaption>` line right under the image, or one that calls itself a
 * caption: the author wrote it to be read, so it wins over title and alt and stays even when captions are off. Without one, settings.caption decides.
 */
export function makeFigures(root: Element, { settings, report }: PassContext): Element {
  return rewriteLists(root, (children, parent) => {
    if (parent.tag === 'figure') return captionFigure(children, settings);
    const made: Node[] = [];
    for (let index = 0; index < children.length; index += 1) {
      const child = children[index];
      if (child === undefined) continue;
      const found = readPicture(child);
      if (found === null) {
        made.push(markPictured(child));
        continue;
      }
      for (const { at, attrs } of found.links) {
        report(finding('link-dropped', at ?? { line: 1, column: 1 }, { url: toShownUrl(attrs['href'] ?? '') }));
      }
      const below = found.caption ?? (index + 1 < children.length ? readCaption(children[index + 1]) : null);
      if (found.caption === null && below !== null) index += 1;
      made.push(
        ...found.images.map((image, at) => toFigure(image, at === found.images.length - 1 ? below : null, settings)),
      );
    }
    return made;
  });
}

/** A paragraph that a picture begins is no place for the indent of a first line: the picture is as wide as the column. */
function markPictured(node: Node): Node {
  if (
    !isElement(node, 'p') ||
    !isElement(
      node.children.find((child) => !isBlank(child)),
      'img',
    )
  )
    return node;
  return { ...node, attrs: { ...node.attrs, class: 'pictured' } };
}

interface Picture {
  readonly images: readonly Element[];
  /** Links round an image: WeChat would refuse them, and the picture is what counts. */
  readonly links: readonly Element[];
  readonly caption: readonly Node[] | null;
}

/** A paragraph (or centred block) of nothing but images, and perhaps a small line under them. */
function readPicture(node: Node): Picture | null {
  if (!isElement(node, 'p', 'center', 'section')) return null;
  const parts = node.children.flatMap((child): readonly Node[] => {
    if (isBlank(child) || isElement(child, 'br')) return [];
    return isPictureLink(child) ? child.children : [child];
  });
  const images = parts.filter((part) => isElement(part, 'img'));
  const rest = parts.slice(images.length);
  if (images.length === 0 || parts.slice(0, images.length).some((part) => !isElement(part, 'img'))) return null;
  const links = node.children.filter(isPictureLink);
  if (rest.length === 0) return { images, links, caption: null };
  const below = node.children.slice(
    node.children.findLastIndex((child) => findElement(child, 'img') !== undefined) + 1,
  );
  const caption = rest.length === 1 && isElement(rest[0], 'center', 'small') ? readCaption(rest[0]) : readLine(below);
  return caption === null ? null : { images, links, caption };
}

function isPictureLink(node: Node): node is Element & { readonly tag: 'a' } {
  return isElement(node, 'a') && toText(node).trim() === '';
}

function readCaption(node: Node | undefined): readonly Node[] | null {
  if (node === undefined || node.kind === 'text' || findElement(node, 'img', 'table', 'ul', 'ol') !== undefined)
    return null;
  const length = toText(node).trim().length;
  if (length === 0 || length > MAX_CAPTION) return null;
  const inner = node.children.filter((child) => !isBlank(child));
  if (isElement(node, 'p') && CAPTION.test(toText(node).trim())) return readLine([text('\n'), ...node.children]);
  const isSmall = isElement(node, 'p') && inner.length === 1 && isElement(inner[0], 'small', 'center');
  const caption = isSmall || isElement(node, 'center', 'small', 'figcaption') ? unwrap(node) : null;
  return caption?.some(isBlock) === true ? null : caption;
}

/** A line right under the image, within its paragraph, that calls itself a caption; slanted or not. */
function readLine(below: readonly Node[]): readonly Node[] | null {
  const [first] = below;
  const isNewLine = isElement(first, 'br') || (first?.kind === 'text' && /^[ \t]*\n/.test(first.value));
  const words = below.map(toText).join('').trim();
  if (!isNewLine || words.length > MAX_CAPTION || words.includes('\n') || !CAPTION.test(words)) return null;
  const line = below.filter((child) => !isBlank(child) && !isElement(child, 'br'));
  if (line.some((child) => isBlock(child) || findElement(child, 'img') !== undefined)) return null;
  const [only] = line;
  return line.length === 1 && isElement(only, 'em') ? only.children : line;
}

/** The text of a caption without the tags that only said “small and centred”. */
function unwrap(node: Element): readonly Node[] {
  return node.children.flatMap((child, index) => {
    if (!isElement(child, 'center', 'small', 'p')) return [child];
    return index > 0 && isBlock(child) ? [element('br'), ...unwrap(child)] : unwrap(child);
  });
}

function toFigure(image: Element, caption: readonly Node[] | null, settings: PageSettings): Element {
  return element('figure', [image, ...toCaption(image, caption, settings)], { at: image.at });
}

function toCaption(image: Element, written: readonly Node[] | null, settings: PageSettings): readonly Node[] {
  const { title = '', alt = '' } = image.attrs;
  const spoken = settings.caption === 'off' ? '' : title || (settings.caption === 'alt' ? alt : '');
  const content = written ?? (spoken.trim() === '' ? [] : [text(spoken.trim())]);
  return content.length === 0 ? [] : [element('figcaption', content)];
}

/** A figure the author wrote as HTML: its images as they are, its figcaption or none. */
function captionFigure(children: readonly Node[], settings: PageSettings): readonly Node[] {
  const flat = children.flatMap((child) => (isElement(child, 'figure', 'p', 'a') ? child.children : [child]));
  const images = flat.filter((child) => isElement(child, 'img'));
  const image = images.at(-1);
  if (image === undefined) return children;
  const written = flat.find((child) => isElement(child, 'figcaption'));
  const others = flat.filter((child) => child !== written && child.kind === 'element' && child.tag !== 'img');
  return [
    ...images,
    ...toCaption(image, written === undefined ? null : unwrap(written as Element), settings),
    ...others,
  ];
}
