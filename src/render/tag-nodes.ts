// Turns the tags of site generators and components into nodes, and labels the tabs that they arrange; knows no parser.
import type { Token, Tokens } from 'marked';
import { finding, type Report } from '../facts/findings.ts';
import { decodeEntities } from './html.ts';
import type { JsxToken } from './mdx-extensions.ts';
import type { Locator } from './positions.ts';
import { createTabSets, toLabel, toLabels } from './syntax/tabs.ts';
import type { TemplateLink } from './syntax/template-address.ts';
import { toPicture, toTagNodes } from './syntax/template-nodes.ts';
import type { LoneTag } from './syntax/template-pairs.ts';
import type { TagToken } from './template-extensions.ts';
import { type Attrs, BY_NAME, element, type Level, type Node, text } from './tree.ts';

interface TagReading {
  readonly locator: Locator;
  readonly report: Report;
  readonly inline: (tokens?: readonly Token[]) => readonly Node[];
}

/** Reads the tags of one text, in their order. */
export function createTagReader({ locator, report, inline }: TagReading) {
  const lone: LoneTag[] = [];
  const tabs = createTabSets();

  const tag = (token: TagToken, level: Level): readonly Node[] => {
    const at = locator.enter(token.raw);
    const caption = inline(token.caption);
    locator.leave(token.raw);
    lone.push({ tag: token.tag, at, isMissed: token.isMissed });
    return toTagNodes(token, { at, caption, level, report });
  };

  /** One that is not finished is text. */
  const half = (token: Tokens.Generic): Node => {
    const at = locator.enter(token.raw);
    locator.leave(token.raw);
    report(finding('template-half', at, { tag: token.raw.slice(0, 60), end: token['end'] }));
    return text(token.raw);
  };

  const component = (token: JsxToken, level: Level): readonly Node[] => {
    const at = locator.enter(token.raw);
    const caption = inline(token.caption);
    locator.leave(token.raw);
    if (token.picture !== null) return toPicture(token.picture, { at, caption, level, report });
    const end = token.end === '' ? {} : { end: token.end };
    if (token.set !== null) tabs.open(token.set);
    if (token.endsSet) tabs.close();
    const { words = '', value = '' } = token.label ?? {};
    const label = decodeEntities(words || (token.isTab && token.label !== null ? tabs.next(value) : ''));
    const unread = words === '' && token.isTab && label !== '' ? { label } : {};
    const args = { text: toFirstLine(token.shown), ...end, ...unread };
    if (token.shown !== '') report(finding('mdx-dropped', at, args));
    return token.label === null ? [] : toLabels(label);
  };

  /** What components hold is over, without a tag that says so. */
  const endComponents = (tokens: readonly Token[]): void => {
    for (const token of tokens) if (token.type === 'jsx' && (token as JsxToken).set !== null) tabs.close();
  };

  /** Above the next tab, as it is written, else as its set says. */
  const label = (written: readonly Node[]): readonly Node[] => {
    const own = tabs.next('');
    return written.length === 0 ? toLabels(own) : [toLabel(written)];
  };

  /** Words or a picture whose address a generator would compute. */
  const link = (token: Tokens.Generic & TemplateLink): readonly Node[] => {
    const { address, isImage, label, title } = token;
    const at = locator.enter(token.raw);
    const words = isImage ? [text(label)] : inline(token.tokens);
    locator.leave(token.raw);
    if (address === null) {
      const place = { line: at.line, column: at.column + token.start };
      report(finding('template-tag', place, { tag: token.expression.slice(0, 60) }));
      return words;
    }
    const found: Attrs = address.byName ? { [BY_NAME]: '' } : {};
    if (!isImage) return [element('a', words, { attrs: { href: address.href, ...found }, at })];
    const attrs: Attrs = { src: address.href, alt: label, ...(title === '' ? {} : { title }), ...found };
    return [element('img', [], { attrs, at })];
  };

  return { lone, tabs, tag, half, component, endComponents, label, link };
}

/** The first line of a piece of code, as a finding may show it. */
export function toFirstLine(code: string): string {
  const line = code.trim().split('\n', 1)[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
