// One property of the flip over generated front matter: nothing but the flag's value ever changes, or it is refused.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { FLAG, maskFlag, setFlag } from '../../src/article/flag.ts';
import { parsePost } from '../../src/article/post.ts';

/** Lines that surround the flag; each is a whole entry, and none has a key of another. */
const ENTRIES = [
  'title: "a: \'b\' # c"',
  "sub: 'it''s: 外贸人的“生死局”'",
  'plain: x # wechat_synced: false',
  '# wechat_synced: false',
  '  # indented comment',
  '',
  ' ',
  'date: 2026-02-18',
  'emoji: 🎉',
  'nested:\n  wechat_synced: false\n  deep: {wechat_synced: true}',
  'list:\n- wechat_synced: false\n- [a, "b"]',
  'flow: {a: 1, wechat_synced: false, b: [x]}',
  'literal: |\n  wechat_synced: false\n\n  more',
  'kept: |+\n  wechat_synced: false\n\n',
  'folded: >-\n  wechat_synced: false\n  ---x\n',
  'quoted: "x\n  wechat_synced: false\n  y"',
  'anchor: &a {wechat_synced: true}',
  'merged:\n  <<: {wechat_synced: true}',
  'number: 1.10',
  'empty:',
  '"quoted key": yes',
  'tabbed:\tx\t',
  'wechat:\n  digest: x\n  wechat_synced: true',
  '__proto__: {a: 1}',
];
/** The flag in all manners; the first rows are those that must never be refused. */
const SAFE_FLAGS = [
  'wechat_synced: false',
  'wechat_synced: true',
  'wechat_synced:   False  # wechat_synced: true',
  '"wechat_synced": false',
  "'wechat_synced' : TRUE",
  'wechat_synced:\tfalse\t',
  'wechat_synced:\n  false',
  'wechat_synced: # soon\n   true',
];
const ODD_FLAGS = [
  'wechat_synced: "false"',
  'wechat_synced: >-\n  false',
  'wechat_synced: |\n  true',
  'wechat_synced: &f false',
  'wechat_synced: !!bool false',
  '? wechat_synced\n: false',
  'wechat_synced: yes',
  'wechat_synced:',
  'wechat_synced: {a: false}',
  'wechat_synced: false\nwechat_synced: false',
  'wechat_synced: false\n wrong: indent',
  ' wechat_synced: false',
];
const BODIES = [
  '',
  'text',
  'text\n',
  '\n---\nwechat_synced: false\n---\n',
  '...\n',
  '外贸 🎉\n\n```yaml\nwechat_synced: false\n```\n',
];

const flag = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...SAFE_FLAGS) },
  { weight: 2, arbitrary: fc.constantFrom(...ODD_FLAGS) },
  { weight: 2, arbitrary: fc.constant(null) },
);

const shape = fc.record({
  flag,
  before: fc.uniqueArray(fc.constantFrom(...ENTRIES), { maxLength: 6 }),
  after: fc.uniqueArray(fc.constantFrom(...ENTRIES), { maxLength: 4 }),
  form: fc.constantFrom('block', 'block', 'block', 'indented', 'flow'),
  opening: fc.constantFrom('---', '---', '--- ', '---yaml', '---yml'),
  closing: fc.constantFrom('---', '---', '...', '--- \t'),
  newline: fc.constantFrom('\n', '\r\n', 'mixed'),
  mark: fc.constantFrom('', '\uFEFF'),
  end: fc.boolean(),
  body: fc.oneof(fc.constantFrom(...BODIES), fc.string({ unit: 'grapheme' })),
});

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

function write({ flag, before, after, form, opening, closing, newline, mark, end, body }: Shape): string {
  const rest = after.filter((entry) => !before.includes(entry));
  let block = [...before, ...(flag === null ? [] : [flag]), ...rest].map((entry) => `${entry}\n`).join('');
  if (form === 'indented') block = block.replace(/^(?=.)/gm, '  ');
  if (form === 'flow') block = `{title: "x", ${flag === null ? '' : `${flag}\n, `}tags: [a]} # c\n`;
  let lines = 0;
  const text = `${opening}\n${block}${closing}${end || body !== '' ? `\n${body}` : ''}`;
  const breakLine = (): string => (newline === 'mixed' ? (['\n', '\r\n'][lines++ % 2] ?? '\n') : newline);
  return mark + text.replace(/\r?\n/g, breakLine);
}

/** Reads with the package alone, another way than the code under test: the values, and the body. */
function readAnew(bytes: Uint8Array): { readonly data: Record<string, unknown>; readonly body: string } {
  const text = Buffer.from(bytes)
    .toString()
    .replace(/^\uFEFF/, '');
  const match = /^---[^\n]*\n([\s\S]*?)(?<=\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text);
  const document = parseDocument(match?.[1] ?? '', { version: '1.2', schema: 'core' });
  return { data: document.errors.length > 0 ? {} : (document.toJS() ?? {}), body: match?.[2] ?? '' };
}

function must(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(what);
}

export interface Outcome {
  readonly runs: number;
  readonly changed: number;
}

/** Runs the property so many times. Throws with seed and counter-example; else tells how many files could be changed. */
export async function checkFlips(runs: number, seed: number): Promise<Outcome> {
  let changed = 0;
  const property = fc.asyncProperty(shape, fc.boolean(), async (made, value) => {
    const old = Buffer.from(write(made));
    const copy = Buffer.from(old);
    const change = setFlag(old, value);
    must(old.equals(copy), 'the old bytes were written to');
    const { post } = await parsePost({ bytes: old, path: 'a.md' });
    if (!change.ok) {
      must(Buffer.from(maskFlag(old)).equals(old), 'what cannot be changed was masked');
      must(!SAFE_FLAGS.includes(made.flag ?? ''), `refused without need: ${change.reason}`);
      return;
    }
    changed += 1;
    const { bytes } = change;
    const { start, end } = change.changed;
    const tail = old.length - end;
    must(old.subarray(0, start).equals(Buffer.from(bytes.subarray(0, start))), 'bytes before the value changed');
    must(old.subarray(end).equals(Buffer.from(bytes.subarray(bytes.length - tail))), 'bytes after the value changed');

    const [before, after] = [readAnew(old), readAnew(bytes)];
    must(after.data[FLAG] === value, 'the flag does not say what it should');
    must(after.body === before.body, 'the body changed');
    must(isDeepStrictEqual({ ...after.data, [FLAG]: null }, { ...before.data, [FLAG]: null }), 'a value changed');

    const was = before.data[FLAG];
    must(post?.flag === (was === undefined ? 'absent' : `${was}`), 'the post does not tell the flag');

    const other = setFlag(bytes, !value);
    must(other.ok && Buffer.from(maskFlag(other.bytes)).equals(maskFlag(bytes)), 'the mask tells true from false');
    must(Buffer.from(maskFlag(old)).equals(maskFlag(bytes)), 'the mask tells before from after');
  });
  await fc.assert(property, { numRuns: runs, seed });
  return { runs, changed };
}
