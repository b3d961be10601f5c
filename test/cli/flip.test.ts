// Fourteen kinds of front matter through the whole CLI: each file differs by exactly the flag's bytes, mode and link kept.
import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fresh, run } from './stage.ts';

const body = '\n# Heading\n\nText with wechat_synced: false in it.\n';
const FILES: Readonly<Record<string, readonly [before: string, after: string]>> = Object.fromEntries(
  (
    [
      ['comment', '---\ntitle: a\nwechat_synced: false  # not yet: false\n---\n', 'false  #', 'true  #'],
      ['crlf', '---\r\ntitle: a\r\nwechat_synced: false\r\n---\r\n', ': false\r', ': true\r'],
      ['bom', '\ufeff---\ntitle: a\nwechat_synced: false\n---\n', ': false', ': true'],
      ['quoted-key', '---\ntitle: a\n"wechat_synced": false\n---\n', ': false', ': true'],
      [
        'block-scalar',
        '---\ntitle: a\nnote: |\n  wechat_synced: false\nwechat_synced: false\n---\n',
        '\nwechat_synced: false\n',
        '\nwechat_synced: true\n',
      ],
      [
        'nested',
        '---\ntitle: a\nextra:\n  wechat_synced: false\nwechat_synced: false\n---\n',
        '\nwechat_synced: false\n',
        '\nwechat_synced: true\n',
      ],
      ['tabs', '---\ntitle: a\nwechat_synced:\tfalse\t\n---\n', '\tfalse', '\ttrue'],
      ['dots', '---\ntitle: a\nwechat_synced: false\n...\n', ': false', ': true'],
      ['no-final-newline', '---\ntitle: a\nwechat_synced: false\n---', ': false', ': true'],
      ['capital', '---\ntitle: a\nwechat_synced: False\n---\n', 'False', 'true'],
      ['first', '---\nwechat_synced: false\ntitle: a\n---\n', ': false', ': true'],
      ['spaces', '---   \ntitle: a\nwechat_synced   :    false   \n---  \n', '   false', '   true'],
      ['flow', '---\n{title: a, wechat_synced: false}\n---\n', ': false', ': true'],
      ['linked', '---\ntitle: a\nwechat_synced: false\n---\n', ': false', ': true'],
      ['absent', '---\ntitle: a\n---\n', 'title: a\n', 'title: a\nwechat_synced: true\n'],
    ] as const
  ).map(([name, frontMatter, from, to]) => {
    const text = frontMatter.endsWith('---') ? frontMatter : frontMatter + body;
    const at =
      name === 'block-scalar' || name === 'nested' ? text.lastIndexOf(from, text.indexOf(body)) : text.indexOf(from);
    return [name, [text, text.slice(0, at) + to + text.slice(at + from.length)] as const];
  }),
);

test('each flips by its flag alone', async () => {
  const site = fresh('flip');
  mkdirSync(join(site, 'posts'));
  writeFileSync(join(site, 'wxsync.config.json'), '{}');
  for (const [name, [before]] of Object.entries(FILES)) {
    const file = join(site, 'posts', name === 'linked' ? 'target.txt' : `${name}.md`);
    writeFileSync(file, name === 'no-final-newline' ? before : before);
    chmodSync(file, 0o640);
  }
  symlinkSync('target.txt', join(site, 'posts', 'linked.md'));
  const names = Object.keys(FILES).filter((name) => name !== 'no-final-newline');
  const { code, stderr } = await run(['publish', '--sandbox', '--flip', ...names.map((name) => `posts/${name}.md`)], {
    cwd: site,
  });
  expect([code, stderr.match(/error/g)]).toEqual([0, null]);
  for (const name of names) {
    const file = join(site, 'posts', `${name}.md`);
    expect([name, readFileSync(file, 'utf8')]).toEqual([name, FILES[name]?.[1]]);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  }
  expect(lstatSync(join(site, 'posts', 'linked.md')).isSymbolicLink()).toBe(true);
});
