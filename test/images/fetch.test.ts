// Remote pictures against real servers on loopback: what is refused, what is bounded, and that nothing private is ever asked.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { isPublicAddress } from '../../src/images/address.ts';
import { type FetchOptions, fetchImage, INTERNET, type Network } from '../../src/images/fetch.ts';
import { readReference } from '../../src/images/reference.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A server on loopback that counts its connections, and closes them all at the end of the test. */
async function start<T extends Server>(server: T): Promise<{ port: number; connections: () => number }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  return { port: (server.address() as AddressInfo).port, connections: () => sockets.size };
}

const serve = (handler: (request: IncomingMessage, response: ServerResponse) => void) => start(createServer(handler));

/** Any host name is this server; loopback is allowed for its port alone. */
const only = (port: number): Network => ({
  resolve: async () => ['127.0.0.1'],
  allows: (address, asked) => address === '127.0.0.1' && asked === port,
});

/** Asks one server for `/`. */
async function ask(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<FetchOptions> = {},
) {
  const { port } = await serve(handler);
  return fetchImage(`http://pictures.example:${port}/`, { allowHosts: null, network: only(port), ...options });
}

describe('answers', () => {
  test('a good one gives its bytes; no cookie, no referrer, nothing compressed is asked for', async () => {
    let asked: IncomingMessage['headers'] = {};
    const result = await ask((request, response) => {
      asked = request.headers;
      response.setHeader('set-cookie', 'a=b').end('bytes');
    });
    expect(result).toEqual({ kind: 'ok', bytes: Buffer.from('bytes') });
    expect(Object.keys(asked).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
    expect(asked['accept-encoding']).toBe('identity');
  });

  test.each([
    [204, 'refused'],
    [206, 'refused'],
    [304, 'refused'],
    [400, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [408, 'unreachable'],
    [410, 'refused'],
    [425, 'unreachable'],
    [429, 'unreachable'],
    [500, 'unreachable'],
    [502, 'unreachable'],
    [503, 'unreachable'],
  ])('HTTP %i: %s', async (status, kind) => {
    const result = await ask((_request, response) => void response.writeHead(status).end());
    expect(result).toMatchObject({ kind });
    if (result.kind === 'refused')
      expect(result).toMatchObject({ code: 'image-remote-refused', args: { status: `${status}` } });
    else expect(result).toMatchObject({ detail: `HTTP ${status}` });
  });

  test('compressed although not asked for', async () => {
    const result = await ask((_request, response) => void response.setHeader('content-encoding', 'gzip').end('x'));
    expect(result).toMatchObject({ kind: 'refused', args: { status: 'content-encoding gzip' } });
  });
});

describe('bad servers', () => {
  const max = LIMITS.remoteImage.value;
  const chunk = Buffer.alloc(1_000_000);
  const pour = (response: ServerResponse): void => {
    while (!response.destroyed && response.write(chunk)) {}
    if (!response.destroyed) response.once('drain', () => pour(response));
  };

  test('endless: stopped just over the limit', async () => {
    let sent = 0;
    const result = await ask((request, response) => {
      pour(response);
      request.socket.once('close', () => {
        sent = request.socket.bytesWritten;
      });
    });
    expect(result).toMatchObject({ kind: 'refused', code: 'image-too-big', args: { max } });
    expect(sent).toBeLessThan(4 * max);
  });

  test('announces more than the limit: refused before reading', async () => {
    const result = await ask(
      (_request, response) => void response.writeHead(200, { 'content-length': max + 1 }).flushHeaders(),
    );
    expect(result).toMatchObject({ kind: 'refused', code: 'image-too-big', args: { bytes: max + 1, max } });
  });

  test('exactly the limit is taken', async () => {
    const result = await ask((_request, response) => void response.end(Buffer.alloc(max)));
    expect(result.kind === 'ok' && result.bytes.length).toBe(max);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['says nothing', () => {}],
    ['stops after the header', (response) => response.flushHeaders()],
    ['stops in the body', (response) => void response.write('x')],
    [
      'drips',
      (response) => {
        const timer = setInterval(() => response.write('x'), 20);
        response.once('close', () => clearInterval(timer));
      },
    ],
    [
      'redirects slowly, for ever',
      (response) => void setTimeout(() => response.writeHead(302, { location: '/' }).end(), 200),
    ],
  ])('%s: given up at the one deadline of all of it', async (_what, answer) => {
    // None of these servers ever ends by itself: without that deadline the test would not either.
    expect(await ask((_request, response) => answer(response), { timeoutMs: 300 })).toEqual({
      kind: 'unreachable',
      detail: 'timeout',
    });
  });

  test.each<[string, string]>([
    ['closes at once', ''],
    ['speaks nonsense', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['closes within the header', 'HTTP/1.1 200 OK\r\nContent-'],
    ['closes before the announced end', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'],
    ['closes within a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nshort'],
    ['announces nonsense', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx'],
    ['sends a header without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`],
  ])('%s: unreachable', async (_what, answer) => {
    const { port } = await start(
      createTcpServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end(answer));
      }),
    );
    const result = await fetchImage(`http://pictures.example:${port}/`, { allowHosts: null, network: only(port) });
    expect(result.kind).toBe('unreachable');
  });

  test('sends more than it announced: only what was announced counts', async () => {
    const { port } = await start(
      createTcpServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () =>
          socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nabcdef'),
        );
      }),
    );
    const result = await fetchImage(`http://pictures.example:${port}/`, { allowHosts: null, network: only(port) });
    expect(result).toEqual({ kind: 'ok', bytes: Buffer.from('ab') });
  });

  test('is not there', async () => {
    const { port } = await serve(() => {});
    await Promise.all(stops.splice(0).map((stop) => stop()));
    const result = await fetchImage(`http://pictures.example:${port}/`, { allowHosts: null, network: only(port) });
    expect(result).toEqual({ kind: 'unreachable', detail: 'ECONNREFUSED' });
  });

  test.each([
    ['no such name', async () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })), 'ENOTFOUND'],
    ['no address', async () => [], 'no address of pictures.example'],
  ])('%s', async (_what, resolve, detail) => {
    const network: Network = { ...INTERNET, resolve };
    expect(await fetchImage('http://pictures.example/', { allowHosts: null, network })).toEqual({
      kind: 'unreachable',
      detail,
    });
  });
});

describe('redirects', () => {
  /** `/3` → `/2` → `/1` → `/0`, which is the picture. */
  const countdown = (request: IncomingMessage, response: ServerResponse): void => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end('picture');
    else response.writeHead([301, 302, 303, 307, 308][left % 5] ?? 302, { location: `./${left - 1}` }).end('moved');
  };

  test.each([
    [1, 'ok'],
    [3, 'ok'],
    [4, 'refused'],
  ])('%i: %s', async (count, kind) => {
    const { port } = await serve(countdown);
    const result = await fetchImage(`http://pictures.example:${port}/${count}`, {
      allowHosts: null,
      network: only(port),
    });
    expect(result).toMatchObject({ kind });
  });

  test.each<[string, string, object]>([
    ['from https to https', '/again', { kind: 'ok', bytes: Buffer.from('picture') }],
    ['from https to http', '/plain', { kind: 'refused', args: { status: 'https → http' } }],
    ['from https to https to http', '/again/plain', { kind: 'refused', args: { status: 'https → http' } }],
  ])('%s', async (_, path, expected) => {
    const plain = await serve((_request, response) => void response.end('picture'));
    const pem = readFileSync(new URL('../cli/self-signed.pem', import.meta.url), 'utf8');
    const secure = await start(
      createTlsServer({ key: pem, cert: pem }, ({ url }, response) => {
        const next = { '/again': '/', '/again/plain': '/plain', '/plain': `http://127.0.0.1:${plain.port}/` }[
          url ?? ''
        ];
        if (next === undefined) response.end('picture');
        else response.writeHead(302, { location: next }).end();
      }),
    );
    const network: Network = { ...only(0), allows: (address) => address === '127.0.0.1', ca: pem };
    const result = await fetchImage(`https://127.0.0.1:${secure.port}${path}`, { allowHosts: null, network });
    expect(result).toMatchObject(expected);
    expect(plain.connections()).toBe(0);
  });

  test('from http to https, whose certificate nobody knows', async () => {
    const pem = readFileSync(new URL('../cli/self-signed.pem', import.meta.url), 'utf8');
    const secure = await start(
      createTlsServer({ key: pem, cert: pem }, (_request, response) => response.end('picture')),
    );
    const location = `https://127.0.0.1:${secure.port}/`;
    const network: Network = { ...only(0), allows: (address) => address === '127.0.0.1' };
    expect(await ask((_request, response) => void response.writeHead(302, { location }).end(), { network })).toEqual({
      kind: 'unreachable',
      detail: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  test.each([
    ['http://127.0.0.1:1/', 'image-address-refused'],
    ['http://169.254.169.254/latest/meta-data/', 'image-address-refused'],
    ['http://[::1]/', 'image-address-refused'],
    ['http://2130706433/', 'image-address-refused'],
    ['//127.1/', 'image-address-refused'],
    ['https://user:secret@pictures.example/', 'image-address-refused'],
    ['file:///etc/passwd', 'image-address-refused'],
    ['gopher://127.0.0.1:6379/_FLUSHALL', 'image-address-refused'],
    ['data:image/png;base64,AAAA', 'image-address-refused'],
    ['http://other.example/', 'image-host-not-allowed'],
    ['http://', 'image-remote-refused'],
  ])('to %s: refused', async (location, code) => {
    const allowHosts = code === 'image-host-not-allowed' ? ['pictures.example'] : null;
    const result = await ask((_request, response) => void response.writeHead(302, { location }).end(), { allowHosts });
    expect(result).toMatchObject({ kind: 'refused', code });
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  test('each hop is looked up and judged anew', async () => {
    const { port, connections } = await serve(
      (_request, response) => void response.writeHead(302, { location: `http://b.example:${port}/` }).end(),
    );
    const network: Network = {
      resolve: async (host) => [host === 'a.example' ? '127.0.0.1' : '127.0.0.2'],
      allows: (address) => address === '127.0.0.1',
    };
    const result = await fetchImage(`http://a.example:${port}/`, { allowHosts: null, network });
    expect(result).toMatchObject({ code: 'image-address-refused', args: { address: `127.0.0.2:${port}` } });
    expect(connections()).toBe(1);
  });
});

describe('nothing private is asked', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://①②⑦.0.0.1/',
    'http://127。0。0。1/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://localhost/',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'https://192.168.1.1/',
    'http://[fd00:ec2::254]/',
    'http://8.8.8.8:6379/',
    'http://[2606:4700:4700::1111]:22/',
  ])('%s', async (url) => {
    const result = await fetchImage(url, { allowHosts: null, timeoutMs: 5_000 });
    expect(result).toMatchObject({ kind: 'refused', code: 'image-address-refused' });
  });

  /** Loopback as it can be written in a post; PORT is the canary's. Every name is told to be loopback. */
  const SPELLINGS: readonly string[] = [
    ...['http://127.0.0.1:PORT/', 'http://127.0.0.1.:PORT/', 'http://127.1:PORT/', 'http://127.0.1:PORT/'],
    ...['http://127.255.255.254:PORT/', 'http://2130706433:PORT/', 'http://2130706433.:PORT/', 'http://0:PORT/'],
    ...['http://0.0.0.0:PORT/', 'http://0x7f000001:PORT/', 'http://0X7F.0x0.0X0.0x1:PORT/', 'http://0x7f.1:PORT/'],
    ...['http://0x0:PORT/', 'http://017700000001:PORT/', 'http://0177.0.0.1:PORT/', 'http://0177.0x0.0.01:PORT/'],
    ...['http://00000177.00000000.1:PORT/', 'http://①②⑦.0.0.1:PORT/', 'http://１２７.０.０.１:PORT/'],
    ...[
      'http://127。0。0。1:PORT/',
      'http://127．0．0．1:PORT/',
      'http://127｡0｡0｡1:PORT/',
      'http://127%2e0%2e0%2e1:PORT/',
    ],
    ...['http://%31%32%37.0.0.1:PORT/', 'http://𝟏𝟐𝟕.𝟎.𝟎.𝟏:PORT/', 'http://0𝕏7f000001:PORT/', 'http://⓪:PORT/'],
    ...['http://[::1]:PORT/', 'http://[0:0:0:0:0:0:0:1]:PORT/', 'http://[::]:PORT/', 'http://[::0001]:PORT/'],
    ...['http://[::ffff:127.0.0.1]:PORT/', 'http://[::FFFF:7F00:1]:PORT/', 'http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/'],
    ...['http://[::127.0.0.1]:PORT/', 'http://[::ffff:0:127.0.0.1]:PORT/', 'http://[64:ff9b::127.0.0.1]:PORT/'],
    ...[
      'http://[64:ff9b:1::7f00:1]:PORT/',
      'http://[2002:7f00:1::]:PORT/',
      'http://[::1%25lo]:PORT/',
      'http://[::1%lo]:PORT/',
    ],
    ...[
      'http://[fe80::1%25lo]:PORT/',
      'http://1.1.1.1@127.0.0.1:PORT/',
      'http://a:b@127.0.0.1:PORT/',
      'http://@127.1:PORT/',
    ],
    ...['http://127.0.0.1:PORT#@1.1.1.1/', 'http://127.0.0.1:PORT?@1.1.1.1/', 'http://127.0.0.1:PORT\\@1.1.1.1/'],
    ...[
      'http:\\\\127.0.0.1:PORT\\',
      'http:/127.0.0.1:PORT/',
      'http:127.0.0.1:PORT/',
      'HTTP://127.0.0.1:PORT/',
      '//127.0.0.1:PORT/',
    ],
    ...[
      'ht\ntp://127.0.0.1:PORT/',
      'http://127.0.\t0.1:PORT/',
      'http://127.0.0.1\r\n:PORT/',
      ' http://127.0.0.1:PORT/ ',
    ],
    ...[
      'http://127.0.0.1:0PORT/',
      'http://localhost:PORT/',
      'http://LOCALHOST.:PORT/',
      'http://ｌｏｃａｌｈｏｓｔ:PORT/',
    ],
    ...[
      'http://local%68ost:PORT/',
      'http://loc\u00adalhost:PORT/',
      'http://127.0.0.1.nip.io:PORT/',
      'http://a.localhost:PORT/',
    ],
    ...['http://metadata.google.internal:PORT/', 'http://kubernetes.default.svc:PORT/', 'http://intranet:PORT/'],
    ...['ftp://127.0.0.1:PORT/', 'gopher://127.0.0.1:PORT/_', 'dict://127.0.0.1:PORT/', 'ws://127.0.0.1:PORT/'],
  ];

  test(`no spelling of loopback, of ${SPELLINGS.length}, reaches a server that listens there`, async () => {
    const answer = (_request: IncomingMessage, response: ServerResponse) => void response.end('secret');
    const { port, connections } = await serve(answer);
    const network: Network = { resolve: async () => ['127.0.0.1'], allows: (address) => isPublicAddress(address) };
    let asked = 0;
    for (const spelling of SPELLINGS) {
      const reference = readReference(spelling.replaceAll('PORT', `${port}`));
      if (!('kind' in reference) || reference.kind !== 'remote') continue;
      asked += 1;
      const result = await fetchImage(reference.url, { allowHosts: null, network });
      expect({ spelling, result }).toMatchObject({ result: { kind: 'refused', code: 'image-address-refused' } });
    }
    expect(asked).toBeGreaterThan(SPELLINGS.length / 2);
    expect(connections()).toBe(0);
    expect(await fetchImage(`http://127.0.0.1:${port}/`, { allowHosts: null, network: only(port) })).toMatchObject({
      kind: 'ok',
    });
    expect(connections()).toBe(1);
  });

  test.each([1, 2, 3])('hop %i of a chain that leads inside is refused, however it is written', async (hops) => {
    const canary = await serve((_request, response) => void response.end('secret'));
    const inside = ['127.0.0.1', '127.1', '2130706433', '[::ffff:7f00:1]', '0', 'inner.example'];
    for (const host of inside) {
      const { port, connections } = await serve((request, response) => {
        const left = Number(request.url?.slice(1));
        const location = left === 1 ? `http://${host}:${canary.port}/` : `/${left - 1}`;
        response.writeHead(302, { location }).end();
      });
      const result = await fetchImage(`http://pictures.example:${port}/${hops}`, {
        allowHosts: null,
        network: only(port),
      });
      expect({ host, result }).toMatchObject({ result: { kind: 'refused', code: 'image-address-refused' } });
      expect(connections()).toBe(hops);
    }
    expect(canary.connections()).toBe(0);
  });

  test('a name that is public when asked first and private when asked again', async () => {
    const { port, connections } = await serve(
      (_request, response) => void response.writeHead(302, { location: '/' }).end(),
    );
    let looked = 0;
    const network: Network = {
      resolve: async () => [++looked === 1 ? '127.0.0.1' : '10.0.0.1'],
      // Of two loopback addresses one plays the public one.
      allows: (address) => address === '127.0.0.1',
    };
    const result = await fetchImage(`http://rebinds.example:${port}/`, { allowHosts: null, network });
    expect(result).toMatchObject({ kind: 'refused', args: { address: `10.0.0.1:${port}` } });
    // Looked up once for each connection: what is judged is what is connected to.
    expect([looked, connections()]).toEqual([2, 1]);
  });

  test.each([
    ['one private address among public ones', ['93.184.215.14', '127.0.0.1'], '127.0.0.1'],
    ['a private address', ['10.0.0.1'], '10.0.0.1'],
    ['a mapped one', ['::ffff:10.0.0.1'], '::ffff:10.0.0.1'],
  ])('a name with %s', async (_what, addresses, address) => {
    const network: Network = { ...INTERNET, resolve: async () => addresses };
    const result = await fetchImage('http://pictures.example/', { allowHosts: null, network });
    expect(result).toEqual({ kind: 'refused', code: 'image-address-refused', args: { address } });
  });

  test('the peer of the connection is judged too', async () => {
    const { port } = await serve((_request, response) => void response.end('secret'));
    let asked = 0;
    const network: Network = { resolve: async () => ['127.0.0.1'], allows: () => ++asked === 1 };
    const result = await fetchImage(`http://pictures.example:${port}/`, { allowHosts: null, network });
    expect(result).toMatchObject({ kind: 'refused', code: 'image-address-refused' });
    expect(asked).toBe(2);
  });

  test('a host that is not listed is not even looked up', async () => {
    let looked = 0;
    const network: Network = { ...INTERNET, resolve: async () => [`10.0.0.${++looked}`] };
    const options = { allowHosts: ['a.example'], network };
    for (const host of ['b.example', 'a.example.evil.test', 'xa.example', 'sub.a.example']) {
      const result = await fetchImage(`http://${host}/x?token=secret`, options);
      expect(result).toEqual({ kind: 'refused', code: 'image-host-not-allowed', args: { host } });
    }
    expect(looked).toBe(0);
    expect(await fetchImage('http://A.example/', options)).toMatchObject({ code: 'image-address-refused' });
    expect(looked).toBe(1);
  });
});

test('an interrupted fetch rejects with the reason of the interruption', async () => {
  const controller = new AbortController();
  const reason = new Error('stop');
  const asking = ask(() => controller.abort(reason), { signal: controller.signal });
  await expect(asking).rejects.toBe(reason);
});
