// Every way a send of draft/add can end, on real sockets: what the client says of it must never be more than is known.
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { APP_ID, ARTICLE, createTestClient, expectNoSecret, SECOND_TOKEN, SECRET, TOKEN } from './fixture.ts';
import {
  type Act,
  drip,
  finish,
  head,
  raw,
  reset,
  type ScriptOptions,
  type ScriptServer,
  silence,
  startScriptServer,
} from './script-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function script(options: ScriptOptions): Promise<ScriptServer> {
  const server = await startScriptServer(options);
  closing.push(() => server.close());
  return server;
}

const OK = '{"media_id":"M1","item":[]}';
const JSON_HEAD = { 'content-type': 'application/json; encoding=utf-8' };

describe('the answer comes after the whole request', () => {
  const rows: readonly [name: string, act: Act, kind: string, code: string | null][] = [
    ['a media id', { json: { media_id: 'M1' } }, 'ok', null],
    ['a media id, errcode 0 and more', { json: { errcode: 0, errmsg: 'ok', media_id: 'M1', item: [] } }, 'ok', null],
    ['a media id as text/plain', { body: OK, type: 'text/plain' }, 'ok', null],
    ['a media id after a BOM', { body: `\uFEFF${OK}` }, 'ok', null],
    [
      'a media id in chunks',
      raw(
        `${head(200, { ...JSON_HEAD, 'transfer-encoding': 'chunked' })}5\r\n${OK.slice(0, 5)}\r\n${(OK.length - 5).toString(16)}\r\n${OK.slice(5)}\r\n0\r\n\r\n`,
        () => undefined,
      ),
      'ok',
      null,
    ],
    [
      '100 Continue, which nobody asked for',
      raw(`HTTP/1.1 100 Continue\r\n\r\n${head(200, { 'content-length': String(OK.length) })}${OK}`, () => undefined),
      'unknown',
      'no-answer',
    ],
    [
      'a media id, connection closed, no length',
      raw(`${head(200, JSON_HEAD)}${OK}`, (socket) => socket.end()),
      'ok',
      null,
    ],
    [
      'a refusal',
      { json: { errcode: 45003, errmsg: 'title size out of limit rid: 1-2-3' } },
      'rejected',
      'field-too-long',
    ],
    ['a refusal with a quoted number', { json: { errcode: '45009', errmsg: 'x' } }, 'rejected', 'quota-used-up'],
    ['a refusal nobody has described', { json: { errcode: 123456, errmsg: 'news' } }, 'rejected', 'wechat-refused'],
    ['errcode named twice', { body: '{"errcode":0,"errcode":45004}' }, 'rejected', 'field-too-long'],
    ['system busy', { json: { errcode: -1, errmsg: 'system error' } }, 'unknown', 'busy'],
    ['system busy, quoted', { json: { errcode: '-1', errmsg: 'system error' } }, 'unknown', 'busy'],
    ['a refusal that names a media id', { json: { errcode: 45009, media_id: 'M1' } }, 'unknown', 'bad-answer'],
    ['an empty media id', { json: { media_id: '' } }, 'unknown', 'bad-answer'],
    ['a media id that is a number', { json: { media_id: 7 } }, 'unknown', 'bad-answer'],
    ['errcode 0 and no media id', { json: { errcode: 0, errmsg: 'ok' } }, 'unknown', 'bad-answer'],
    ['an errcode that is an object', { json: { errcode: {}, media_id: 'M1' } }, 'unknown', 'bad-answer'],
    ['an empty object', { json: {} }, 'unknown', 'bad-answer'],
    ['null', { json: null }, 'unknown', 'bad-answer'],
    ['a list', { json: [{ media_id: 'M1' }] }, 'unknown', 'bad-answer'],
    ['an empty body', {}, 'unknown', 'bad-answer'],
    ['HTML with status 200', { body: '<html>log in</html>', type: 'text/html' }, 'unknown', 'bad-answer'],
    ['bytes that are not UTF-8', { body: Buffer.from([0x7b, 0xff, 0x7d]) }, 'unknown', 'bad-answer'],
    ['502 with HTML', { status: 502, body: '<html>', type: 'text/html' }, 'unknown', 'bad-answer'],
    ['502 with a media id', { status: 502, body: OK }, 'unknown', 'bad-answer'],
    ['500 with an errcode', { status: 500, body: '{"errcode":45009}' }, 'unknown', 'bad-answer'],
    ['501 of the firewall', { status: 501, body: '<html>', type: 'text/html' }, 'unknown', 'bad-answer'],
    ['412 and nothing', { status: 412 }, 'unknown', 'bad-answer'],
    ['429', { status: 429, headers: { 'retry-after': '1' } }, 'unknown', 'bad-answer'],
    ['201 with a media id', { status: 201, body: OK }, 'unknown', 'bad-answer'],
    ['307 to the same endpoint', { status: 307, headers: { location: '/cgi-bin/draft/add' } }, 'unknown', 'bad-answer'],
    ['302 to elsewhere', { status: 302, headers: { location: '/login' } }, 'unknown', 'bad-answer'],
    [
      'half a body without a length',
      raw(`${head(200, JSON_HEAD)}{"media_id":"M`, (socket) => socket.end()),
      'unknown',
      'bad-answer',
    ],
    [
      'half a body, then FIN',
      raw(`${head(200, { 'content-length': '90' })}{"media_id":"M1"}`, (socket) => socket.end()),
      'unknown',
      'no-answer',
    ],
    [
      'half a body, then RST',
      raw(`${head(200, { 'content-length': '90' })}{"media_id":"M1"}`, (socket) => socket.resetAndDestroy()),
      'unknown',
      'no-answer',
    ],
    ['half a head, then FIN', raw('HTTP/1.1 200 OK\r\ncontent-', (socket) => socket.end()), 'unknown', 'no-answer'],
    [
      'half a head, then RST',
      raw('HTTP/1.1 200 OK\r\ncontent-', (socket) => socket.resetAndDestroy()),
      'unknown',
      'no-answer',
    ],
    ['something that is not HTTP', raw('SSH-2.0-OpenSSH_9.6\r\n', (socket) => socket.end()), 'unknown', 'no-answer'],
    ['RST', reset, 'unknown', 'no-answer'],
    ['FIN', finish, 'unknown', 'no-answer'],
    [
      'more than is ever read',
      raw(`${head(200, { 'content-length': '9000000' })}${' '.repeat(9_000_000)}`, () => undefined),
      'unknown',
      'no-answer',
    ],
  ];

  test.each(rows)('%s', async (_name, act, kind, code) => {
    const server = await script({ onRequest: () => act });
    const client = createTestClient(server.root);
    closing.push(() => client.close());
    const outcome = await client.addDraft(ARTICLE);
    expect({ kind: outcome.kind, code: 'error' in outcome ? outcome.error.code : null }).toEqual({ kind, code });
    expect(server.seen).toHaveLength(1);
    expect(client.waits).toEqual([]);
    expectNoSecret(outcome);
    expectNoSecret('error' in outcome ? outcome.error : null);
  });
});

describe('the deadline is total', () => {
  const rows: readonly [name: string, options: ScriptOptions][] = [
    ['silence after the request', { onRequest: () => silence }],
    ['silence after the head', { onHead: () => silence }],
    ['a slow drip', { onRequest: () => drip }],
  ];

  test.each(rows)('%s is unknown', async (_name, options) => {
    const server = await script(options);
    const client = createTestClient(server.root, { timeoutMs: 150 });
    closing.push(() => client.close());
    const outcome = await client.addDraft(ARTICLE);
    expect(outcome).toMatchObject({ kind: 'unknown', error: { code: 'no-answer', args: { detail: 'deadline' } } });
    expectNoSecret('error' in outcome ? outcome.error : null);
  });

  test('it grows with what is sent', async () => {
    const server = await script({
      onRequest: () => (socket) =>
        void setTimeout(() => socket.write(`${head(200, { 'content-length': String(OK.length) })}${OK}`), 400),
    });
    const client = createTestClient(server.root, { timeoutMs: 100 });
    closing.push(() => client.close());
    const long = await client.addDraft({ ...ARTICLE, content: 'x'.repeat(64_000) });
    expect(long.kind).toBe('ok');
    expect((await client.addDraft(ARTICLE)).kind).toBe('unknown');
  });
});

describe('the connection fails while the request is under way', () => {
  const rows: readonly [name: string, options: ScriptOptions][] = [
    ['RST before a byte is read', { onConnect: (socket) => socket.resetAndDestroy() }],
    ['FIN before a byte is read', { onConnect: (socket) => socket.end() }],
    ['RST after the head', { onHead: () => reset }],
    ['FIN after the head', { onHead: () => finish }],
  ];

  test.each(rows)('%s: never ok, and "not sent" only when no byte came', async (_name, options) => {
    const server = await script(options);
    const client = createTestClient(server.root);
    closing.push(() => client.close());
    const outcome = await client.addDraft({ ...ARTICLE, content: 'x'.repeat(2_000_000) });
    expect(['unknown', 'not-sent']).toContain(outcome.kind);
    if (outcome.kind === 'not-sent') expect(server.bytes()).toBe(0);
    expectNoSecret('error' in outcome ? outcome.error : null);
  });
});

describe('proven not sent', () => {
  async function closedPort(): Promise<number> {
    const server = await startScriptServer({});
    await server.close();
    return server.port;
  }

  /** An HTTP proxy that answers CONNECT with a status, tunnelling on 200. */
  async function startProxy(status: number, port: number): Promise<string> {
    const proxy = createServer();
    const sockets = new Set<Socket>();
    proxy.on('connect', (_request, socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.write(`HTTP/1.1 ${status} Scripted\r\n\r\n`);
      if (status !== 200) return void socket.end();
      const onward = connect(port, '127.0.0.1');
      onward.on('error', () => socket.destroy());
      socket.pipe(onward).pipe(socket);
      sockets.add(onward);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => proxy.close(resolve));
    });
    const address = proxy.address();
    return `http://user:canary-proxy-password@127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  const rows: readonly [name: string, set: () => Promise<{ root: string; proxy?: string; timeoutMs?: number }>][] = [
    ['connection refused', async () => ({ root: `http://127.0.0.1:${await closedPort()}` })],
    ['no such host', async () => ({ root: 'http://nowhere.invalid' })],
    [
      'TLS towards a server that speaks HTTP',
      async () => ({
        root: (await script({ onConnect: (socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n') })).root.replace(
          'http:',
          'https:',
        ),
      }),
    ],
    [
      'TLS, FIN in the handshake',
      async () => ({ root: (await script({ onConnect: (socket) => socket.end() })).root.replace('http:', 'https:') }),
    ],
    [
      'TLS, RST in the handshake',
      async () => ({
        root: (await script({ onConnect: (socket) => socket.resetAndDestroy() })).root.replace('http:', 'https:'),
      }),
    ],
    [
      'TLS, silence until the deadline',
      async () => ({ root: (await script({})).root.replace('http:', 'https:'), timeoutMs: 150 }),
    ],
    [
      'the proxy refuses the connection',
      async () => ({
        root: 'https://api.example',
        proxy: `http://u:canary-proxy-password@127.0.0.1:${await closedPort()}`,
      }),
    ],
    ['the proxy asks for a password', async () => ({ root: 'https://api.example', proxy: await startProxy(407, 0) })],
    ['the proxy cannot reach the host', async () => ({ root: 'https://api.example', proxy: await startProxy(502, 0) })],
    [
      'the proxy hangs up',
      async () => ({ root: 'https://api.example', proxy: (await script({ onHead: () => finish })).root }),
    ],
    [
      'the proxy says nothing',
      async () => ({ root: 'https://api.example', proxy: (await script({})).root, timeoutMs: 150 }),
    ],
    ['the proxy is no URL', async () => ({ root: 'https://api.example', proxy: 'canary-proxy-password' })],
  ];

  test.each(rows)('%s', async (_name, set) => {
    const { root, proxy = null, timeoutMs = 2000 } = await set();
    const client = createTestClient(root, { proxy, timeoutMs });
    closing.push(() => client.close());
    const outcome = await client.addDraft(ARTICLE);
    expect(outcome).toMatchObject({ kind: 'not-sent', error: { code: 'network-failed' } });
    expectNoSecret('error' in outcome ? outcome.error : null);
  });

  test('through a proxy that works, a lost answer is unknown and a good one is ok', async () => {
    const acts: Act[] = [{ json: { media_id: 'M1' } }, reset];
    const server = await script({ onRequest: () => acts.shift() ?? silence });
    const client = createTestClient(server.root, { proxy: await startProxy(200, server.port) });
    closing.push(() => client.close());
    expect(await client.addDraft(ARTICLE)).toEqual({ kind: 'ok', mediaId: 'M1' });
    expect((await client.addDraft(ARTICLE)).kind).toBe('unknown');
    expect(server.seen).toHaveLength(2);
  });

  test('stopped before the send', async () => {
    const server = await script({ onRequest: () => ({ json: { media_id: 'M1' } }) });
    const client = createTestClient(server.root, { signal: AbortSignal.abort() });
    closing.push(() => client.close());
    expect((await client.addDraft(ARTICLE)).kind).toBe('not-sent');
    expect(server.bytes()).toBe(0);
  });

  test('stopped after the send is unknown', async () => {
    const stop = new AbortController();
    const server = await script({ onRequest: () => () => stop.abort() });
    const client = createTestClient(server.root, { signal: stop.signal });
    closing.push(() => client.close());
    expect((await client.addDraft(ARTICLE)).kind).toBe('unknown');
  });

  test("no token to be had: the error is the token endpoint's", async () => {
    const server = await script({ onRequest: () => ({ json: { errcode: 40125, errmsg: 'invalid appsecret' } }) });
    const client = createTestClient(server.root, { credential: { kind: 'secret', secret: SECRET } });
    closing.push(() => client.close());
    expect(await client.addDraft(ARTICLE)).toMatchObject({
      kind: 'not-sent',
      error: { code: 'secret-invalid', errcode: 40125, args: { appId: APP_ID } },
    });
    expect(server.seen.map((seen) => seen.path)).toEqual(['/cgi-bin/stable_token']);
  });
});

describe('a refused token', () => {
  test('is replaced and the draft sent again, once', async () => {
    const tokens = [TOKEN, SECOND_TOKEN];
    const server = await script({
      onRequest: ({ path, target }) => {
        if (path === '/cgi-bin/stable_token') return { json: { access_token: tokens.shift(), expires_in: 7200 } };
        return target.includes(encodeURIComponent(SECOND_TOKEN))
          ? { json: { media_id: 'M1' } }
          : { json: { errcode: 42001, errmsg: 'access_token expired' } };
      },
    });
    const client = createTestClient(server.root, { credential: { kind: 'secret', secret: SECRET } });
    closing.push(() => client.close());
    expect(await client.addDraft(ARTICLE)).toEqual({ kind: 'ok', mediaId: 'M1' });
    expect(server.seen.map((seen) => seen.path)).toEqual([
      '/cgi-bin/stable_token',
      '/cgi-bin/draft/add',
      '/cgi-bin/stable_token',
      '/cgi-bin/draft/add',
    ]);
  });

  test.each([
    ['kept elsewhere', { kind: 'token', token: TOKEN }],
    ['from stable_token, which repeats it', { kind: 'secret', secret: SECRET }],
  ] as const)('%s: rejected, sent once', async (_name, credential) => {
    const server = await script({
      onRequest: ({ path }) =>
        path === '/cgi-bin/stable_token'
          ? { json: { access_token: TOKEN, expires_in: 7200 } }
          : { json: { errcode: 40001, errmsg: `invalid credential ${TOKEN}` } },
    });
    const client = createTestClient(server.root, { credential });
    closing.push(() => client.close());
    const outcome = await client.addDraft(ARTICLE);
    expect(outcome).toMatchObject({ kind: 'rejected', errcode: 40001, error: { code: 'credentials-refused' } });
    expect(server.seen.filter((seen) => seen.path === '/cgi-bin/draft/add')).toHaveLength(1);
    expectNoSecret(outcome);
  });
});

test('each send has a connection of its own, which is closed', async () => {
  const server = await script({ onRequest: () => ({ json: { media_id: 'M1', total_count: 1 } }) });
  const client = createTestClient(server.root);
  closing.push(() => client.close());
  await client.countDrafts();
  await client.addDraft(ARTICLE);
  await client.addDraft(ARTICLE);
  await client.countDrafts();
  expect(server.seen.map(({ path, connection }) => [path, connection])).toEqual([
    ['/cgi-bin/draft/count', 1],
    ['/cgi-bin/draft/add', 2],
    ['/cgi-bin/draft/add', 3],
    ['/cgi-bin/draft/count', 1],
  ]);
  expect(server.seen[1]?.headers['connection']).toBe('close');
});
