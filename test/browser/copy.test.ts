// What a reader who selects a block of code takes along: the code, without its numbers and signs, a line for each line.
import { expect, test } from 'vitest';
import { renderText } from '../render/cases.ts';
import { readTheme } from './ours.ts';
import { openPage } from './page.ts';

const page = openPage();

const CODE = ['let a = 1;', '', 'if (a) {', '  /* 甲', '     乙 */', '}', '', 'b();'].join('\n');

test.each([
  ['js', CODE],
  ['js {1,4} showLineNumbers', CODE],
  ['js {2,8}', CODE],
  ['js ins={1-2} del={3}', CODE],
  ['js {1} title="甲.js"', `甲.js\n${CODE}`],
])('%s', async (info, selected) => {
  const theme = await readTheme('lecture');
  await page().setContent((await renderText(`\`\`\`${info}\n${CODE}\n\`\`\``, {}, theme)).html);
  const found = await page().evaluate<string>(
    '(getSelection().selectAllChildren(document.body), getSelection().toString())',
  );
  expect(found.replaceAll('\u00a0', ' ')).toBe(selected);
});
