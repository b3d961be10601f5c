// What GitLab asks of a code quality report: fields, levels, places, and fingerprints that tell findings apart.
import { expect, test } from 'vitest';
import { finding } from '../../src/facts/findings.ts';
import { toCodeQuality } from '../../src/report/gitlab.ts';

const jump = (line: number) => finding('heading-jump', { line, column: 5 }, { from: 2, to: 4 });
const report = (...lines: readonly number[]) =>
  toCodeQuality(
    lines.map((line) => ({ ...jump(line), file: 'content/中文 a#1.md' })),
    'zh',
  );
const prints = (...lines: readonly number[]) => report(...lines).map(({ fingerprint }) => fingerprint);

test('an entry has its rule, words, level and place', () => {
  expect(report(3)).toEqual([
    {
      description: expect.stringMatching(/./),
      check_name: 'heading-jump',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      severity: 'minor',
      location: { path: 'content/中文 a#1.md', lines: { begin: 3 } },
    },
  ]);
  const levels = (['error', 'info'] as const).map((level) => ({ ...jump(1), severity: level, file: 'a.md' }));
  expect(toCodeQuality(levels, 'en').map(({ severity }) => severity)).toEqual(['major', 'info']);
});

test('a finding that moves stays the same one, and two alike are two', () => {
  expect(prints(3)).toEqual(prints(9));
  expect(new Set(prints(3, 9)).size).toBe(2);
});
