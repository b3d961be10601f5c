// Tables, task lists, strikethrough and bare addresses: our tree and our text beside those of plain marked.
import { expect, test } from 'vitest';
import { parseHtml } from '../../src/render/html.ts';
import { parseMarkdown } from '../../src/render/markdown.ts';
import { element, type Node } from '../../src/render/tree.ts';
import { compare, DIFFERENCES, marked, toShape } from './corpus.ts';

const CASES: readonly (readonly [name: string, markdown: string])[] = [
  // tables
  ['a table', '| 城市 | 人口 |\n|---|---|\n| 北京 | 2189 |\n| 上海 | 2487 |\n'],
  ['a table without outer pipes', '城市 | 人口\n--- | ---\n北京 | 2189\n'],
  ['alignments', '| 左 | 中 | 右 | 无 |\n|:--|:-:|--:|---|\n| a | b | c | d |\n'],
  ['shortest delimiters', '|甲|乙|\n|-|-|\n|丙|丁|\n'],
  ['a table without rows', '| 甲 | 乙 |\n|---|---|\n'],
  ['one column', '| 甲 |\n|---|\n| 乙 |\n'],
  ['a short row', '| 甲 | 乙 |\n|---|---|\n| 丙 |\n'],
  ['a long row', '| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 | 戊 |\n'],
  ['empty cells', '| 甲 | 乙 |\n|---|---|\n| | 丁 |\n|  |  |\n'],
  ['an escaped pipe', '| 甲 |\n|---|\n| a \\| b |\n'],
  ['an escaped pipe in code', '| 甲 |\n|---|\n| `a \\| b` |\n'],
  ['marks in cells', '| **甲** | *乙* |\n|---|---|\n| ~~丙~~ | `丁` |\n'],
  ['a mark that no cell closes', '| 甲 | 乙 |\n|---|---|\n| **丙 | 丁** |\n'],
  ['links in cells', '| [甲](https://example.com/a) |\n|---|\n| https://example.com/b |\n'],
  ['an image in a cell', '| 甲 |\n|---|\n| ![乙](c.png) |\n'],
  ['a table ends at a blank line', '| 甲 |\n|---|\n| 乙 |\n\n后面\n'],
  ['a table ends at a quote', '| 甲 |\n|---|\n| 乙 |\n> 引\n'],
  ['a table ends at a heading', '| 甲 |\n|---|\n| 乙 |\n# 题\n'],
  ['a table ends at a list', '| 甲 |\n|---|\n| 乙 |\n- 项\n'],
  ['a table ends at a fence', '| 甲 |\n|---|\n| 乙 |\n```\n码\n```\n'],
  ['a line without pipes goes on as a row', '| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n戊\n'],
  ['a table after a paragraph', '前面\n\n| 甲 |\n|---|\n| 乙 |\n'],
  ['a table right under a paragraph', '前面\n| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n'],
  ['no table: columns do not agree', '| 甲 | 乙 |\n|---|\n| 丙 |\n'],
  ['no table: no delimiters', '| 甲 | 乙 |\n| 丙 | 丁 |\n'],
  ['a table in a quote', '> | 甲 | 乙 |\n> |---|---|\n> | 丙 | 丁 |\n'],
  ['a table in a list', '- 项\n\n  | 甲 | 乙 |\n  |---|---|\n  | 丙 | 丁 |\n'],
  ['entities in cells', '| &lt;a&gt; |\n|---|\n| &amp;amp; |\n'],
  // task lists
  ['tasks', '- [ ] 未做\n- [x] 做了\n- [X] 也做了\n'],
  ['tasks beside items', '- 项\n- [ ] 未做\n'],
  ['numbered tasks', '1. [ ] 甲\n2. [x] 乙\n'],
  ['nested tasks', '- [ ] 甲\n  - [x] 乙\n  - [ ] 丙\n'],
  ['loose tasks', '- [ ] 甲\n\n- [x] 乙\n'],
  ['a task of two paragraphs', '- [x] 甲\n\n  乙\n- [ ] 丙\n'],
  ['marks in a task', '- [x] **甲** `乙`\n'],
  ['no task: no space behind', '- [ ]甲\n'],
  ['no task: not at the start', '- 甲 [ ] 乙\n'],
  ['no task: something else inside', '- [a] 甲\n'],
  ['a task of Obsidian', '- [-] 甲\n'],
  ['no task: outside of a list', '[x] 甲\n'],
  // strikethrough
  ['two tildes', '~~旧价~~ 新价\n'],
  ['one tilde', 'a ~b~ c\n'],
  ['three tildes are none', 'a ~~~b~~~ c\n'],
  ['not across paragraphs', '~~甲\n\n乙~~\n'],
  ['across lines', '~~one\ntwo~~\n'],
  ['bold inside', '~~甲**乙**丙~~\n'],
  ['inside bold', '**甲~~乙~~丙**\n'],
  ['spaces inside are none', '~~ a ~~\n'],
  ['in code it stays', '`~~a~~`\n'],
  ['escaped', '\\~~a\\~~\n'],
  // bare addresses
  ['http', '见 http://example.com/a 处\n'],
  ['https with a query', 'https://example.com/?a=1&b=2 后\n'],
  ['www', 'www.example.com/a\n'],
  ['a full stop is no part', 'https://example.com/a. 后\n'],
  ['brackets round it', '(https://example.com/a)\n'],
  ['brackets in it', 'https://example.com/a_(b)\n'],
  ['an entity at its end', 'https://example.com/a&copy;\n'],
  ['a tag ends it', 'https://example.com/a<br>后\n'],
  ['in angle brackets', '<https://example.com/a>\n'],
  ['mail in angle brackets', '<me@example.com>\n'],
  ['mail', '写信给 me@example.com 吧\n'],
  ['in code it stays text', '`https://example.com`\n'],
  ['in a link', '[https://example.com](https://example.com)\n'],
  ['in bold', '**https://example.com/a**\n'],
  ['inside a word', 'xhttps://example.com\n'],
];

/** Cases whose text or tree is another than marked's, and why. */
const OWN: Readonly<Record<string, string>> = {
  mail: 'a bare address of mail is left as text',
  'a task of Obsidian': 'a sign in a box is a state of the task',
};

const counts = new Map<string, number>();

test.each(CASES)('%s', async (name, markdown) => {
  const { ours, theirs, undone, faults } = await compare(markdown);
  expect(faults).toEqual([]);
  const { root } = await parseMarkdown({ markdown, firstLine: 1 }, () => {});
  const shape = toShape(root.children);
  const theirShape = toShape(asTasks(parseHtml(await marked.parse(markdown)))).replace(/\n(?=<\/code><\/pre>)/g, '');
  const same = [undone === null ? ours : theirs, shape];
  if (OWN[name] === undefined) expect(same).toEqual([theirs, theirShape]);
  else expect(same).not.toEqual([theirs, theirShape]);
  for (const why of undone ?? []) counts.set(why, (counts.get(why) ?? 0) + 1);
});

test('no difference is wider than it was', () => {
  expect(DIFFERENCES.map(({ why }) => counts.get(why) ?? 0)).toEqual([1, 7, 0]);
});

/** Their check boxes as our task marks. */
function asTasks(nodes: readonly Node[]): readonly Node[] {
  return nodes.map((node) => {
    if (node.kind === 'text') return node;
    return node.tag === 'input' ? element('wx-task') : { ...node, children: asTasks(node.children) };
  });
}
