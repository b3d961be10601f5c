// Each rule of check on real files: a post that it catches, with the places, and the nearest post that it lets pass.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LINT_RULES } from '../../src/check/lint-rules.ts';
import { applyChecks, RULES } from '../../src/check/rules.ts';
import { FINDINGS, type FindingCode, finding } from '../../src/facts/findings.ts';
import { LIMITS } from '../../src/facts/limits.ts';
import { type Config, DEFAULTS } from '../../src/local/config-keys.ts';
import { lookCloser } from '../../src/publish/lint.ts';
import { readPost } from '../../src/publish/read.ts';
import { describeRule } from '../../src/report/rule-words.ts';
import { describeFinding } from '../../src/report/words.ts';
import { fresh } from '../cli/stage.ts';
import { animation, pngSaying } from '../images/samples.ts';

interface Post {
  readonly text: string;
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  readonly config?: Partial<Config>;
  readonly ci?: boolean;
  readonly named?: boolean;
}

/** What check finds in a post, in a site of its own. */
async function look({ text, files = {}, config = {}, ci = false, named = true }: Post) {
  const root = fresh('check');
  const file = join(root, 'posts', 'post.md');
  for (const [path, content] of Object.entries({ 'posts/post.md': text, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const reading = await readPost(
    {
      file,
      named,
      path: 'posts/post.md',
      place: { root, gitRoot: null, home: root },
      config: { ...DEFAULTS, ...config },
    },
    {
      overrides: { theme: null, codeTheme: null, cover: null, author: null, digest: null },
      accountOf: () => null,
      leaveOut: () => null,
      lookCloser: (seen) => lookCloser(seen, { ci, where: { env: {}, platform: 'none' } }),
    },
  );
  if (reading.kind === 'left-out') throw new Error('left out');
  return reading.kind === 'ok' ? reading.read.findings : reading.findings;
}

const titled = (body: string, more = '') => `---\ntitle: t\n${more}wechat_synced: false\n---\n${body}\n`;
/** Paragraphs that make more than 18,000 characters of HTML. */
const LONG = '一段话。\n\n'.repeat(300);
const covered = (width: number, height: number): Post => ({
  text: titled('文', 'cover: c.png\n'),
  files: { 'posts/c.png': pngSaying(width, height) },
});
const pictured = (name: string, bytes: Uint8Array | string): Post => ({
  text: titled(`![图](${name})`),
  files: { [`posts/${name}`]: bytes },
});
const remote = (config: Partial<Config>, ci = false): Post => ({
  text: titled('文\n\n![图](https://pic.example.com/a.png)'),
  config,
  ci,
});
const images = (count: number) => Array.from({ length: count }, (_, index) => `![图](https://h.test/${index}.png)`);
const boxed = (style: string): Post => ({ text: titled(`<div style="${style}">文</div>`) });
const celled = (html: string): Post => ({ text: titled(`<table><tr><td>${html}</td></tr></table>`) });
/** Two frames' header, then as many bytes as wished: enough for a header to be read. */
const gif = await animation('gif', { width: 4, height: 4, colours: ['#ff0000', '#0000ff'] });
const padded = (length: number) => Buffer.concat([gif, Buffer.alloc(length - gif.length)]);
const apng = () => {
  const png = pngSaying(1000, 500);
  const control = Buffer.concat([Buffer.from('\0\0\0\x08acTL', 'latin1'), Buffer.alloc(12)]);
  return Buffer.concat([png.subarray(0, 33), control, png.subarray(33)]);
};
const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1', 'latin1');

/** Code, the post that breaks the rule, where, and the nearest one that does not. */
const CASES: readonly (readonly [FindingCode, Post, readonly string[], Post])[] = [
  ['kind-unsupported', { text: titled('文', 'type: newspic\n') }, ['3:7'], { text: titled('文', 'type: post\n') }],
  ['body-empty', { text: titled('') }, ['5:1'], { text: titled('文') }],
  ['html-near', { text: titled(LONG) }, ['5:1'], { text: titled(LONG), config: { compact: true } }],
  ['html-long', { text: titled('文'.repeat(20_001)) }, ['5:1'], { text: titled('文'.repeat(18_000)) }],
  ['html-too-long', { text: titled('文'.repeat(334_000)) }, ['5:1'], { text: titled('文'.repeat(20_001)) }],
  ['too-many-images', { text: titled(images(201).join('\n\n')) }, ['5:1'], { text: titled(images(200).join('\n\n')) }],
  [
    'draft-named',
    { text: titled('文', 'draft: true\n') },
    ['3:8'],
    { text: titled('文', 'draft: true\n'), named: false },
  ],
  ['title-from-file', { text: '文\n' }, ['1:1'], { text: '# 题\n\n文\n' }],
  ['cover-missing', { text: titled('文') }, ['1:1'], covered(900, 383)],
  ['cover-small', covered(899, 383), ['3:8'], covered(900, 383)],
  ['cover-ratio', covered(1200, 900), ['3:8'], covered(1600, 900)],
  ['image-not-an-image', pictured('a.png', 'GIF? no'), ['5:1'], pictured('a.png', pngSaying(9, 9))],
  ['image-format', pictured('a.png', heic), ['5:1'], pictured('a.png', pngSaying(9, 9))],
  [
    'image-too-many-pixels',
    pictured('a.png', pngSaying(8000, 5001)),
    ['5:1'],
    pictured('a.png', pngSaying(8000, 5000)),
  ],
  ['image-first-frame', pictured('a.png', apng()), ['5:1'], pictured('a.gif', gif)],
  ['animation-big', pictured('a.gif', padded(10_000_001)), ['5:1'], pictured('a.gif', padded(10_000_000))],
  ['image-host-unlisted', remote({}), ['7:1'], remote({ images: { maxWidth: 1440, allowHosts: ['pic.example.com'] } })],
  ['image-host-not-allowed', remote({}, true), ['7:1'], remote({})],
  [
    'alt-missing',
    { ...pictured('a.png', pngSaying(9, 9)), text: titled('![](a.png)') },
    ['5:1'],
    pictured('a.png', pngSaying(9, 9)),
  ],
  ['heading-empty', { text: titled('文\n\n##\n\n文') }, ['7:1'], { text: titled('文\n\n## 节\n\n文') }],
  [
    'heading-jump',
    { text: titled('## 节\n\n#### 段\n\n### 段') },
    ['7:1'],
    { text: titled('# t\n\n### 节\n\n#### 段\n\n## 节') },
  ],
  ['heading-many-h1', { text: titled('# t\n\n文\n\n# 又一个\n\n# 再一个') }, ['9:1'], { text: titled('# t\n\n文') }],
  [
    'link-noted',
    {
      text: titled(
        '看[此](https://e.com/a?b=1)与[彼](//e.com/c)，再[此](https://e.com/a?b=1)\n\n{% quote 人 https://e.com/d 书 %}\n一\n\n二\n{% endquote %}',
      ),
    },
    ['5:2', '5:27', '7:1'],
    { text: titled('看 https://e.com/a 与[文](https://mp.weixin.qq.com/s/x)') },
  ],
  [
    'link-lost',
    { text: titled('看[此](https://e.com)'), config: { links: 'text' } },
    ['5:2'],
    { text: titled('看[此](https://e.com)') },
  ],
  [
    'link-in-page',
    { text: titled('[一](#a)\n\n[二](#b)') },
    ['5:1'],
    { text: titled('<!-- wxsync:skip -->\n\n[一](#a)\n\n<!-- wxsync:end -->\n\n文') },
  ],
  ['width-fixed', boxed('width:376px'), ['5:1'], boxed('width:375px')],
  ['contrast-low', boxed('color:#bbb'), ['5:1'], boxed('color:#aaa')],
  ['table-nested', celled('<table><tr><td>二</td></tr></table>'), ['5:16'], celled('<b>二</b>')],
  ['nesting-redundant', { text: titled(`${'>'.repeat(11)} 文`) }, ['5:1'], { text: titled(`${'>'.repeat(10)} 文`) }],
];

describe.each(CASES)('%s', (code, bad, places, good) => {
  test('is found, at its places, in words of both languages', async () => {
    const found = (await look(bad)).filter((each) => each.code === code);
    expect(found.map(({ line, column }) => `${line}:${column}`)).toEqual(places);
    for (const each of found) {
      expect(each.severity).toBe(FINDINGS[code]);
      for (const lang of ['en', 'zh'] as const) {
        expect(describeFinding(each, lang)).not.toMatch(/[{}]|\[\[|\]\]|undefined| {2}|[:,(（] *$/);
      }
    }
  });

  test('is not found in what is right', async () => {
    expect((await look(good)).map((each) => each.code)).not.toContain(code);
  });
});

test('every rule has its case', () => {
  const ruled = [...RULES, ...LINT_RULES].map(({ code }) => code);
  expect(CASES.map(([code]) => code).sort()).toEqual(ruled.sort());
});

/** Rules of parsing, lengths and pictures live where they are read; here is that check says them, and lets them pass. */
test.each<[FindingCode, Post, string, Post]>([
  [
    'title-too-long',
    { text: `---\ntitle: ${'汉'.repeat(65)}\n---\n文` },
    '2:8',
    { text: `---\ntitle: ${'汉'.repeat(64)}\n---\n文` },
  ],
  [
    'digest-cut',
    { text: titled('文', `description: ${'汉'.repeat(121)}\n`) },
    '3:14',
    { text: titled('文', `description: ${'汉'.repeat(120)}\n`) },
  ],
  [
    'author-dropped',
    { text: titled('文', `author: ${'汉'.repeat(9)}\n`) },
    '3:9',
    { text: titled('文', `author: ${'汉'.repeat(8)}\n`) },
  ],
  ['field-type', { text: titled('文', 'author: true\n') }, '3:9', { text: titled('文', 'author: 王\n') }],
  ['front-matter-yaml', { text: '---\ntitle: "t\ndate: 2026-01-01\n---\n文' }, '2:8', { text: titled('文') }],
  ['flag-not-boolean', { text: '---\nwechat_synced: "no"\n---\n文' }, '2:16', { text: titled('文') }],
  ['image-missing', { text: titled('![图](none.png)') }, '5:1', pictured('a.png', pngSaying(9, 9))],
  ['placeholder', { text: titled('文\n\n（此处应配图：港口）') }, '7:1', { text: titled('文\n\n（图：新华社）') }],
  ['post-link-unknown', { text: titled('见[前文](./a.md)') }, '5:2', { text: titled('见前文') }],
])('%s', async (code, bad, place, good) => {
  const found = (await look(bad)).filter((each) => each.code === code);
  expect(found.map(({ line, column }) => `${line}:${column}`)).toEqual([place]);
  expect((await look(good)).map((each) => each.code)).not.toContain(code);
});

test('an error does not hide what else is wrong', async () => {
  const found = await look({ text: titled('![](none.png)\n\n## 节\n\n#### 段') });
  expect(found.map(({ code }) => code)).toEqual(['cover-missing', 'image-missing', 'alt-missing', 'heading-jump']);
});

test.each([
  ['off', []],
  ['warn', ['warning']],
  ['error', ['error']],
] as const)('a project may set %s', async (wish, severities) => {
  const found = await look({ text: titled('文'), config: { checks: { 'cover-missing': wish } } });
  expect(found.map(({ severity }) => severity)).toEqual(severities);
});

test('what is an error for everybody stays one', () => {
  const broken = finding('image-missing', { line: 1, column: 1 });
  expect(applyChecks([broken], { 'image-missing': 'off' })).toEqual([broken]);
});

test.each(Object.keys(FINDINGS) as FindingCode[])('%s has its reason and what to do in both languages', (code) => {
  const [en, zh] = [describeRule(code, 'en'), describeRule(code, 'zh')];
  expect(`${en.reason} ${en.mend}`).toMatch(/^[A-Z][^\p{Script=Han}]+[.…`]$/u);
  expect(`${zh.reason}${zh.mend}`).toMatch(/\p{Script=Han}.*[。…]$/u);
  expect([en.reason, en.mend, zh.reason, zh.mend]).not.toContain('');
});

test('the cover that a rule asks for has the shape that it asks for', () => {
  const { coverWidth, coverHeight, coverRatio } = LIMITS;
  expect(coverWidth.value / coverHeight.value).toBeCloseTo(coverRatio.value, 2);
});
