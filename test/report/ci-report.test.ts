// The page, annotations and outputs of a CI run from documents alone: cut within GitHub's limit, and nothing forged.
import { expect, test } from 'vitest';
import { toOutputs, toRunAnnotations, toSummaryPage } from '../../src/report/ci-report.ts';
import type { PublishDocument } from '../../src/report/publish-report.ts';

type Result = PublishDocument['results'][number];

const ERROR = {
  code: 'quota-used-up',
  errcode: 45009,
  message: 'No more today',
  hint: 'Wait',
  retryable: false,
} as const;

function toResult(part: Partial<Result>): Result {
  return {
    file: 'a.md',
    status: 'created',
    reason: null,
    title: 'A',
    mediaId: 'M1',
    flag: { before: false, after: true },
    images: [],
    findings: [],
    preview: null,
    error: null,
    ...part,
  };
}

function toDocument(results: readonly Result[], part: Partial<PublishDocument> = {}): PublishDocument {
  const count = (status: Result['status']) => results.filter((each) => each.status === status).length;
  return {
    schema: 'wxsync.publish/1',
    ok: true,
    exitCode: 0,
    dryRun: false,
    target: 'wechat',
    account: 'default',
    error: null,
    results: [...results],
    summary: {
      created: count('created'),
      updated: count('updated'),
      unchanged: count('unchanged'),
      skipped: count('skipped'),
      planned: count('planned'),
      failed: count('failed'),
    },
    next: [],
    ...part,
  };
}

test.each([
  ['a | b', 'a \\| b'],
  ['<b>', '\\<b\\>'],
  ['![x](y)', '\\!\\[x\\]\\(y\\)'],
  ['a\\|b', 'a\\\\\\|b'],
  ['@all `c` *d* _e_ ~f~ #1 $g$', '\\@all \\`c\\` \\*d\\* \\_e\\_ \\~f\\~ \\#1 \\$g\\$'],
  ['one\ntwo', 'one\\\\ntwo'],
  ['“中文”：emoji 😀', '“中文”：emoji 😀'],
])('the title %j is nothing but text', (title, shown) => {
  expect(toSummaryPage(toDocument([toResult({ title })]), 'en')).toContain(`| ${shown} | M1 |`);
});

test.each([
  ['zh', '**新建 1 · 失败 1**', '## wxsync'],
  [
    'en',
    '**1 created · 1 failed**',
    '| ✖ failed | b.md | A | No more today (quota-used-up)<br>Wait |\n| ✔ draft made |',
  ],
] as const)('in %s: counts, and failures first', (lang, ...parts) => {
  const page = toSummaryPage(
    toDocument([toResult({}), toResult({ file: 'b.md', status: 'failed', mediaId: null, error: ERROR })]),
    lang,
  );
  for (const part of parts) expect(page).toContain(part);
});

test('an error of the whole run is on the page and beside the run', () => {
  const document = toDocument([], { ok: false, exitCode: 5, error: ERROR });
  expect(toSummaryPage(document, 'en')).toContain('✖ No more today (quota-used-up)<br>Wait');
  expect(toRunAnnotations(document)).toEqual([
    {
      severity: 'error',
      file: null,
      line: null,
      column: null,
      title: 'wxsync quota-used-up',
      message: 'No more today\nWait',
    },
  ]);
});

test('a summary never grows over what GitHub takes, and says what was cut', () => {
  const findings = Array.from({ length: 6 }, () => {
    return {
      code: 'placeholder',
      severity: 'warning',
      message: '占'.repeat(400),
      file: 'a.md',
      line: 1,
      column: 1,
    } as const;
  });
  const page = toSummaryPage(toDocument(Array.from({ length: 1000 }, () => toResult({ findings }))), 'en');
  expect(Buffer.byteLength(page)).toBeLessThan(1_048_576);
  expect(page.match(/\| ✔/g)).toHaveLength(1000);
  expect(page).toMatch(/\n… and \d+ more\n$/);
});

test.each([
  [false, 2],
  [true, 0],
])('findings of a dry run (%s) are those of check, and not told twice', (dryRun, count) => {
  const findings = [1, 2].map((line) => {
    return { code: 'placeholder', severity: 'warning', message: 'm', file: 'a.md', line, column: 1 } as const;
  });
  expect(toRunAnnotations(toDocument([toResult({ findings })], { dryRun }))).toHaveLength(count);
});

test('outputs stand between lines that nobody can guess', () => {
  const text = toOutputs(toDocument([toResult({}), toResult({ status: 'failed' })]), ['a.md', 'end\nfailed=0']);
  const ends = [...text.matchAll(/^[a-z-]+<<(end-[0-9a-f-]{36})$/gm)].map((match) => match[1] ?? '');
  expect(new Set(ends).size).toBe(3);
  for (const end of ends) expect(text.split('\n').filter((line) => line === end)).toHaveLength(1);
  expect(text).toContain(`published<<${ends[0]}\n1\n${ends[0]}\n`);
  expect(text).toContain(`failed<<${ends[1]}\n1\n${ends[1]}\n`);
});
