// The titled panels that alerts, callouts and containers become, by the names that their tools give them; knows no parser.
import type { Place } from '../../facts/findings.ts';
import { type Element, element, type Node, text } from '../tree.ts';

/** The five that a theme dresses, as GitHub has them. */
type Kind = 'note' | 'tip' | 'important' | 'warning' | 'caution';

/** Names of GitHub, Obsidian, VuePress, VitePress and Docusaurus, with the kind and the title when none is written. */
const PANELS: Readonly<Record<string, readonly [Kind, title: string]>> = {
  ...named('note', '说明', 'note'),
  ...named('note', '信息', 'info'),
  ...named('note', '摘要', 'abstract summary tldr'),
  ...named('note', '待办', 'todo'),
  ...named('note', '示例', 'example'),
  ...named('note', '引用', 'quote cite'),
  ...named('note', '详情', 'details'),
  ...named('tip', '提示', 'tip hint'),
  ...named('tip', '完成', 'success check done'),
  ...named('important', '重要', 'important'),
  ...named('important', '问答', 'question help faq'),
  ...named('warning', '注意', 'warning attention'),
  ...named('caution', '警告', 'caution'),
  ...named('caution', '危险', 'danger'),
  ...named('caution', '错误', 'error'),
  ...named('caution', '失败', 'failure fail missing'),
  ...named('caution', '缺陷', 'bug'),
};

function named(kind: Kind, title: string, names: string): Readonly<Record<string, readonly [Kind, string]>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, [kind, title]]));
}

interface Panel {
  /** Nothing of it: the name's own title. */
  readonly title: readonly Node[];
  readonly body: readonly Node[];
  readonly at: Place | null;
}

/** Whether a tool has a panel of that name. */
export function isPanel(name: string): boolean {
  return Object.hasOwn(PANELS, name.toLowerCase());
}

/** The panel of a name, in any case; null when no tool has such a one. */
export function toPanel(name: string, { title, body, at }: Panel): Element | null {
  const key = name.toLowerCase();
  const [kind, own] = (Object.hasOwn(PANELS, key) ? PANELS[key] : undefined) ?? [];
  if (kind === undefined || own === undefined) return null;
  const heading = element('p', title.length === 0 ? [text(own)] : title, { attrs: { class: 'alert-title' } });
  return element('section', [heading, ...body], { attrs: { class: `alert alert-${kind}` }, at });
}
