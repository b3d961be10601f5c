// `=== "标签"` over indented lines, one below the other: the tabs of MkDocs, which its pages show one of; knows no parser.
import { readIndented } from './indent.ts';

export interface ContentTabs {
  readonly raw: string;
  readonly tabs: readonly ContentTab[];
}

interface ContentTab {
  readonly raw: string;
  /** Markdown of one line. */
  readonly label: string;
  readonly body: string;
}

const HEAD =
  /(?:[ \t]*\n)* {0,3}===[!+]{0,2}[ \t]+(?:"((?:\\"|[^"\n])*)"|'((?:\\'|[^'\n])*)'|[“”]([^“”\n]*)[“”])[ \t]*(?:\n|$)/y;

/** The tabs at the start of the text, with blank lines between them; when the first has nothing in it, it is text. */
export function readContentTabs(source: string): ContentTabs | undefined {
  if (!/^ {0,3}===/.test(source)) return undefined;
  const tabs: ContentTab[] = [];
  let at = 0;
  for (;;) {
    HEAD.lastIndex = at;
    const found = HEAD.exec(source);
    if (found === null) break;
    const start = at;
    at += found[0].length;
    const { body, length } = readIndented(source.slice(at));
    if (tabs.length === 0 && body === '') break;
    at += length;
    const label = (found[1] ?? found[2] ?? found[3] ?? '').replace(/\\(["'])/g, '$1');
    tabs.push({ raw: source.slice(start, at), label, body });
  }
  return tabs.length > 0 ? { raw: source.slice(0, at), tabs } : undefined;
}
