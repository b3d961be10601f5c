// What is shipped: the files of the package, no path or secret of the computer that built it, no call that publishes or erases.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { findLeak } from './canary.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

let files: readonly string[];

beforeAll(() => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const text = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [packed] = JSON.parse(text) as [{ files: readonly { path: string }[] }];
  files = packed.files.map(({ path }) => path);
});

test('it holds what is run, read and shown, and nothing else', () => {
  const known =
    /^(?:bin\/wxsync\.js|(?:bin|dist)\/package\.json|dist\/(?:chunks\/)?[\w-]+\.js|dist\/rules\/[\w+-]+\.json|dist\/types\/[\w/.-]+\.d\.ts|themes\/(?:code\/)?[\w-]+\.css|schemas\/[\w.-]+\.json|templates\/[\w./-]+|(?:README(?:\.zh-CN)?|CHANGELOG)\.md|NOTICE|LICENSE|package\.json)$/;
  expect(files.filter((file) => !known.test(file))).toEqual([]);
  for (const file of ['bin/wxsync.js', 'dist/start.js', 'dist/cli.js', 'dist/index.js', 'LICENSE', 'NOTICE'])
    expect(files).toContain(file);
});

test('it has no script that runs when it is installed from a registry', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  expect(Object.keys(scripts).filter((name) => /^(?:pre|post)?install$|^postprepare$/.test(name))).toEqual([]);
});

test('it tells nothing of the computer that built it', () => {
  const telling = files.filter((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const names = text.includes(`${ROOT}/`) || (homedir().length > 5 && text.includes(`${homedir()}/`));
    return names || findLeak(text) !== null || /sourceMappingURL|BEGIN [A-Z ]*PRIVATE KEY/.test(text);
  });
  expect(telling).toEqual([]);
});

describe('endpoints', () => {
  const source = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('sandbox') && file !== join('facts', 'errcodes.ts'))
    .map((file) => readFileSync(join(ROOT, 'src', file), 'utf8'))
    .join('\n');

  test.each(['freepublish/submit', 'freepublish/delete', 'message/mass', 'mass/send', 'clear_quota', 'del_material'])(
    '%s is called nowhere',
    (endpoint) => expect(source.replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, '')).not.toContain(endpoint),
  );

  test('those that are called are these', () => {
    const called = [...source.matchAll(/'\/cgi-bin\/([\w/]+)'/g)].map((match) => match[1]);
    expect([...new Set(called)].sort()).toEqual([
      'draft/add',
      'draft/batchget',
      'draft/count',
      'draft/delete',
      'draft/get',
      'draft/update',
      'freepublish/batchget',
      'get_api_domain_ip',
      'material/add_material',
      'material/batchget_material',
      'media/uploadimg',
      'stable_token',
    ]);
  });
});
