// The config file: every key checked, what a repository may not set refused by name, places exact.
import { existsSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WxsyncError } from '../../src/errors.ts';
import { findSetting, loadConfig, parseConfig } from '../../src/local/config.ts';
import { DEFAULTS } from '../../src/local/config-keys.ts';

const refusal = async (text: string, key?: string) => {
  const error = await parseConfig(text, 'wxsync.config.json', key).catch((thrown: unknown) => thrown);
  if (!(error instanceof WxsyncError)) throw new Error('was accepted');
  const { line, column, ...args } = error.args;
  return { code: error.code, at: `${line}:${column}`, args };
};

describe('accepts', () => {
  test.each([
    ['{}', {}],
    ['', {}],
    ['{"author":"王小明","caption":"alt"}', { author: '王小明', caption: 'alt' }],
    ['images:\n  maxWidth: 1080\n', { images: { maxWidth: 1080, allowHosts: [] } }],
    ['$schema: ./x.json\ninclude: [a/**]\n', { include: ['a/**'] }],
    ['accounts: { main: { author: A, theme: default } }', { accounts: { main: { author: 'A', theme: 'default' } } }],
  ])('%j', async (text, expected) => {
    expect(await parseConfig(text, 'c')).toEqual({ ...DEFAULTS, ...expected });
  });

  test('the wxsync key of package.json', async () => {
    expect(await parseConfig('{"name":"x","wxsync":{"author":"A"}}', 'package.json', 'wxsync')).toEqual({
      ...DEFAULTS,
      author: 'A',
    });
  });
});

describe('refuses', () => {
  test.each([
    ['{\n  "authr": "A"\n}', 'config-unknown-key', '2:3', { key: 'authr', near: 'author' }],
    ['{"zzzzzz": 1}', 'config-unknown-key', '1:2', { key: 'zzzzzz', near: '' }],
    ['{"apiRoot": "https://evil.test"}', 'config-forbidden-key', '1:2', { instead: 'WXSYNC_API_ROOT' }],
    ['{"appSecret": "x"}', 'config-forbidden-key', '1:2', { instead: 'WECHAT_APP_SECRET' }],
    ['{"app_secret": "x"}', 'config-forbidden-key', '1:2', { instead: 'WECHAT_APP_SECRET' }],
    ['{"proxy": "http://evil.test"}', 'config-forbidden-key', '1:2', { instead: 'WXSYNC_PROXY' }],
    ['{"timeoutMs": 1}', 'config-forbidden-key', '1:2', { instead: 'WXSYNC_TIMEOUT_MS' }],
    ['{"store": "x"}', 'config-forbidden-key', '1:2', { instead: 'WXSYNC_STORE' }],
    [
      '{"caption": "both"}',
      'config-invalid',
      '1:13',
      { key: 'caption', found: '“both”', expected: 'title | alt | off' },
    ],
    ['{"compact": "yes"}', 'config-invalid', '1:13', { key: 'compact', found: '“yes”', expected: 'boolean' }],
    ['{"images": {"maxWidth": 10}}', 'config-invalid', '1:25', { key: 'images.maxWidth', found: '“10”', min: 200 }],
    ['include:\n  - a\n  - [b]\n', 'config-invalid', '3:5', { key: 'include[1]', found: 'list', expected: 'string' }],
    ['{"siteUrl": "javascript:1"}', 'config-invalid', '1:13', { expected: 'url' }],
    ['{"checks":{"placholder":"off"}}', 'config-unknown-key', '1:12', { key: 'placholder', near: 'placeholder' }],
    ['{"checks":{"image-missing":"off"}}', 'config-unknown-key', '1:12', { key: 'image-missing' }],
    ['[1]', 'config-invalid', '1:1', { problem: 'config-not-a-map', found: 'list' }],
    ['- a\n', 'config-invalid', '1:1', { problem: 'config-not-a-map', found: 'list' }],
    ['# c\nbreaks：true\n', 'config-invalid', '2:7', { problem: 'wide-colon' }],
    ['breaks:true\n', 'config-invalid', '1:8', { problem: 'colon-space' }],
    ['lang: zh\nauthor: \uFFFD\n', 'config-invalid', '2:9', { problem: 'not-utf8' }],
    ['{"author": "A"', 'config-invalid', '1:1', { problem: 'MISSING_CHAR' }],
    ['lang: zh\ntheme: "x\n', 'config-invalid', '2:8', { problem: 'MISSING_CHAR' }],
    ['lang: zh\nauthor: *y\n', 'config-invalid', '2:9', { problem: 'BAD_ALIAS' }],
    ['author: A\nauthor: B\n', 'config-invalid', '2:1', { problem: 'DUPLICATE_KEY' }],
    ['author: &a x\ntheme: [*a'.concat(', *a'.repeat(30), ']'), 'config-invalid', '2:49', { problem: 'aliases' }],
    ['{"__proto__": {"author": "A"}}', 'config-unknown-key', '1:2', { key: '__proto__' }],
  ])('%j with %s at %s', async (text, code, at, args) => {
    const refused = await refusal(text);
    expect(refused).toMatchObject({ code, args });
    expect(refused.at).toBe(at);
  });
});

describe('a pattern that leads out of the project', () => {
  test.each([
    ...['../a/*.md', 'a/../../*.md', '..', '!../a.md', '{a,..}/*.md', '@(a|..)/*.md', '..\\a\\*.md', '\\.\\./a.md'],
    ...['/a/*.md', '!/a/*.md', '//host/a.md', '\\\\host\\a.md', 'C:/a/*.md', 'c:\\a\\*.md'],
  ])('%s is refused', async (pattern) => {
    for (const key of ['include', 'exclude']) {
      const refused = await refusal(`{\n  "${key}": ["ok/*.md", ${JSON.stringify(pattern)}]\n}`);
      expect(refused).toMatchObject({ code: 'config-outside', at: '2:3', args: { key, pattern } });
    }
  });

  test('dots that lead nowhere are none', async () => {
    const include = ['./a/*.md', '.hidden/*.md', 'a..b/*.md', '.../*.md', '**/*.md'];
    expect(await parseConfig(JSON.stringify({ include }), 'c')).toMatchObject({ include });
  });
});

describe('where it is found', () => {
  const JSON_FILE = 'wxsync.config.json';
  const YAML_FILE = 'wxsync.config.yaml';
  const OURS = '{"wxsync":{"author":"P"}}';
  const DEPENDENCY = '{"devDependencies":{"wxsync":"1.0.0"}}';
  const load = async (files: Readonly<Record<string, string>>, explicit?: string) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-config-')));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    return loadConfig({ root, gitRoot: null }, explicit === undefined ? null : join(root, explicit)).then(
      ({ config, file }) => [file === null ? null : file.slice(root.length + 1), config.author],
      (error: unknown) =>
        error instanceof WxsyncError
          ? [error.code, error.args['files'] ?? error.args['file'] ?? error.args['path']]
          : error,
    );
  };

  test.each<[string, Readonly<Record<string, string>>, readonly unknown[], string?]>([
    ['nowhere', {}, [null, null]],
    ['a file', { [YAML_FILE]: 'author: Y\n' }, [YAML_FILE, 'Y']],
    ['the key of package.json', { 'package.json': OURS }, ['package.json', 'P']],
    ['a package.json that only depends on us', { 'package.json': DEPENDENCY }, [null, null]],
    ['a file beside it', { [JSON_FILE]: '{"author":"J"}', 'package.json': DEPENDENCY }, [JSON_FILE, 'J']],
    ['a file beside a broken one', { [JSON_FILE]: '{"author":"J"}', 'package.json': '{"wxsync"' }, [JSON_FILE, 'J']],
    ['a broken one alone', { 'package.json': '{"wxsync": {' }, ['config-invalid', 'package.json']],
    ['two files', { [JSON_FILE]: '{}', [YAML_FILE]: '' }, ['config-twice', `${JSON_FILE}, ${YAML_FILE}`]],
    ['a file and the key', { [YAML_FILE]: '', 'package.json': OURS }, ['config-twice', `${YAML_FILE}, package.json`]],
    ['two, one of them named', { [JSON_FILE]: '{}', [YAML_FILE]: 'author: Y\n' }, [YAML_FILE, 'Y'], YAML_FILE],
  ])('%s', async (_, files, expected, explicit) => {
    expect(await load(files, explicit)).toEqual(expected);
  });

  test.each([...['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((ending) => `wxsync.config.${ending}`), '.wxsyncrc.js'])(
    '%s is named and never run',
    async (name) => {
      const canary = join(mkdtempSync(join(tmpdir(), 'wxsync-canary-')), 'ran');
      const script = `require('node:fs').writeFileSync(${JSON.stringify(canary)}, '')`;
      for (const explicit of [undefined, name])
        expect(await load({ [name]: script, [JSON_FILE]: '{}' }, explicit)).toEqual(['config-script', name]);
      expect(existsSync(canary)).toBe(false);
    },
  );
});

test.each<[name: string, text: string, path: readonly string[], place: string | null]>([
  ['wxsync.config.json', '{\n  "theme": "x"\n}', ['theme'], '2:12'],
  ['wxsync.config.yaml', 'accounts:\n  a:\n    theme: x\n', ['accounts', 'a', 'theme'], '3:12'],
  ['package.json', '{"theme": 1, "wxsync":\n{"theme": "x"}}', ['theme'], '2:11'],
  ['wxsync.config.json', '{}', ['theme'], null],
])('%s: where %j sets %j', async (name, text, path, place) => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-config-')));
  writeFileSync(join(root, name), text);
  const { config } = await loadConfig({ root, gitRoot: null }, null);
  const found = await findSetting(config, path);
  expect(found && [found.file, `${found.line}:${found.column}`]).toEqual(place && [name, place]);
});

test('a default is set nowhere', async () => {
  expect(await findSetting(DEFAULTS, ['theme'])).toBeNull();
});
