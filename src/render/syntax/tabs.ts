// Tabs, whose labels stand as lines before what each of them holds, since nothing in WeChat can be clicked open; knows no parser.
import { type Element, element, type Node, text } from '../tree.ts';
import { followFence } from './fence.ts';

/** Tabs that a website shows one of. */
export interface TabSet {
  /** What its tabs without a label are called, with a number behind; '' when they are called nothing. */
  readonly name: string;
  /** Said of them all in one place, in their order. */
  readonly tabs: readonly Tab[];
}

interface Tab {
  readonly label: string;
  /** By which a tab names itself; '' when it does not. */
  readonly value: string;
}

/** The sets that are open where the text is being read, the innermost last. */
export interface TabSets {
  readonly open: (set: TabSet) => void;
  readonly close: () => void;
  readonly isOpen: () => boolean;
  /** The label of the next tab, which may have a value; '' when its set says none. */
  readonly next: (value: string) => string;
}

export function createTabSets(): TabSets {
  const sets: { readonly set: TabSet; count: number }[] = [];
  return {
    open: (set) => void sets.push({ set, count: 0 }),
    close: () => void sets.pop(),
    isOpen: () => sets.length > 0,
    next(value) {
      const last = sets.at(-1);
      if (last === undefined) return value;
      const { name, tabs } = last.set;
      last.count += 1;
      const own = value === '' ? tabs[last.count - 1] : tabs.find((tab) => tab.value === value);
      return own?.label || value || (name === '' ? '' : `${name} ${last.count}`);
    },
  };
}

export function toLabel(label: readonly Node[]): Element {
  return element('p', [element('strong', label)]);
}

/** A label as text; nothing for an empty one. */
export function toLabels(label: string): readonly Element[] {
  return label === '' ? [] : [toLabel([text(label)])];
}

/** HTML tags of the known sites that hold tabs, and those that are one. */
const SETS = /^(?:tabs|tab-group|tab-container|code-group|(?:el|a|n|van|v)-tabs)$/;
const TABS = /^(?:tab|tab-?item|tab-?panel|tab-?pane|code-block|codegroupitem|(?:el|a|n)-tab-pane|van-tab|v-tab)$/;

/** What stands in place of an element of HTML that is a set of tabs, or one with a label; null for every other. */
export function toTab({ tag, attrs, children }: Element): readonly Node[] | null {
  if (SETS.test(tag)) return children;
  if (!TABS.test(tag)) return null;
  const label = ['label', 'title', 'name', 'tab', 'value'].map((name) => attrs[name] ?? '').find(Boolean) ?? '';
  return label === '' ? null : [...toLabels(label), ...children];
}

/** `<!-- tab 标题@icon -->`, as Hexo's themes write it inside of `{% tabs %}`, and `<!-- timeline 一月 -->`. */
const COMMENT = /(<!--[ \t]*(?:(?:sub){0,3}tab|timeline|folder)(?=[ \t-])(?:(?!-->)[^\n]){0,300}-->)/i;

interface TabPart {
  readonly html: string;
  /** Null for what is no such comment. */
  readonly label: string | null;
}

/** HTML parted at the comments that begin a tab; those alone are labels, with or without words. */
export function splitTabComments(html: string): readonly TabPart[] {
  return html.split(COMMENT).flatMap((part, index): readonly TabPart[] => {
    if (index % 2 === 0) return part === '' ? [] : [{ html: part, label: null }];
    const words = part.replace(/^<!--[ \t]*[a-z]+/i, '').slice(0, -'-->'.length);
    return [{ html: part, label: words.replace(/@[\w -]*$|<\/?[a-z][^<>]*>/gi, '').trim() }];
  });
}

export interface TabLines {
  /** With the line that begins the tab; the first part may have none. */
  readonly raw: string;
  /** Markdown; null for what stands before the first tab. */
  readonly label: string | null;
  readonly body: string;
}

/** `@tab 标题`, of VuePress, and `== 标题`, of VitePress. */
const TAB_LINE = /^(?:@tab(?::active)?(?:[ \t]+(.*))?|==[ \t]+(.*))$/;
const COLONS = /^ {0,3}:{3,}[ \t]*(\S)?/;

/** What a container of tabs holds, parted at the lines that begin one; those in code and in containers within are theirs. */
export function splitTabLines(text: string): readonly TabLines[] {
  const parts: { label: string | null; head: string; lines: string[] }[] = [{ label: null, head: '', lines: [] }];
  let fence = '';
  let depth = 0;
  for (const line of text.split('\n')) {
    if (fence === '') {
      const colons = COLONS.exec(line);
      if (colons !== null) depth = Math.max(0, depth + (colons[1] === undefined ? -1 : 1));
    }
    const found = fence === '' && depth === 0 ? TAB_LINE.exec(line) : null;
    fence = followFence(fence, line);
    if (found === null) parts.at(-1)?.lines.push(line);
    else
      parts.push({ label: (found[1] ?? found[2] ?? '').replace(/#[\w-]+[ \t]*$/, '').trim(), head: line, lines: [] });
  }
  return parts.map(({ label, head, lines }) => {
    const body = lines.join('\n');
    return { label, body, raw: label === null ? body : `${head}\n${body}` };
  });
}
