// Settings: which source wins, what a repository's .env may say, which roots and clocks are refused.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WxsyncError } from '../../src/errors.ts';
import {
  type Distrust,
  findProxy,
  listProxyPasswords,
  loadClocks,
  loadCredential,
  loadEnvironment,
  parseApiRoot,
} from '../../src/local/settings.ts';

const codeOf = async (work: () => unknown) => {
  try {
    await work();
  } catch (error) {
    return error instanceof WxsyncError ? error.code : String(error);
  }
  return null;
};

describe('.env', () => {
  const load = (options: { dotenv?: string; envFile?: string; env?: Record<string, string>; distrust?: Distrust }) => {
    const root = mkdtempSync(join(tmpdir(), 'wxsync-env-'));
    if (options.dotenv !== undefined) writeFileSync(join(root, '.env'), options.dotenv);
    const envFile = options.envFile === undefined ? null : join(root, 'named.env');
    if (envFile !== null) writeFileSync(envFile, options.envFile ?? '');
    const doubt = () => options.distrust ?? null;
    return loadEnvironment({ env: options.env ?? {} }, { envFile, projectRoot: root, doubt });
  };

  test('gives credentials', async () => {
    const { env } = await load({ dotenv: 'WECHAT_APP_ID=wx1\nWECHAT_APP_SECRET__TEAM="s s"\n' });
    expect(env).toEqual({ WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET__TEAM: 's s' });
  });
  test('may set nothing that redirects', async () => {
    const dotenv =
      'WXSYNC_API_ROOT=https://evil.test\nHTTPS_PROXY=http://evil.test\nWXSYNC_PROXY=http://evil.test\nNODE_OPTIONS=x\nWXSYNC_LANG=zh\nWXSYNC_HOME=/x\n';
    expect(await load({ dotenv })).toEqual({
      env: { WXSYNC_LANG: 'zh' },
      ignored: ['WXSYNC_API_ROOT', 'HTTPS_PROXY', 'WXSYNC_PROXY', 'WXSYNC_HOME'],
      distrust: null,
    });
  });
  test('may point at no file, under no account’s name', async () => {
    const dotenv = 'WECHAT_APP_ID__TEAM_FILE=/etc/passwd\nWECHAT_APP_SECRET_FILE=/x\nWECHAT_APP_SECRET__A_FILE=/x\n';
    expect(await load({ dotenv })).toEqual({
      env: {},
      ignored: ['WECHAT_APP_ID__TEAM_FILE', 'WECHAT_APP_SECRET_FILE', 'WECHAT_APP_SECRET__A_FILE'],
      distrust: null,
    });
  });
  test('is weaker than the environment and than --env-file', async () => {
    const { env } = await load({
      dotenv: 'WECHAT_APP_ID=c\nWXSYNC_LANG=zh',
      envFile: 'WECHAT_APP_ID=b\nWXSYNC_API_ROOT=https://b.test',
      env: { WECHAT_APP_ID: 'a' },
    });
    expect(env).toEqual({ WECHAT_APP_ID: 'a', WXSYNC_LANG: 'zh', WXSYNC_API_ROOT: 'https://b.test' });
  });
  test('is not read in CI', async () => {
    expect((await load({ dotenv: 'WECHAT_APP_ID=c', env: { CI: 'true' } })).env).toEqual({ CI: 'true' });
    expect((await load({ dotenv: 'WECHAT_APP_ID=c', env: { CI: 'false' } })).env['WECHAT_APP_ID']).toBe('c');
  });
  test.each<Distrust>(['tracked', 'unknown', 'planted'])('is ignored when it is %s', async (distrust) => {
    expect(await load({ dotenv: 'WECHAT_APP_ID=c', distrust })).toEqual({ env: {}, ignored: [], distrust });
    expect(await load({ distrust }), 'there is none').toEqual({ env: {}, ignored: [], distrust: null });
  });
  test('an empty variable counts as unset', async () => {
    expect((await load({ dotenv: 'WECHAT_APP_ID=c', env: { WECHAT_APP_ID: '' } })).env['WECHAT_APP_ID']).toBe('c');
  });
});

describe('credentials', () => {
  const account = (name: string | null) => ({ name, file: 'a.md' });
  test('of the default and of a named account', async () => {
    const env = {
      WECHAT_APP_ID: 'a',
      WECHAT_APP_SECRET: ' s\n',
      WECHAT_APP_ID__MY_TEAM: 'b',
      WECHAT_APP_SECRET__MY_TEAM: 't',
    };
    expect(await loadCredential(env, account(null))).toEqual({ kind: 'secret', appId: 'a', secret: 's' });
    expect(await loadCredential(env, account('my-team'))).toEqual({ kind: 'secret', appId: 'b', secret: 't' });
  });
  test('from files', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'wxsync-secret-')), 's');
    writeFileSync(file, 'hidden\n');
    expect(await loadCredential({ WECHAT_APP_ID: 'a', WECHAT_APP_SECRET_FILE: file }, account(null))).toEqual({
      kind: 'secret',
      appId: 'a',
      secret: 'hidden',
    });
  });
  test('a token kept elsewhere', async () => {
    expect(await loadCredential({ WECHAT_APP_ID: 'a', WECHAT_ACCESS_TOKEN: 't' }, account(null))).toEqual({
      kind: 'token',
      appId: 'a',
      token: 't',
    });
  });
  test('missing ones are named, values never', async () => {
    const error = await loadCredential({ WECHAT_APP_ID: 'wx-value' }, account(null)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'credentials-missing', args: { names: 'WECHAT_APP_SECRET', file: 'a.md' } });
    expect(String(error)).not.toContain('wx-value');
  });
  test('in CI, what to do is what its service can', async () => {
    const missing = loadCredential({ CI: 'true' }, account(null));
    await expect(missing).rejects.toHaveProperty('args', {
      names: 'WECHAT_APP_ID, WECHAT_APP_SECRET',
      service: 'CI',
    });
  });
});

test.each([
  [undefined, 'https://api.weixin.qq.com', false],
  ['https://relay.example.com/wx/', 'https://relay.example.com/wx', false],
  ['http://127.0.0.1:8138', 'http://127.0.0.1:8138', true],
  ['http://localhost:1/', 'http://localhost:1', true],
  ['http://[::1]:9', 'http://[::1]:9', true],
])('API root %s', (text, url, loopback) => {
  expect(parseApiRoot(text)).toEqual({ url, loopback });
});

test.each([
  'http://api.weixin.qq.com',
  'ftp://127.0.0.1',
  'nonsense',
  'https://u:p@x.test',
  'https://x.test/?a=b',
  'http://127.0.0.1.evil.test',
])('API root %s is refused', async (text) => {
  expect(await codeOf(() => parseApiRoot(text))).toBe('api-root-refused');
});

test.each([
  [{}, false, null],
  [{ WXSYNC_TIMEOUT_MS: '15000' }, false, null],
  [{ WXSYNC_TIMEOUT_MS: '14999' }, false, 'setting-invalid'],
  [{ WXSYNC_QUIET_MS: '5' }, false, 'setting-invalid'],
  [{ WXSYNC_QUIET_MS: '5', WXSYNC_TIMEOUT_MS: '200' }, true, null],
  [{ WXSYNC_QUIET_MS: 'soon' }, true, 'setting-invalid'],
  [{ WXSYNC_QUIET_MS: '-1' }, true, 'setting-invalid'],
])('clocks %j towards loopback %s', async (env, loopback, code) => {
  expect(await codeOf(() => loadClocks(env, { loopback }))).toBe(code);
});

test.each([
  [{ HTTPS_PROXY: 'http://p:1' }, 'https://api.weixin.qq.com', 'http://p:1'],
  [{ https_proxy: 'http://p:1' }, 'https://api.weixin.qq.com', 'http://p:1'],
  [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.test, .weixin.qq.com' }, 'https://api.weixin.qq.com', null],
  [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, 'https://api.weixin.qq.com', null],
  [{ HTTPS_PROXY: 'http://p:1' }, 'http://127.0.0.1:8138', null],
  [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: '*', WXSYNC_PROXY: 'http://q:1' }, 'https://api.weixin.qq.com', 'http://q:1'],
  [{ WXSYNC_PROXY: 'http://q:1' }, 'http://127.0.0.1:8138', null],
  [{}, 'https://api.weixin.qq.com', null],
])('proxy %j for %s', (env, root, proxy) => {
  expect(findProxy(env, parseApiRoot(root))).toBe(proxy);
});

test.each(['proxy.example:3128', 'user:password@proxy', 'socks5://p:1', 'http://p:port', 'http:///p'])(
  'the proxy %j is refused, and not shown',
  async (proxy) => {
    for (const name of ['HTTPS_PROXY', 'WXSYNC_PROXY']) {
      const work = () => findProxy({ [name]: proxy }, parseApiRoot(undefined));
      expect(await codeOf(work)).toBe('setting-invalid');
      expect(work).not.toThrow(proxy);
    }
  },
);

test.each([
  [{ WXSYNC_PROXY: 'http://me:p%40ss-word@h:1' }, ['p%40ss-word', 'p@ss-word']],
  [{ https_proxy: 'http://me:100%@h', HTTP_PROXY: 'http://me:a:b@c@h' }, ['100%', 'a:b@c', 'a:b@c']],
  [{ HTTPS_PROXY: 'http://h:1/', NO_PROXY: 'a.test', WXSYNC_PROXY: undefined }, []],
])('passwords in %j', (env, passwords) => {
  expect(listProxyPasswords(env)).toEqual(passwords);
});
