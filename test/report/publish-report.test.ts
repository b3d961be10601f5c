// What a person reads of a run: the table as wide as the terminal, and errors and warnings as each language writes them.
import { expect, test } from 'vitest';
import { countColumns } from '../../src/article/width.ts';
import { WxsyncError } from '../../src/errors.ts';
import type { Io } from '../../src/local/io.ts';
import type { PostResult } from '../../src/publish/result.ts';
import { printError, printResult, printTable, printWarning } from '../../src/report/publish-report.ts';
import { createSpeaker, type Speaker } from '../../src/report/speaker.ts';
import type { Lang } from '../../src/report/words.ts';

function listen(lang: Lang, columns: number | null, print: (speaker: Speaker) => void): readonly string[] {
  let text = '';
  const write = (more: string) => (text += more);
  const stdout = { write, isTTY: columns !== null, columns: columns ?? undefined };
  const io: Pick<Io, 'env' | 'stdout' | 'stderr'> = { env: {}, stdout, stderr: { write } };
  print(createSpeaker(io as Io, { lang, color: 'never', level: 'normal' }));
  return text.split('\n').slice(0, -1);
}

const made: PostResult = {
  file: 'content/zh/2026-trade.md',
  ...{ status: 'created', reason: null, title: '外贸人的“生死局”与AI的“成人礼”', mediaId: 'M'.repeat(64) },
  ...{ flag: { before: false, after: true }, images: [], findings: [], preview: null, error: null },
};
const stopped: PostResult = { ...made, status: 'skipped', reason: 'account-stopped', mediaId: null };

test.each<[Lang, number | null, boolean]>([
  ['en', null, true],
  ['en', 120, true],
  ['en', 80, false],
  ['zh', 80, false],
])('the table in %s on %s columns: with title and draft, or without', (lang, columns, whole) => {
  const [, ...lines] = listen(lang, columns, (speaker) => printTable([made, stopped], speaker));
  expect(lines.map((line) => line.includes('外贸人'))).toEqual([whole, whole]);
  expect(lines[1]).toMatch(lang === 'en' ? /the account takes no more now$/ : /账号暂时不能再用$/);
  expect(Math.max(...lines.map(countColumns))).toBeLessThanOrEqual(columns ?? 200);
});

test.each<[Lang, readonly string[]]>([
  ['en', ['error: WeChat is busy (?) busy', 'warning: text', '  skipped: the account takes no more now']],
  ['zh', ['错误：微信系统繁忙（?） busy', '警告：text', '  跳过：账号暂时不能再用']],
])('errors, warnings and reasons in %s', (lang, expected) => {
  const lines = listen(lang, null, (speaker) => {
    printError(new WxsyncError('busy', { args: { errcode: '?' } }), speaker);
    printWarning('text', speaker);
    printResult(stopped, speaker);
  });
  expect(lines).toEqual(expect.arrayContaining([...expected]));
});
