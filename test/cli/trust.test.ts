// A hostile repository against the whole command: what it sets, links to or calls a program is refused or passed over, and nothing leaks.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FORBIDDEN } from '../../src/local/config-keys.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { APP_SECRET, findLeak } from '../canary.ts';
import { APP_ID, closeAccounts, createAccount, toPost } from './account.ts';
import { runHere } from './here.ts';
import { fresh, git, run, runNode, toEnv } from './stage.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Two listeners: WeChat for all a run knows, and one that must never see a byte. */
let wechat: Sandbox;
let elsewhere: Server;
let reached = 0;

beforeAll(async () => {
  wechat = await createSandbox({ appId: APP_ID, appSecret: APP_SECRET });
  elsewhere = createServer((socket) => {
    reached++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  elsewhere.close();
  await Promise.all([wechat.close(), closeAccounts()]);
});
beforeEach(() => {
  reached = 0;
});

const elsewhereUrl = () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
const pair = () => ({ WECHAT_APP_ID: APP_ID, WECHAT_APP_SECRET: APP_SECRET, WXSYNC_API_ROOT: wechat.url });

function createSite(files: Readonly<Record<string, string>>): string {
  const site = fresh('hostile');
  const own = {
    'wxsync.config.json': JSON.stringify({ project: site }),
    'post.md': toPost(basename(site)).replace('cover: /cover.png\n', ''),
  };
  for (const [path, text] of Object.entries({ ...own, ...files })) writeFileSync(join(site, path), text);
  return site;
}

describe('a config', () => {
  const NAMES = [
    ...Object.keys(FORBIDDEN),
    ...[
      'appId',
      'app_secret',
      'AppSecret',
      'accessToken',
      'apiRoot',
      'API_ROOT',
      'api-base',
      'HTTPS_PROXY',
      'relayKey',
    ],
    ...['timeoutMs', 'quiet_ms', 'WXSYNC_HOME', 'WXSYNC_STORE', 'WXSYNC_API_ROOT', 'WECHAT_APP_SECRET', 'httpProxy'],
    ...['clocks', 'credential', 'cacheDir', 'stateDir', 'plugins', 'extends', 'hooks', 'require', 'env', '__proto__'],
  ];

  test.each(NAMES)('may not set %s, at the top or in an account', async (name) => {
    for (const wrap of [(text: string) => `{${text}}`, (text: string) => `{"accounts":{"a":{${text}}}}`]) {
      const site = createSite({ 'wxsync.config.json': wrap(`${JSON.stringify(name)}:"${elsewhereUrl()}"`) });
      const { code, stderr } = await runHere(['publish', 'post.md'], { cwd: site, env: toEnv(pair()) });
      expect([code, stderr]).toEqual([2, expect.stringContaining(`"${name}"`)]);
    }
    expect(reached).toBe(0);
  });
});

describe('the project’s .env', () => {
  const hostile = () => ({
    WXSYNC_API_ROOT: elsewhereUrl(),
    HTTPS_PROXY: elsewhereUrl(),
    https_proxy: elsewhereUrl(),
    HTTP_PROXY: elsewhereUrl(),
    NODE_OPTIONS: '--require=/nonexistent.js',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_DEBUG: 'undici',
    PATH: '/nonexistent',
    GIT_SSH_COMMAND: 'false',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    WXSYNC_HOME: join(fresh('planted'), 'home'),
    WXSYNC_STORE: 'git:origin',
    WXSYNC_RELAY_KEY: 'x',
    WXSYNC_TIMEOUT_MS: '1',
    WXSYNC_QUIET_MS: '1',
    WXSYNC_CHROME: '/bin/false',
    WXSYNC_ACCOUNT: 'other',
    WECHAT_ACCESS_TOKEN: 'planted-token',
    WECHAT_APP_ID_FILE: '/etc/passwd',
    WECHAT_APP_ID__T_FILE: '/etc/passwd',
  });
  const print = (values: Readonly<Record<string, string>>) =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('');

  test('sets nothing but the four names, and says what it ignored', async () => {
    const values = hostile();
    const site = createSite({ '.env': print({ ...values, WXSYNC_LANG: 'en' }) });
    const { WXSYNC_LANG: _, ...env } = toEnv(pair());
    const before = wechat.drafts().length;
    const { code, stderr } = await runHere(['publish', 'post.md'], { cwd: site, env });
    expect([code, reached, wechat.drafts().length - before]).toEqual([0, 0, 1]);
    const ours = Object.keys(values).filter((name) => /^(?:WXSYNC|WECHAT)_|PROXY$/i.test(name));
    for (const name of ours) expect(stderr).toContain(name);
    expect(existsSync(values.WXSYNC_HOME)).toBe(false);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['tracked by git', {}, /\.env is tracked by git/],
    ['of which git cannot tell', { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }, /\.env was ignored: there is a \.git/],
    ['in CI', { CI: '1' }, /WECHAT_APP_ID/],
  ])('%s is not read', async (how, env, told) => {
    const site = createSite({ '.env': print({ WECHAT_APP_ID: APP_ID, WECHAT_APP_SECRET: APP_SECRET }) });
    git(site, 'init', '--quiet');
    if (how === 'tracked by git') git(site, 'add', '.env');
    const more = { WXSYNC_API_ROOT: elsewhereUrl(), ...env };
    const { code, stderr } = await runHere(['publish', 'post.md'], { cwd: site, env: toEnv(more) });
    expect([code, stderr, reached]).toEqual([4, expect.stringMatching(told), 0]);
  });
});

// Only root can make another user's file.
test.runIf(process.getuid?.() === 0)('a .env that another user put into a folder without git is not read', async () => {
  const site = createSite({ '.env': `WECHAT_APP_ID=${APP_ID}\nWECHAT_APP_SECRET=${APP_SECRET}\n` });
  chownSync(join(site, '.env'), 65_534, 65_534);
  const env = toEnv({ WXSYNC_API_ROOT: elsewhereUrl() });
  const { code, stderr } = await runHere(['publish', 'post.md'], { cwd: site, env });
  expect([code, stderr, reached]).toEqual([4, expect.stringContaining('belongs to another user'), 0]);
});

test('a theme brings nothing from elsewhere and nothing that runs', async () => {
  const url = elsewhereUrl();
  const css = `@import url("${url}/a.css"); @import "${url}/b.css"; @font-face{font-family:x;src:url(${url}/f)}
    p{background:url(${url}/p.png);width:expression(alert(1));behavior:url(${url}/h.htc);-moz-binding:url(${url}/x.xml)}
    p{color:red;list-style-image:url('${url}/i.png');content:url(${url}/c)} p::before{content:"</p><script>alert(1)</script>"}
    p{background:u\\rl(${url}/e.png);cursor:url(javascript:alert(1)),auto}`;
  const site = createSite({ 'theme.css': css, 'wxsync.config.json': '{"theme":"theme.css"}' });
  const { code, stdout } = await runHere(['render', 'post.md'], { cwd: site, env: toEnv() });
  expect([code, reached]).toEqual([0, 0]);
  expect(stdout).toContain('color:red');
  expect(stdout).not.toMatch(/url\(|expression|behavior|binding|@import|<script|javascript:|127\.0\.0\.1/i);
});

describe('front matter that is a program', () => {
  const LANGUAGES = [
    'js',
    'javascript',
    'JS',
    'cjs',
    'mjs',
    'node',
    'ts',
    'typescript',
    'coffee',
    'coffeescript',
    'cson',
  ];
  const fences = [
    ...LANGUAGES.flatMap((each) => [`---${each}`, `--- ${each}`]),
    ...['---\tjs', '---js ', '---yaml js', '---{js}', '---eval', '---require', '---!js', ';;;js', '+++js', '```js'],
  ];

  test.each(fences)('%j is not run', async (fence) => {
    const canary = join(fresh('canary'), 'ran');
    const code = `require("fs").writeFileSync(${JSON.stringify(canary)},"")`;
    const site = createSite({ 'post.md': `${fence}\n{ title: ${code} }\nmodule.exports = ${code}\n---\n\nWords.\n` });
    for (const args of [
      ['check', 'post.md'],
      ['publish', '-n', 'post.md'],
      ['render', 'post.md'],
    ])
      await runHere(args, { cwd: site, env: toEnv() });
    expect(existsSync(canary)).toBe(false);
  });
});

describe('folders of ours', () => {
  test.each([0o777, 0o1777, 0o702])(
    'WXSYNC_HOME with mode %o: a token planted there would choose the account',
    async (mode) => {
      const home = fresh('open');
      chmodSync(home, mode);
      const calls = wechat.history().length;
      const site = createSite({});
      for (const args of [
        ['publish', 'post.md'],
        ['publish', '-n', 'post.md'],
      ]) {
        const { code, stderr } = await runHere(args, { cwd: site, env: toEnv({ ...pair(), WXSYNC_HOME: home }) });
        expect([code, stderr]).toEqual([2, expect.stringContaining('WXSYNC_HOME')]);
      }
      expect([readdirSync(home), wechat.history().length - calls]).toEqual([[], 0]);
    },
  );

  test.each([
    ['.wxsync', 'ledger-unwritable'],
    ['.wxsync/posts', 'ledger-unwritable'],
    ['.wxsync/tmp', 'ledger-unwritable'],
  ])('%s as a link out of the project takes no file there', async (at, told) => {
    const [site, outside] = [createSite({}), fresh('outside')];
    if (at !== '.wxsync') mkdirSync(join(site, '.wxsync'));
    symlinkSync(outside, join(site, at));
    const drafts = wechat.drafts().length;
    const { code, stderr } = await runHere(['publish', 'post.md'], { cwd: site, env: toEnv(pair()) });
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
    expect([readdirSync(outside), wechat.drafts().length - drafts]).toEqual([[], 0]);
    await runHere(['publish', '-n', 'post.md'], { cwd: site, env: toEnv() });
    expect(readdirSync(outside)).toEqual([]);
  });

  test('a post that is a pipe, or a link to one, is refused at once', async () => {
    const site = createSite({});
    execFileSync('mkfifo', [join(site, 'pipe.md')]);
    symlinkSync('pipe.md', join(site, 'link.md'));
    for (const command of ['publish', 'check', 'render']) {
      for (const file of ['pipe.md', 'link.md']) {
        const { code } = await runHere([command, file], { cwd: site, env: toEnv(pair()) });
        expect([command, file, code]).toEqual([command, file, command === 'render' ? 2 : 3]);
      }
    }
  });
});

/** A file that Node loads before the CLI. */
function preload(code: string): string {
  const file = join(fresh('preload'), 'preload.mjs');
  writeFileSync(file, code);
  return `--import=${file}`;
}

/** Every path below a folder; links are not followed. */
const listAll = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));

describe('secrets', () => {
  test('under every debug switch and an open umask: none on the streams, tokens in files of the user alone', async () => {
    const account = await createAccount({ 'post.md': toPost('T') });
    const home = join(fresh('umask'), 'deep', 'home');
    const env = {
      ...account.env,
      ...{ DEBUG: '*', NODE_DEBUG: 'http,https,http2,net,tls,stream,timer,dns', WXSYNC_HOME: home },
      NODE_OPTIONS: preload('process.umask(0)'),
    };
    const { code, stdout, stderr } = await run(['publish', 'post.md', '-v', '--json'], { cwd: account.site, env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect(stderr).toMatch(/^(?:NET|STREAM|TIMER) \d+: /m);
    const files = [join(home, '..'), home, ...listAll(home)];
    expect(files.filter((file) => (lstatSync(file).mode & 0o077) !== 0)).toEqual([]);
    const told = [...listAll(home), ...listAll(account.site)].filter(
      (file) => statSync(file).isFile() && findLeak(readFileSync(file, 'latin1')) !== null,
    );
    expect(told).toEqual([expect.stringContaining(join(home, 'tokens'))]);
    expect(readFileSync(told[0] ?? '', 'utf8')).not.toContain(APP_SECRET);
  });

  // Each section that tells is tried in test/wechat/node-debug.test.ts.
  test('NODE_DEBUG=fetch,http is refused before the first call', async () => {
    const calls = wechat.history().length;
    const env = toEnv({ ...pair(), NODE_DEBUG: 'fetch,http' });
    const { code, stderr } = await run(['publish', 'post.md'], { cwd: createSite({}), env });
    expect([code, wechat.history().length - calls]).toEqual([2, 0]);
    expect(stderr).toContain('NODE_DEBUG');
  });

  test('a bug whose words hold secret and token is told without them', async () => {
    const account = await createAccount({ 'post.md': toPost('T') });
    const bug = `
      const { parse } = JSON;
      let token = '';
      JSON.parse = (...args) => {
        const value = parse(...args);
        token ||= value?.access_token ?? '';
        return value;
      };
      const fs = process.getBuiltinModule('node:fs');
      const { writeSync } = fs;
      fs.writeSync = (fd, ...rest) => {
        if (fd !== 1) return writeSync(fd, ...rest);
        fs.writeSync = writeSync;
        throw new TypeError('a bug ' + process.env.WECHAT_APP_SECRET + ' ' + token.slice(0, 200) + ' of ours');
      };`;
    const env = { ...account.env, NODE_OPTIONS: preload(bug) };
    const { code, stderr } = await run(['publish', 'post.md', '--json'], { cwd: account.site, env });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/a bug \*\*\* \*\*\* of ours/)]);
  });

  test('the library’s documents and errors hold none, however deep one looks', async () => {
    const account = await createAccount({ 'post.md': toPost('T') });
    const script = `
      const { inspect } = await import('node:util');
      const { publishPost } = await import(${JSON.stringify(join(ROOT, 'dist', 'index.js'))});
      const root = process.env.WXSYNC_API_ROOT;
      for (const change of [
        {}, { WECHAT_APP_SECRET: 'canary0123' + '456789-of-another' }, { WXSYNC_API_ROOT: root + '/nowhere' },
        { WECHAT_APP_SECRET: '' }, { WXSYNC_TIMEOUT_MS: 'soon' },
      ]) {
        const env = { ...process.env };
        Object.assign(process.env, change);
        const got = await publishPost('post.md', { flip: false, wait: false }).catch((error) => error);
        console.log(got.exitCode, inspect(got, { depth: Infinity, showHidden: true }), JSON.stringify(got));
        Object.assign(process.env, env);
      }`;
    const env = { ...account.env, WXSYNC_TIMEOUT_MS: '500', WXSYNC_QUIET_MS: '50' };
    const { stdout } = await runNode(['--input-type=module', '-e', script], { cwd: account.site, env });
    expect(stdout.match(/^\d+ (?=\{)/gm)?.map(Number)).toEqual([0, 4, 5, 4, 2]);
  });
});

test('a server that cannot prove its name is told nothing, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
  const pem = readFileSync(new URL('self-signed.pem', import.meta.url));
  let asked = 0;
  const server = createTlsServer({ key: pem, cert: pem }, (_, response) => {
    asked++;
    response.end('{"access_token":"x","expires_in":7200}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const site = fresh('tls');
  writeFileSync(join(site, 'post.md'), '---\ntitle: TLS\nwechat_synced: false\n---\n\nWords.\n');
  const pair = { WECHAT_APP_ID: APP_ID, WECHAT_APP_SECRET: APP_SECRET };
  const env = toEnv({ ...pair, WXSYNC_API_ROOT: url, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  // A deadline for tests is taken, since the server is on this computer.
  const { code, stderr } = await run(['publish', 'post.md'], { cwd: site, env: { ...env, WXSYNC_TIMEOUT_MS: '500' } });
  server.close();
  expect([code, asked, stderr]).toEqual([6, 0, expect.stringContaining('network-failed')]);
});
