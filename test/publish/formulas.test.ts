// A post with formulas through the library, check and publish: drawn in each, and stored by WeChat's sandbox as it was drawn.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkPost, renderPost } from '../../src/index.ts';
import { draftsOf, expectAtRest, onStage, PLAIN } from './stage.ts';

const BODY = [
  '质量 $m$ 与能量：',
  '$$\nE = mc^2 + \\textcolor{red}{\\text{（静止时）}}\n$$',
  '| 式 | 值 |\n| - | - |\n| $|x|$ | $\\ce{H2O}$ |',
  '坏的 $\\frac{a$，看不清的 $\\color{yellow}{x}$，价钱 $5 到 $10。',
].join('\n\n');

const drawings = (html: string) => html.match(/<svg .*?<\/svg>/g) ?? [];

test(
  'drawn five times, told twice, and the same in the draft',
  onStage(async (stage) => {
    stage.write(PLAIN, (text) => `${text}\n${BODY}\n`);
    const { html, findings } = await renderPost(readFileSync(join(stage.site, PLAIN), 'utf8'), { theme: 'default' });
    expect(drawings(html)).toHaveLength(5);
    expect(findings.map(({ code }) => code)).toEqual(['math-broken']);

    const checked = await checkPost(join(stage.site, PLAIN));
    const told = checked.findings.map(({ code }) => code);
    expect(told).toEqual(expect.arrayContaining(['math-broken', 'contrast-low']));

    expect((await stage.publish(PLAIN)).results).toMatchObject([{ status: 'created', error: null }]);
    const content = draftsOf(stage, PLAIN)[0]?.articles[0]?.content ?? '';
    expect(drawings(content)).toEqual(drawings(html));
    expect(content).toContain('$5 到 $10');
    await expectAtRest(stage, PLAIN);
  }),
);
