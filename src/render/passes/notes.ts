// Numbers footnotes and the links that WeChat refuses, and lists them at the end, since no link out of WeChat works.
import { finding } from '../../facts/findings.ts';
import { isArticleLink } from '../../facts/markup.ts';
import { type PassContext, toShownUrl } from '../pass.ts';
import { isCard } from '../syntax/card.ts';
import {
  BY_NAME,
  type Element,
  element,
  isBlank,
  isBlock,
  isElement,
  type Node,
  type Replacement,
  replaceNodes,
  text,
  toText,
  withChildren,
} from '../tree.ts';

interface Note {
  readonly number: number;
  readonly content: readonly Node[];
}

/** Links and footnotes share one count, so that a reader looks in one place for one number. */
export function makeNotes(root: Element, context: PassContext): Element {
  const { footnotes, links, report, settings } = context;
  const numbers = new Map<string, number>();
  const notes: Note[] = [];
  const used = { links: false, footnotes: false };

  const change = (node: Node): Replacement => {
    if (node.kind === 'text') return node;
    if (node.tag === 'wx-note') return changeFootnote(node);
    const children = replaceNodes(node.tag === 'a' ? replaceNodes(node.children, unlink) : node.children, change);
    const isMiniprogram = node.attrs['data-miniprogram-appid'] !== undefined;
    return node.tag === 'a' && !isMiniprogram ? changeLink(node, children) : withChildren(node, children);
  };

  /** The mark of a note that is known by `key`, made with `content` when it is new. */
  const refer = (key: string, content: () => readonly Node[]): Element => {
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size + 1;
      numbers.set(key, number);
      notes.push({ number, content: content() });
    }
    return element('sup', [text(`[${number}]`)], { attrs: { class: 'reference' } });
  };

  const changeLink = (link: Element, content: readonly Node[]): readonly Node[] => {
    const at = link.at ?? { line: 1, column: 1 };
    const show = () => ({ url: toShownUrl(link.attrs['href'] ?? '') });
    const by = link.attrs[BY_NAME] === undefined ? {} : { by: 'name' };
    const reportUnknown = (): void => report(finding('post-link-unknown', at, { ...show(), ...by }));
    const href = toAddress(link.attrs['href'] ?? '', links, reportUnknown);
    if (href === null) return content;
    if (isArticleLink(href)) return [{ ...link, attrs: { href }, children: content }];
    if (!/^(?:https?|ftp|mailto|tel):/i.test(href)) {
      report(finding('link-dropped', at, show()));
      return content;
    }
    const label = toText(link).trim();
    if (isSameAddress(label, href)) return [element('span', content, { attrs: { class: 'url' } })];
    if (settings.links === 'text' || label === '') return content;
    used.links = true;
    return [...content, refer(href, () => [text(`${label}：`), toUrl(href)])];
  };

  const changeFootnote = (mark: Element): Node => {
    const label = mark.attrs['label'] ?? '';
    const content = footnotes.get(label);
    if (content === undefined) {
      report(finding('footnote-missing', mark.at ?? { line: 1, column: 1 }, { label }));
      return text(`[^${label}]`);
    }
    used.footnotes = true;
    return refer(`^${label}`, () => content);
  };

  const body = replaceNodes(root.children, change);
  // A note may hold links and footnotes of its own: they join the end of the list while it is walked.
  const lines: Element[] = [];
  for (let index = 0; index < notes.length; index += 1) {
    const note = notes[index];
    if (note === undefined) break;
    const content = [text(`[${note.number}] `), ...replaceNodes(toLine(note.content), change)];
    lines.push(...toLines(content));
  }
  if (lines.length === 0) return withChildren(root, body);
  const heading = used.links && used.footnotes ? '注释与引用链接' : used.links ? '引用链接' : '注释';
  const title = element('p', [text(heading)], { attrs: { class: 'notes-title' } });
  return { ...root, children: [...body, element('section', [title, ...lines], { attrs: { class: 'notes' } })] };
}

/** A link inside another is only its words. */
function unlink(node: Node): Replacement {
  if (node.kind === 'text') return node;
  const children = replaceNodes(node.children, unlink);
  return node.tag === 'a' ? children : withChildren(node, children);
}

/** Where a link leads: an absolute address, or null when there is nothing to keep but the text. */
function toAddress(href: string, links: ReadonlyMap<string, string>, unknown: () => void): string | null {
  const address = href.trim();
  if (address === '' || address.startsWith('#')) return null;
  if (address.startsWith('//')) return `https:${address}`;
  if (/^http:\/\/mp\.weixin\.qq\.com\//i.test(address)) return `https:${address.slice('http:'.length)}`;
  if (/^[a-z][a-z\d+.-]*:/i.test(address)) return address;
  const known = links.get(address) ?? links.get(address.replace(/[?#].*$/, ''));
  if (known === undefined) unknown();
  return known ?? null;
}

/** Whether a link shows its own address: then nothing is lost when it cannot be followed. */
export function isSameAddress(label: string, href: string): boolean {
  const bare = (address: string): string => address.replace(/^(?:[a-z]+:\/\/|mailto:|tel:)/i, '').replace(/\/$/, '');
  return bare(label) === bare(href) || (href.includes('%') && bare(label) === bare(safeDecode(href)));
}

function safeDecode(href: string): string {
  try {
    return decodeURI(href);
  } catch {
    return href;
  }
}

function toUrl(href: string): Element {
  return element('span', [text(href)], { attrs: { class: 'url' } });
}

/** What a note says, in a line up to each card in it, which stands alone here too. */
function toLines(content: readonly Node[]): readonly Element[] {
  const lines: Element[] = [];
  let line: Node[] = [];
  const end = (): void => {
    if (!line.every((node) => isBlank(node) || isElement(node, 'br')))
      lines.push(element('p', line, { attrs: { class: 'note' } }));
    line = [];
  };
  for (const node of content) {
    if (isCard(node)) {
      end();
      lines.push(node);
    } else if (line.length > 0 || !isElement(node, 'br')) line.push(node);
  }
  end();
  return lines;
}

/** Blocks of a footnote as one line, but for its cards. */
function toLine(content: readonly Node[]): readonly Node[] {
  return content.flatMap((node, index) => {
    if (isCard(node)) return [node];
    const inner = isElement(node, 'pre') ? toCode(node) : isBlock(node) ? toLine(node.children) : [node];
    return index > 0 && isBlock(node) ? [element('br'), ...inner] : inner;
  });
}

/** The lines of a code block as inline code, with spaces that stay. */
function toCode(block: Element): readonly Node[] {
  const lines = toText(block).replaceAll(' ', '\u00a0').split('\n');
  return lines.flatMap((line, index) => [
    ...(index > 0 ? [element('br')] : []),
    ...(line === '' ? [] : [element('code', [text(line)])]),
  ]);
}
