// What is said of formulas that cannot be drawn: what is wrong with them, in the reader's language.
import { describe, expect, test } from 'vitest';
import { describeFinding } from '../../src/report/words.ts';
import { renderText } from './cases.ts';

const breakIt = async (tex: string) => {
  const { findings } = await renderText(`文 $${tex}$ 文`);
  const found = findings.find(({ code }) => code === 'math-broken');
  if (found === undefined) throw new Error(`it is drawn: ${tex}`);
  return found;
};

const BROKEN: readonly (readonly [tex: string, problem: string, name: string])[] = [
  ['\\alhpa', 'tex-command', '\\alhpa'],
  ['\\frac{a}', 'tex-argument', '\\frac'],
  ['a}b', 'tex-open', ''],
  ['\\frac{a}{b', 'tex-close', ''],
  ['\\sqrt[3{x}', 'tex-bracket', '\\sqrt'],
  ['\\left( x', 'tex-right', '\\left'],
  ['x \\right)', 'tex-left', '\\left'],
  ['\\left x \\right)', 'tex-delimiter', '\\left'],
  ['\\begin{matrix} a', 'tex-end', 'matrix'],
  ['\\end{matrix}', 'tex-begin', 'matrix'],
  ['\\begin{matrix} a \\end{cases}', 'tex-ends', 'matrix'],
  ['\\begin{nothing} a \\end{nothing}', 'tex-environment', 'nothing'],
  ['a_b_c', 'tex-subscripts', ''],
  ['a^b^c', 'tex-exponents', ''],
  ["a^b'", 'tex-exponents', ''],
  ['a^', 'tex-script', ''],
  ['a & b', 'tex-misplaced', '&'],
  ['a\\limits_b', 'tex-limits', '\\limits'],
  ['\\hspace{x}', 'tex-dimension', '\\hspace'],
  ['\\def\\a{\\a}\\a', 'tex-endless', ''],
  ['a # b', 'tex-hash', '#'],
  ['a \\over b \\over c', 'tex-ambiguous', '\\over'],
  ['\\require{html}', 'tex-package', 'html'],
  ['\\ref{a}', 'tex-jump', '\\ref'],
];

describe.each(BROKEN)('%s', (tex, problem, name) => {
  test(`is ${problem} ${name}`, async () => {
    const finding = await breakIt(tex);
    expect([finding.args['problem'], finding.args['name']]).toEqual([problem, name]);
    expect([finding.line, finding.column]).toEqual([1, 3]);
    const said = describeFinding(finding, 'zh');
    expect(said).not.toMatch(/[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}/);
    expect(said).toContain(name);
    expect(said).toMatch(/：.*\p{Script=Han}/u);
  });
});

test('braces of TeX are not taken for names of args', async () => {
  const finding = await breakIt('\\begin{matrix} a \\end{cases}');
  expect(describeFinding(finding, 'zh')).toContain('\\begin{matrix} 却以 \\end{cases} 结束');
  expect(describeFinding(finding, 'en')).toContain('\\begin{matrix} is ended by \\end{cases}');
});

test('an error that has no words of ours quotes MathJax', async () => {
  const finding = await breakIt('\\mathtoolsset{x}');
  expect(finding.args['problem']).toBe('other');
  expect(describeFinding(finding, 'zh')).toContain(`这里的写法读不懂（${finding.args['detail']}）`);
});
