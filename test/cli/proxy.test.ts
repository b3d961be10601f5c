// Which of a publishing run's connections go through which proxy: WeChat's API and git, each at a listener that logs and refuses.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { APP_SECRET } from '../canary.ts';
import { APP_ID, closeAccounts, createAccount, toPost } from './account.ts';
import { runHere } from './here.ts';
import { git, toEnv } from './stage.ts';

const seen: string[] = [];
/** Ends a run that has tried, before it tries again. */
let stop = () => {};
const portOf = (server: Pick<Server, 'address'>) => (server.address() as AddressInfo).port;

/** What git connects to when it goes by itself. */
const host = createTcpServer((socket) => {
  seen.push('git directly');
  socket.destroy();
});

function createProxy(name: string): Server {
  return createServer().on('connect', ({ url = '' }, socket) => {
    seen.push(`${url.replace(`:${portOf(host)}`, ':git')} through ${name}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    stop();
  });
}
const [own, general] = [createProxy('the own one'), createProxy('the general one')];
const servers = [host, own, general];

beforeAll(() =>
  Promise.all(servers.map((each) => new Promise<void>((ready) => each.listen(0, '127.0.0.1', () => ready())))),
);
afterAll(() => {
  for (const each of servers) each.close();
  return closeAccounts();
});
beforeEach(() => {
  seen.length = 0;
});

const PASSWORD = 'p@ss-of-the-proxy';
const addressOf = (proxy: Server) => `http://me:${encodeURIComponent(PASSWORD)}@127.0.0.1:${portOf(proxy)}`;
const WXSYNC = { WXSYNC_PROXY: own };
const HTTPS = { HTTPS_PROXY: general };

test.each<[string, Readonly<Record<string, Server>>, string | null, string]>([
  ['git with WXSYNC_PROXY', WXSYNC, 'git:origin', 'git directly'],
  ['git with HTTPS_PROXY', HTTPS, 'git:origin', '127.0.0.1:git through the general one'],
  ['WeChat with HTTPS_PROXY', HTTPS, null, 'api.weixin.qq.com:443 through the general one'],
  ['WeChat with both', { ...WXSYNC, ...HTTPS }, null, 'api.weixin.qq.com:443 through the own one'],
])('%s', async (_, proxies, store, way) => {
  const { site } = await createAccount({ 'post.md': toPost('T') });
  git(site, 'init', '--quiet');
  git(site, 'remote', 'add', 'origin', `https://127.0.0.1:${portOf(host)}/site.git`);
  const env = toEnv({
    ...{ WECHAT_APP_ID: APP_ID, WECHAT_APP_SECRET: APP_SECRET },
    ...Object.fromEntries(Object.entries(proxies).map(([name, proxy]) => [name, addressOf(proxy)])),
    ...(store !== null && { WXSYNC_STORE: store }),
  });
  const { code, stdout, stderr } = await runHere(['publish', '--verbose', 'post.md'], {
    ...{ cwd: site, env },
    onSignal(listener) {
      // The second one does not wait.
      stop = () => {
        listener('SIGINT');
        listener('SIGINT');
      };
      return () => undefined;
    },
  });
  expect([code === 0, new Set(seen)]).toEqual([false, new Set([way])]);
  for (const text of [PASSWORD, encodeURIComponent(PASSWORD)]) expect(stdout + stderr).not.toContain(text);
});
