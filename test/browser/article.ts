// Lays articles out in Chromium as WeChat's reader does, at its three widths, and tells what stands where; judges nothing.
import type { Page } from 'playwright-core';

/** CSS pixels: WeChat's editor, its reader on a desktop, and a phone. */
export const WIDTHS = [585, 677, 375] as const;

export interface Line {
  /** Relative to the article's left edge. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A box at one width; all in CSS pixels. */
export interface Screen {
  /** Of the article. */
  readonly column: number;
  /** Relative to the article's left edge. */
  readonly left: number;
  readonly right: number;
  readonly height: number;
  /** Where the text stands that is directly in this box. */
  readonly lines: readonly Line[];
  readonly clientWidth: number;
  readonly scrollWidth: number;
  readonly clientHeight: number;
  readonly scrollHeight: number;
}

interface Raw {
  readonly tag: string;
  readonly attrs: Readonly<Record<string, string>>;
  /** Text directly in it, without white space. */
  readonly ownText: string;
  /** The text of everything in it, the same way. */
  readonly text: string;
  readonly display: string;
  readonly overflowX: string;
  readonly overflowY: string;
  readonly fontSize: number;
  /** What its style attribute asks for, as the browser reads it: colours are `rgb()`; null where it says nothing. */
  readonly ink: string | null;
  readonly ground: string | null;
  readonly gradient: string | null;
  /** One for each of `WIDTHS`. */
  readonly screens: readonly Screen[];
}

export interface Box extends Raw {
  readonly parent: Box | null;
  readonly children: readonly Box[];
}

/** Every element of an article in document order; the first is the article itself. */
export type Article = readonly Box[];

/** What WeChat's own stylesheet does to an article: github.com/wechatjs/verify-article-structure-spec and mp-darkmode. */
export const READER_CSS = `
  body { margin: 0 }
  .rich_media_content { position: absolute; left: 0; top: 0; overflow: hidden; font: 17px/1.6 sans-serif;
    letter-spacing: .034em; text-align: justify; color: rgba(0, 0, 0, .9) }
  .rich_media_content * { max-width: 100% !important; box-sizing: border-box !important;
    word-wrap: break-word !important }
  .rich_media_content img { height: auto !important }`;

/** Lays out each article by itself; a picture is as large as its `data-w` and `data-ratio` say, without any request. */
export async function layOut(page: Page, articles: readonly string[]): Promise<readonly Article[]> {
  await page.setContent(`<style>${READER_CSS}</style><div class="rich_media_content"></div>`);
  const all: Article[] = [];
  for (const html of articles) {
    const found = await page.evaluate<readonly (Raw & { readonly above: number })[]>(
      `(${MEASURE})(${JSON.stringify(html)}, ${JSON.stringify(WIDTHS)})`,
    );
    all.push(toArticle(found));
  }
  return all;
}

function toArticle(found: readonly (Raw & { readonly above: number })[]): Article {
  const boxes: (Box & { readonly children: Box[] })[] = [];
  for (const { above, ...raw } of found) {
    const parent = boxes[above] ?? null;
    const box = { ...raw, parent, children: [] };
    (parent?.children as Box[] | undefined)?.push(box);
    boxes.push(box);
  }
  return boxes;
}

/** Runs in the page, so it is text: the types of a browser are not those of the project. */
const MEASURE = `async (html, widths) => {
  const article = document.querySelector('.rich_media_content');
  const blank = /[\\s\\u200b\\u00a0]/g;
  // Read apart from the page, so that nothing is asked for before it is replaced.
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  for (const image of parsed.querySelectorAll('img')) {
    const width = Number(image.dataset.w) || 1;
    const height = width * (Number(image.dataset.ratio) || 1);
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="' + width + '" height="' + height + '"/>';
    image.src = 'data:image/svg+xml,' + encodeURIComponent(svg);
  }
  for (const other of parsed.querySelectorAll('iframe, script, link, video, audio, source')) other.removeAttribute('src');
  article.replaceChildren(...parsed.body.childNodes);
  await Promise.all([...article.querySelectorAll('img')].map((image) => image.decode()));
  const elements = [article, ...article.querySelectorAll('*')];
  const places = new Map(elements.map((element, index) => [element, index]));
  const measure = (element, column, edge) => {
    const box = element.getBoundingClientRect();
    const toLine = ({ left, right, top, bottom }) => ({ left: left - edge, right: right - edge, top, bottom });
    const lines = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim() !== '').flatMap((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()].filter(({ width }) => width > 0).map(toLine);
    });
    const { clientWidth, scrollWidth, clientHeight, scrollHeight } = element;
    return { column, left: box.left - edge, right: box.right - edge, height: box.height, lines, clientWidth, scrollWidth,
      clientHeight, scrollHeight };
  };
  const found = elements.map((element) => {
    const seen = getComputedStyle(element);
    const asked = element.style;
    const own = [...element.childNodes].filter((node) => node.nodeType === 3).map(({ data }) => data).join('');
    const hasGround = asked.background !== '' || asked.backgroundColor !== '' || asked.backgroundImage !== '';
    const attrs = Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
    return {
      tag: element.localName,
      attrs: element === article ? {} : attrs,
      above: element === article ? -1 : places.get(element.parentElement),
      ownText: own.replace(blank, ''),
      text: element.textContent.replace(blank, ''),
      display: seen.display,
      overflowX: seen.overflowX,
      overflowY: seen.overflowY,
      fontSize: Number.parseFloat(seen.fontSize),
      ink: asked.color === '' ? null : seen.color,
      ground: hasGround ? seen.backgroundColor : null,
      gradient: seen.backgroundImage.includes('gradient') ? seen.backgroundImage : null,
      screens: [],
    };
  });
  for (const width of widths) {
    article.style.width = width + 'px';
    const edge = article.getBoundingClientRect().left;
    elements.forEach((element, index) => found[index].screens.push(measure(element, width, edge)));
  }
  return found;
}`;
