// The same post gives the same bytes: a hundred times, after any other posts, and wherever the computer stands.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Case, readCases, readTheme, renderText, SAMPLE, SPECIMEN } from './cases.ts';

const THEME = readTheme('default');
const all = [...readCases(), SAMPLE, SPECIMEN];
const renderOne = async ({ markdown, options }: Case): Promise<string> =>
  JSON.stringify(await renderText(markdown, options, THEME));

test('a hundred times', async () => {
  const pages = new Set<string>();
  for (let time = 0; time < 100; time += 1) pages.add(await renderOne(SAMPLE));
  expect(pages.size).toBe(1);
});

// fast-check prints the seed of an order that fails.
test('after any other posts, and beside them', async () => {
  const alone = new Map<string, string>();
  for (const each of all) alone.set(each.name, await renderOne(each));
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), async (shuffled) => {
      const pages = await Promise.all(shuffled.map(renderOne));
      for (const [index, { name }] of shuffled.entries()) expect([name, pages[index]]).toEqual([name, alone.get(name)]);
    }),
    { numRuns: 2 },
  );
});

/** Renders with the built library, and says where it believes to be. */
const CHILD = `
import { renderPost } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
const pages = [];
for (const markdown of JSON.parse(process.argv[1])) pages.push(await renderPost(markdown));
const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
process.stdout.write(JSON.stringify({ locale, timeZone, pages }));
`;

async function renderIn(timeZone: string, locale: string): Promise<Record<string, unknown>> {
  const env = { PATH: process.env['PATH'], TZ: timeZone, LC_ALL: locale, LANG: locale };
  const posts = JSON.stringify(all.map(({ markdown }) => markdown));
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', CHILD, posts], {
    env,
    maxBuffer: 50_000_000,
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

// Turkish has letters of its own for i and I, and New York another day than Shanghai.
test('in two time zones and two locales', { timeout: 120_000 }, async () => {
  const [shanghai, newYork] = await Promise.all([
    renderIn('Asia/Shanghai', 'zh_CN.UTF-8'),
    renderIn('America/New_York', 'tr_TR.UTF-8'),
  ]);
  expect([shanghai['locale'], shanghai['timeZone']]).toEqual(['zh-CN', 'Asia/Shanghai']);
  expect([newYork['locale'], newYork['timeZone']]).toEqual(['tr-TR', 'America/New_York']);
  expect(newYork['pages']).toEqual(shanghai['pages']);
  expect(shanghai['pages']).toHaveLength(all.length);
});
