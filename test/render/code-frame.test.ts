// What stands round code: whoever copies it gets every character of it and nothing else, whatever the lines are dressed in.
import { describe, expect, test } from 'vitest';
import { parseHtml } from '../../src/render/html.ts';
import { forEachElement, toText } from '../../src/render/tree.ts';
import { readTheme, renderText } from './cases.ts';

const SOURCE = ['/* one', '   two */', '', 'f(a,  "b"); // c', '  return `x', '  y`;'].join('\n');

/** The code and the numbers of the only block of a post. */
async function readBlock(info: string, source = SOURCE, vars: Readonly<Record<string, string>> = {}) {
  const { html } = await renderText(`\`\`\`${info}\n${source}\n\`\`\``, { vars }, readTheme('default'));
  const codes: string[] = [];
  forEachElement(parseHtml(html), (node) => {
    if (node.tag === 'code') codes.push(toText(node).replaceAll('\u00a0', ' '));
  });
  return { html, code: codes.at(-1) ?? '', gutter: codes.length > 1 ? (codes[0] ?? '') : null };
}

describe('every character of the code stays', () => {
  test.each(['js', 'js title="a"', 'js {1}', 'js {1-2,4}', 'js {3}', 'js {6}', 'js ins={2,5} showLineNumbers', '{2}'])(
    '%s',
    async (info) => expect((await readBlock(info)).code).toBe(SOURCE),
  );

  test('of a diff in a language, too', async () => {
    const source = ' /* a\n-   b */\n+\n+  c';
    expect((await readBlock('diff-js', source)).code).toBe(source);
  });
});

describe('what stands beside it', () => {
  test.each<[info: string, gutter: string | null, vars?: Readonly<Record<string, string>>]>([
    ['js', null],
    ['js {1}', null],
    ['js showLineNumbers', '1\n2\n3\n4\n5\n6'],
    ['js:line-numbers=98', '98\n99\n100\n101\n102\n103'],
    ['js ins={2} del={3}', ' \n+\n−\n \n \n '],
    ['js ins={2} showLineNumbers', '1  \n2 +\n3  \n4  \n5  \n6  '],
    ['diff', null],
    ['js', '1\n2\n3\n4\n5\n6', { 'wx-numbers': 'shown' }],
    ['js:no-line-numbers', null, { 'wx-numbers': 'shown' }],
  ])('%s: %j', async (info, gutter, vars) => expect((await readBlock(info, SOURCE, vars)).gutter).toBe(gutter));

  test('cannot be selected', async () => {
    expect((await readBlock('js showLineNumbers')).html).toMatch(
      /<section style="float:left;[^"]*user-select:none[^"]*"><code[^>]*><span[^>]*>1<br>/,
    );
  });
});

test.each([
  ['js {2}', [2]],
  ['js {1-3,6}', [1, 2, 3, 6]],
  ['js {3}', [3]],
])('%s grounds its lines', async (info, lines) => {
  const { html } = await readBlock(info);
  const grounds = [
    ...html.matchAll(/<span style="display:block;([^"]*)">(.*?)(?=<span style="display:block|<\/code>)/g),
  ];
  let line = 1;
  const found = grounds.flatMap(([, style = '', inner = '']) => {
    const count = inner.split('<br>').length - (/<br>(?:<\/span>)*$/.test(inner) ? 1 : 0);
    const own = Array.from({ length: count }, (_, index) => line + index);
    line += count;
    return style.includes('background-color') ? own : [];
  });
  expect([found, line]).toEqual([lines, 7]);
});
