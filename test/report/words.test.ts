// Both languages say everything, with the same values in it, and never print what could harm a terminal or a CI log.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ERRORS, type ErrorCode, WxsyncError } from '../../src/errors.ts';
import { FINDINGS, finding } from '../../src/facts/findings.ts';
import { errorsEn, findingsEn, uiEn } from '../../src/report/messages.en.ts';
import { errorsZh, findingsZh, uiZh } from '../../src/report/messages.zh.ts';
import { chooseLang, describeError, describeFinding, fill, toArgument, toPrintable } from '../../src/report/words.ts';

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const han = /\p{Script=Han}/u;

describe('the two tables', () => {
  const sentences: [string, string, string][] = [
    ...Object.keys(ERRORS).flatMap((code): [string, string, string][] => {
      const [en, zh] = [errorsEn[code as ErrorCode], errorsZh[code as ErrorCode]];
      return [
        [`error ${code}`, en[0], zh[0]],
        [`mend ${code}`, en[1], zh[1]],
      ];
    }),
    ...Object.entries(findingsEn).map(([code, en]): [string, string, string] => [
      code,
      en,
      findingsZh[code as keyof typeof findingsZh],
    ]),
    ...Object.entries(uiEn).map(([key, en]): [string, string, string] => [key, en, uiZh[key as keyof typeof uiZh]]),
  ];

  test('hold the same keys', () => {
    expect(Object.keys(errorsZh).sort()).toEqual(Object.keys(ERRORS).sort());
    expect(Object.keys(errorsEn).sort()).toEqual(Object.keys(ERRORS).sort());
    expect(Object.keys(findingsZh).sort()).toEqual(Object.keys(FINDINGS).sort());
    expect(Object.keys(findingsEn).sort()).toEqual(Object.keys(FINDINGS).sort());
    expect(Object.keys(uiZh).sort()).toEqual(Object.keys(uiEn).sort());
  });

  test.each(sentences)('%s holds the same values in both', (key, en, zh) => {
    // WeChat's own sentence exists in Chinese; in English there is advice instead.
    if (key !== 'mend wechat-refused') expect(placeholders(zh)).toEqual(placeholders(en));
    expect(en).not.toBe('');
    expect(zh).not.toBe('');
    expect(han.test(en.replace(/基本信息|IP白名单|接口权限|草稿箱/g, ''))).toBe(false);
  });

  test('nothing is said that nobody says', () => {
    const folder = fileURLToPath(new URL('../../src', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!messages\.\w\w)\.ts$/.test(file),
    );
    const code = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
    const built = /^(?:step|result|reason|summary|resolved|state)\.|^(?:error|warning|info|bug)$/;
    const defined = Object.keys({ ...ERRORS, ...FINDINGS, ...uiEn }).filter((key) => !built.test(key));
    // A code stands once in its own table, and must stand once more where it is used.
    const unused = defined.filter(
      (key) => code.split(new RegExp(`'${key}'|\\b${key}: '`)).length - 1 < (key in uiEn ? 1 : 2),
    );
    expect(unused).toEqual([]);
  });

  test.each(Object.keys(ERRORS) as ErrorCode[])('error %s says what, why and what to do', (code) => {
    const names = [errorsEn[code], errorsZh[code]].flatMap((words) => placeholders(words.join(' ')));
    const args = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
    for (const lang of ['zh', 'en'] as const) {
      const { message, hint } = describeError(new WxsyncError(code, { args }), lang);
      expect(message.length).toBeGreaterThan(1);
      expect(hint.length).toBeGreaterThan(1);
      expect(`${message}${hint}`).not.toMatch(/[{}]|\[\[|\]\]/);
    }
  });
});

test.each([
  ['a {x} b', { x: 1 }, 'a 1 b'],
  ['[[did you mean {near}? ]]known: {known}', { near: '', known: 'a b' }, 'known: a b'],
  ['[[did you mean {near}? ]]known: {known}', { near: 'c', known: 'a b' }, 'did you mean c? known: a b'],
  ['{missing}', {}, ''],
  ['{n} {n?flag:flags}', { n: 1 }, '1 flag'],
  ['{n} {n?flag:flags}', { n: 0 }, '0 flags'],
])('fill %s', (template, args, expected) => {
  expect(fill(template, args)).toBe(expected);
});

test.each([
  ['plain 中文 😀', 'plain 中文 😀'],
  ['a\u001b[31mred', 'a\\u001b[31mred'],
  ['line\n::set-env name=x::y', 'line\\n::set-env name=x::y'],
  ['\u202egnp.exe', '\\u202egnp.exe'],
  ['bell\u0007 \u009b31m', 'bell\\u0007 \\u009b31m'],
])('toPrintable %j', (text, expected) => {
  expect(toPrintable(text)).toBe(expected);
});

test.each([
  ['BAD_INDENT', '这一行的缩进与上面的不一致'],
  ['SOMETHING_NEW', '这里的写法读不懂（Some English）'],
])('a config that YAML refuses as %s is told in Chinese', (problem, words) => {
  const args = { file: 'wxsync.config.yaml', line: 2, column: 3, detail: 'Some English', problem };
  const { message } = describeError(new WxsyncError('config-invalid', { args }), 'zh');
  expect(message).toBe(`wxsync.config.yaml:2:3：${words}`);
});

test.each<[args: Record<string, string>, en: string, zh: string]>([
  [
    { key: 'wechat.comments', found: '“maybe”', expected: 'open | fans | off' },
    'wechat.comments must be open, fans or off, but is “maybe”; it was ignored',
    'wechat.comments 只能写 open、fans 或 off，现在是“maybe”；已忽略',
  ],
  [
    { key: 'title', found: 'list', expected: 'string' },
    'title must be text, but is a list; it was ignored',
    'title 只能写文字，现在是列表；已忽略',
  ],
  [
    { key: 'published', found: 'string', expected: 'boolean' },
    'published must be true or false, but is text; it was ignored',
    'published 只能写 true 或 false，现在是文字；已忽略',
  ],
])('what a value must be: %j', (args, ...words) => {
  const found = finding('field-type', { line: 1, column: 1 }, args);
  expect([describeFinding(found, 'en'), describeFinding(found, 'zh')]).toEqual(words);
});

test('a finding with hostile args is one printable line', () => {
  const words = describeFinding(
    finding('image-missing', { line: 1, column: 1 }, { src: 'a\u001b]52;c;\u0007\n::error::x', tried: '' }),
    'en',
  );
  expect(words).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});

test.each([
  [{ LANG: 'zh_CN.UTF-8' }, undefined, undefined, 'zh'],
  [{ LANG: 'en_US.UTF-8' }, undefined, undefined, 'en'],
  [{ LC_ALL: 'zh_TW', LANG: 'C' }, undefined, undefined, 'zh'],
  [{}, undefined, undefined, 'en'],
  [{ WXSYNC_LANG: 'zh', LANG: 'C' }, undefined, 'en', 'zh'],
  [{ WXSYNC_LANG: 'zh' }, 'en', undefined, 'en'],
  [{ LANG: 'zh_CN' }, undefined, 'en', 'en'],
] as const)('chooseLang %j flag %s config %s -> %s', (env, flag, config, expected) => {
  expect(chooseLang(env, flag, config)).toBe(expected);
});

test.each([
  ['content/zh/a.md', 'content/zh/a.md'],
  ['文章/第一篇.md', '文章/第一篇.md'],
  ['a b.md', "'a b.md'"],
  ['a;$(touch x).md', "'a;$(touch x).md'"],
  ["it's.md", "'it'\\''s.md'"],
  ['-n.md', "'-n.md'"],
])('toArgument %s', (path, expected) => {
  expect(toArgument(path)).toBe(expected);
});
