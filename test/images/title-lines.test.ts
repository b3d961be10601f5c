// How titles are broken into lines: sizes, pauses, words kept whole, and everything that must fit.
import { describe, expect, test } from 'vitest';
import { layTitle } from '../../src/images/title-lines.ts';

test.each([
  ['年终总结', 116, '年终总结'],
  ['2025 vs 2026：外贸人的“生死局”与AI的“成人礼”', 74, '2025 vs 2026：|外贸人的“生死局”|与AI的“成人礼”'],
  ['《三体》读后感：<宇宙> & “黑暗森林”', 62, '《三体》读后感：|<宇宙> & “黑暗森林”'],
  ['Kubernetes 集群里的 DNS 疑难杂症 🎉', 100, 'Kubernetes|集群里的|DNS 疑难杂症'],
  ['  a\n\tb\u0007  c  ', 116, 'a b c'],
  ['👨‍👩‍👧 家 🇨🇳', 116, '家'],
  ['🎉', 116, ''],
  ['', 116, ''],
])('%j', (title, fontSize, lines) => {
  const laid = layTitle(title, 690);
  expect([laid.fontSize, laid.lines.join('|')]).toEqual([fontSize, lines]);
});

describe('whatever the title', () => {
  const titles = [
    '从零开始写一个编译器：词法分析、语法分析与代码生成的完整实践指南（第一部分）以及更多细节',
    'How we rebuilt our deployment pipeline in a weekend and lived to tell the tale, with diagrams',
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
    'x'.repeat(500),
    '一'.repeat(500),
    '，。！？'.repeat(50),
    '（（（（（（（（（（（（（（（（（（（（（（（（（（',
    '。',
    '𠮷'.repeat(30),
  ];
  test.each(titles)('%s', (title) => {
    const { lines, fontSize } = layTitle(title, 690);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(3);
    for (const line of lines) {
      expect(line).toBe(line.trim());
      expect([...line].filter((character) => /[\u3000-\uffff]/.test(character)).length * fontSize).toBeLessThanOrEqual(
        690,
      );
    }
    const joined = lines.join('').replace(/\s/g, '');
    const whole = title.replace(/\s/g, '');
    expect(joined.endsWith('…') ? whole.startsWith(joined.slice(0, -1)) : joined === whole).toBe(true);
  });

  test.each(titles.slice(0, 3))('no line of «%s» begins with closing punctuation', (title) => {
    for (const line of layTitle(title, 690).lines) expect(line).not.toMatch(/^[，。、：！？）》”]/);
  });
});
