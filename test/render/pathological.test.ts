// Hostile and senseless input: every one ends in time, with its text or with a finding; the soak asks for all of each.
import { beforeAll, expect, test } from 'vitest';
import { toVisibleText } from '../../src/render/visible.ts';
import { renderText } from './cases.ts';
import { DEEP, expectInTime, expectSoonInTime, FLAT, FLAT_MDX, findLoop, stairs } from './pathological.ts';

beforeAll(findLoop);

test.each(FLAT)('%s', async (_name, make) => expectSoonInTime(make));

test.each(FLAT_MDX)('MDX: %s', async (_name, make) => expectSoonInTime(make, { dialect: 'mdx' }));

test.each(DEEP)('%s', async (_name, markdown) => expectInTime(markdown));

test('MDX: braces', async () => expectInTime('{'.repeat(20000), { dialect: 'mdx' }));

test.each<readonly [name: string, markdown: string]>([
  ['quotes', `${'>'.repeat(200)}内文`],
  ['lists on one line', `${'- '.repeat(200)}内文`],
  ['stairs of lists', `${stairs(150)}内文`],
  ['tags', `${'<div>'.repeat(200)}内文`],
])('%s nested beyond sense are a finding, and their text stays', async (_name, markdown) => {
  const { html, findings } = await renderText(`开头\n\n${markdown}\n`);
  expect(findings.map(({ code }) => code)).toContain('nesting-too-deep');
  expect(toVisibleText(html)).toContain('内文');
});

test.each<readonly [name: string, markdown: string]>([
  ['quotes', `${'>'.repeat(90)}内文`],
  ['code that looks like a list', `\`\`\`\n${'- '.repeat(200)}a\n\`\`\`\n`],
])('%s within sense are no finding', async (_name, markdown) => {
  expect((await renderText(markdown)).findings).toEqual([]);
});
