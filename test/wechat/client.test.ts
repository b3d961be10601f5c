// What each method sends, what it makes of the answer, how often it tries, and that no secret shows on any way out.
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { Page, Picture, WechatClient, WireEvent } from '../../src/wechat/client.ts';
import {
  APP_ID,
  ARTICLE,
  createTestClient,
  errorOf,
  expectNoSecret,
  SECOND_TOKEN,
  SECRET,
  type TestClient,
  TOKEN,
} from './fixture.ts';
import { type Act, drip, head, raw, reset, type ScriptServer, silence, startScriptServer } from './script-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Options = Parameters<typeof createTestClient>[1];

/** A server that plays these acts in order, the last one for ever, and a client of it. */
async function setUp(
  acts: readonly Act[],
  options: Options = {},
): Promise<{ server: ScriptServer; client: TestClient }> {
  let next = 0;
  const server = await startScriptServer({ onRequest: () => acts[Math.min(next++, acts.length - 1)] ?? silence });
  const client = createTestClient(server.root, options);
  closing.push(
    () => client.close(),
    () => server.close(),
  );
  return { server, client };
}

const PICTURE: Picture = { bytes: new Uint8Array([1, 2, 3, 0, 255]), format: 'jpg', name: 'wxs-ab12' };
const PAGE: Page = { offset: 20, count: 20 };
const DONE = { errcode: 0, errmsg: 'ok' };
const NEWS = { news_item: [{ title: 't', thumb_media_id: 'C' }], create_time: 5, update_time: 6 };
const REMOTE = { mediaId: 'M', createTime: 5, updateTime: 6, articles: [{ title: 't', coverId: 'C' }] };

type Do = (client: WechatClient) => Promise<unknown>;

describe('each method: what is sent and what comes back', () => {
  const rows: readonly [
    name: string,
    run: Do,
    request: string,
    body: object | null,
    answer: object,
    result: unknown,
  ][] = [
    [
      'updateDraft',
      (client) => client.updateDraft('M', ARTICLE),
      'POST /cgi-bin/draft/update',
      {
        media_id: 'M',
        index: 0,
        articles: {
          title: '贸易',
          author: '',
          digest: '',
          content: '<p>正文</p>',
          content_source_url: '',
          thumb_media_id: 'COVER',
        },
      },
      DONE,
      undefined,
    ],
    ['getDraft', (client) => client.getDraft('M'), 'POST /cgi-bin/draft/get', { media_id: 'M' }, NEWS, REMOTE],
    [
      'getDraft, gone',
      (client) => client.getDraft('M'),
      'POST /cgi-bin/draft/get',
      { media_id: 'M' },
      { errcode: 40007 },
      null,
    ],
    [
      'listDrafts without content',
      (client) => client.listDrafts({ ...PAGE, content: 'without' }),
      'POST /cgi-bin/draft/batchget',
      { offset: 20, count: 20, no_content: 1 },
      { item: [{ media_id: 'M', content: NEWS, update_time: 6 }], total_count: 21, item_count: 1 },
      { total: 21, items: [REMOTE] },
    ],
    [
      'listDrafts with content',
      (client) => client.listDrafts({ ...PAGE, content: 'with' }),
      'POST /cgi-bin/draft/batchget',
      { offset: 20, count: 20, no_content: 0 },
      { item: [], total_count: 0, item_count: 0 },
      { total: 0, items: [] },
    ],
    [
      'deleteDraft',
      (client) => client.deleteDraft('M'),
      'POST /cgi-bin/draft/delete',
      { media_id: 'M' },
      DONE,
      'deleted',
    ],
    [
      'deleteDraft, gone',
      (client) => client.deleteDraft('M'),
      'POST /cgi-bin/draft/delete',
      { media_id: 'M' },
      { errcode: 40007 },
      'gone',
    ],
    ['countDrafts', (client) => client.countDrafts(), 'GET /cgi-bin/draft/count', null, { total_count: 15 }, 15],
    [
      'listImages',
      (client) => client.listImages(PAGE),
      'POST /cgi-bin/material/batchget_material',
      { type: 'image', offset: 20, count: 20 },
      {
        item: [{ media_id: 'I', name: 'wxs-1.jpg', update_time: 7, url: 'http://x/' }, { media_id: 'J' }],
        total_count: 22,
      },
      {
        total: 22,
        items: [
          { mediaId: 'I', name: 'wxs-1.jpg', updateTime: 7, url: 'http://x/' },
          { mediaId: 'J', name: '', updateTime: null, url: '' },
        ],
      },
    ],
    [
      'domainIps',
      (client) => client.domainIps(),
      'GET /cgi-bin/get_api_domain_ip',
      null,
      { ip_list: ['192.0.2.1', 7] },
      ['192.0.2.1'],
    ],
  ];

  test.each(rows)('%s', async (_name, run, request, body, answer, result) => {
    const { server, client } = await setUp([{ json: answer }]);
    const back = await run(client);
    if (typeof result === 'object' && result !== null) expect(back).toMatchObject(result);
    else expect(back).toBe(result);
    const [seen] = server.seen;
    expect(`${seen?.method} ${seen?.target}`).toBe(`${request}?access_token=${encodeURIComponent(TOKEN)}`);
    expect(seen?.body.toString() === '' ? null : JSON.parse(seen?.body.toString() ?? '')).toEqual(body);
    if (body !== null) {
      expect(seen?.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(seen?.body.length),
      });
    }
    expect(seen?.headers['transfer-encoding']).toBeUndefined();
  });

  test.each([
    [
      'uploadImage',
      (client: WechatClient) => client.uploadImage(PICTURE),
      '/cgi-bin/media/uploadimg',
      '',
      { url: 'http://mmbiz.qpic.cn/a' },
      { url: 'http://mmbiz.qpic.cn/a' },
    ],
    [
      'addMaterial',
      (client: WechatClient) => client.addMaterial(PICTURE),
      '/cgi-bin/material/add_material',
      '&type=image',
      { media_id: 'C', url: 'http://mmbiz.qpic.cn/b', item: [] },
      { mediaId: 'C', url: 'http://mmbiz.qpic.cn/b' },
    ],
  ])('%s sends one quoted file called media, with its length', async (_name, run, path, query, answer, result) => {
    const { server, client } = await setUp([{ json: answer }]);
    expect(await run(client)).toEqual(result);
    const [seen] = server.seen;
    expect(seen?.target).toBe(`${path}?access_token=${encodeURIComponent(TOKEN)}${query}`);
    const boundary = /^multipart\/form-data; boundary=([\w-]+)$/.exec(seen?.headers['content-type'] ?? '')?.[1];
    expect(seen?.body.toString('latin1')).toBe(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="media"; filename="wxs-ab12.jpg"',
        'Content-Type: image/jpeg',
        '',
        '\x01\x02\x03\x00\xFF',
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    );
    expect(seen?.headers['content-length']).toBe(String(seen?.body.length));
    expect(seen?.headers['transfer-encoding']).toBeUndefined();
  });

  test('a file name is made harmless', async () => {
    const { server, client } = await setUp([{ json: { url: 'http://mmbiz.qpic.cn/a' } }]);
    await client.uploadImage({ ...PICTURE, name: 'a"\r\n图/..' });
    expect(server.seen[0]?.body.toString('latin1')).toContain('filename="a-------.jpg"');
  });

  test('text goes out as raw UTF-8, without what JSON can only escape', async () => {
    const { server, client } = await setUp([{ json: { media_id: 'M' } }]);
    await client.addDraft({ ...ARTICLE, title: '贸易😀\ud800"\\', content: 'a\u0000\u001b\t\nb\u2028' });
    const body = server.seen[0]?.body.toString('utf8') ?? '';
    expect(body).not.toMatch(/\\u/);
    expect(JSON.parse(body)).toEqual({
      articles: [{ title: '贸易😀\uFFFD"\\', content: 'a\t\nb\u2028', thumb_media_id: 'COVER' }],
    });
  });

  test('a root with a path keeps it', async () => {
    const { server } = await setUp([{ json: { total_count: 1 } }]);
    const client = createTestClient(`${server.root}/relay/`);
    closing.push(() => client.close());
    await client.countDrafts();
    expect(server.seen[0]?.path).toBe('/relay/cgi-bin/draft/count');
  });

  test('the token is asked for in normal mode, kept, and used', async () => {
    const { server, client } = await setUp(
      [{ json: { access_token: TOKEN, expires_in: 7200 } }, { json: { total_count: 1 } }],
      { credential: { kind: 'secret', secret: SECRET }, now: () => 1000 },
    );
    await client.ready();
    await Promise.all([client.countDrafts(), client.countDrafts()]);
    expect(server.seen.map((seen) => seen.path)).toEqual([
      '/cgi-bin/stable_token',
      '/cgi-bin/draft/count',
      '/cgi-bin/draft/count',
    ]);
    expect(JSON.parse(server.seen[0]?.body.toString() ?? '')).toEqual({
      grant_type: 'client_credential',
      appid: APP_ID,
      secret: SECRET,
      force_refresh: false,
    });
    expect(await client.store.load()).toEqual({ value: TOKEN, expiresAt: 7_201_000 });
  });

  test('ready may be left alone when it fails', async () => {
    const { server, client } = await setUp([{ json: { errcode: 40013, errmsg: 'invalid appid' } }], {
      credential: { kind: 'secret', secret: SECRET },
    });
    client.ready();
    expect(await errorOf(client.countDrafts())).toMatchObject({ code: 'appid-invalid' });
    expect(server.seen).toHaveLength(1);
  });
});

const SAFE: readonly [name: string, run: Do, good: object][] = [
  ['uploadImage', (client) => client.uploadImage(PICTURE), { url: 'http://mmbiz.qpic.cn/a' }],
  ['addMaterial', (client) => client.addMaterial(PICTURE), { media_id: 'M', url: 'http://mmbiz.qpic.cn/a' }],
  ['updateDraft', (client) => client.updateDraft('M', ARTICLE), DONE],
  ['getDraft', (client) => client.getDraft('M'), NEWS],
  ['listDrafts', (client) => client.listDrafts({ ...PAGE, content: 'without' }), { item: [], total_count: 0 }],
  ['deleteDraft', (client) => client.deleteDraft('M'), DONE],
  ['countDrafts', (client) => client.countDrafts(), { total_count: 1 }],
  ['listImages', (client) => client.listImages(PAGE), { item: [], total_count: 0 }],
  ['domainIps', (client) => client.domainIps(), { ip_list: [] }],
];

describe('what is safe to repeat', () => {
  const bad: readonly [name: string, act: Act, code: string, tries: number, waits: readonly number[]][] = [
    ['system busy', { json: { errcode: -1, errmsg: 'system error' } }, 'busy', 3, [1250, 4250]],
    ['the minute is full', { json: { errcode: 45011, errmsg: 'slower' } }, 'rate-limited', 2, [62_500]],
    ['reset', reset, 'no-answer', 3, [1250, 4250]],
    ['502', { status: 502, body: '<html>', type: 'text/html' }, 'bad-answer', 3, [1250, 4250]],
    ['nothing', {}, 'bad-answer', 3, [1250, 4250]],
    [
      'half a body',
      raw(`${head(200, { 'content-length': '9' })}{`, (socket) => socket.end()),
      'no-answer',
      3,
      [1250, 4250],
    ],
    ['501', { status: 501, body: '<html>', type: 'text/html' }, 'bad-answer', 1, []],
    ['307', { status: 307, headers: { location: '/elsewhere' } }, 'bad-answer', 1, []],
    ['412', { status: 412 }, 'bad-answer', 1, []],
    [
      'not on the list',
      { json: { errcode: 40164, errmsg: 'invalid ip 203.0.113.7, not in whitelist' } },
      'ip-not-allowed',
      1,
      [],
    ],
    ['not allowed', { json: { errcode: 48001, errmsg: 'api unauthorized' } }, 'api-unauthorized', 1, []],
    ['used up', { json: { errcode: 45009, errmsg: 'quota' } }, 'quota-used-up', 1, []],
    ['token', { json: { errcode: 40001, errmsg: `no ${TOKEN}` } }, 'credentials-refused', 1, []],
  ];

  for (const [method, run] of SAFE.filter(([name]) => ['uploadImage', 'updateDraft', 'countDrafts'].includes(name))) {
    test.each(bad)(`${method}, %s`, async (_name, act, code, tries, waits) => {
      const { server, client } = await setUp([act]);
      const error = await errorOf(run(client));
      expect(error).toMatchObject({ code });
      expect([server.seen.length, client.waits]).toEqual([tries, waits]);
      expectNoSecret(error);
    });
  }

  for (const [method, run, good] of SAFE) {
    test(`${method}, a reset and then an answer`, async () => {
      const { server, client } = await setUp([reset, { json: good }]);
      await run(client);
      expect([server.seen.length, client.waits]).toEqual([2, [1250]]);
    });

    test(`${method}, an answer of another endpoint`, async () => {
      const { client } = await setUp([{ json: { hello: 'world' } }]);
      expect(await errorOf(run(client))).toMatchObject({ code: 'bad-answer', args: { status: 200 } });
    });
  }

  test('the deadline ends a slow drip', async () => {
    const { server, client } = await setUp([drip], { timeoutMs: 50 });
    const error = await errorOf(client.countDrafts());
    expect(error).toMatchObject({ code: 'no-answer', args: { endpoint: '/cgi-bin/draft/count', seconds: 1 } });
    expect(server.seen).toHaveLength(3);
    expectNoSecret(error);
  });

  test('one budget for all calls of a client', async () => {
    const { server, client } = await setUp([{ status: 502 }]);
    for (let call = 0; call < 20; call += 1) await errorOf(client.countDrafts());
    expect(server.seen.length).toBe(20 + 30);
  });

  test('a refused token is replaced once for calls side by side, and the calls are repeated', async () => {
    const tokens = [TOKEN, SECOND_TOKEN];
    const server = await startScriptServer({
      onRequest: ({ path, target }) => {
        if (path === '/cgi-bin/stable_token') return { json: { access_token: tokens.shift(), expires_in: 7200 } };
        const good = target.includes(encodeURIComponent(SECOND_TOKEN));
        return { json: good ? { total_count: 1 } : { errcode: 40014, errmsg: 'invalid access_token' } };
      },
    });
    const client = createTestClient(server.root, { credential: { kind: 'secret', secret: SECRET } });
    closing.push(
      () => client.close(),
      () => server.close(),
    );
    const counts = await Promise.all([1, 2, 3, 4].map(() => client.countDrafts()));
    expect(counts).toEqual([1, 1, 1, 1]);
    expect(server.seen.filter(({ path }) => path === '/cgi-bin/stable_token')).toHaveLength(2);
    expect(client.waits).toEqual([]);
  });
});

describe('the token endpoint', () => {
  test.each([
    [40001, 'secret-invalid', { appId: APP_ID }],
    [40125, 'secret-invalid', { appId: APP_ID }],
    [40013, 'appid-invalid', { appId: APP_ID }],
    [41002, 'appid-invalid', { appId: APP_ID }],
    [41004, 'secret-invalid', { appId: APP_ID }],
    [40243, 'secret-frozen', { appId: APP_ID }],
    [40164, 'ip-not-allowed', { ip: '203.0.113.7' }],
    [89507, 'confirm-needed', { wait: '1 h' }],
  ])('%i is %s: asked once, said to every call', async (errcode, code, args) => {
    const errmsg = `invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist ${SECRET}`;
    const { server, client } = await setUp([{ json: { errcode, errmsg } }], {
      credential: { kind: 'secret', secret: SECRET },
    });
    for (const run of [client.ready, client.countDrafts]) {
      const error = await errorOf(run());
      expect(error).toMatchObject({ code, errcode, args });
      expectNoSecret(error);
    }
    expect(server.seen).toHaveLength(1);
  });

  test.each([{ access_token: '', expires_in: 7200 }, { access_token: TOKEN }, { expires_in: 7200 }, {}])(
    '%j is no token',
    async (json) => {
      const { client } = await setUp([{ json }], { credential: { kind: 'secret', secret: SECRET } });
      const error = await errorOf(client.countDrafts());
      expect(error).toMatchObject({ code: 'bad-answer', args: { endpoint: '/cgi-bin/stable_token' } });
      expectNoSecret(error);
    },
  );
});

describe('stopping', () => {
  test('ends a call with the reason that was given', async () => {
    const stop = new AbortController();
    const reason = new Error('ctrl-c');
    const { server, client } = await setUp([() => stop.abort(reason)], { signal: stop.signal });
    expect(await errorOf(client.countDrafts())).toBe(reason);
    expect(await errorOf(client.countDrafts())).toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  test('ends a wait', async () => {
    const stop = new AbortController();
    const reason = new Error('ctrl-c');
    const { server, client } = await setUp([reset], { signal: stop.signal, sleep: async () => stop.abort(reason) });
    expect(await errorOf(client.countDrafts())).toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  test('close ends what is under way', async () => {
    const { client } = await setUp([silence], { timeoutMs: 10_000 });
    const lost = errorOf(client.uploadImage(PICTURE));
    await client.close();
    await client.close();
    expect(await lost).toMatchObject({ code: expect.stringMatching(/^(no-answer|network-failed)$/) });
    expect(await client.addDraft(ARTICLE)).toMatchObject({ kind: 'not-sent' });
    expect(client.waits).toEqual([]);
  });
});

describe('nothing shows a secret', () => {
  test('neither the client nor its events', async () => {
    const events: WireEvent[] = [];
    const { client } = await setUp(
      [{ json: { access_token: TOKEN, expires_in: 7200 } }, { status: 502 }, { json: { total_count: 1 } }],
      { credential: { kind: 'secret', secret: SECRET }, onEvent: (event) => events.push(event) },
    );
    await client.countDrafts();
    const { waits: _waits, store: _store, ...methods } = client;
    expectNoSecret(methods);
    expectNoSecret(inspect(methods, { showHidden: true, depth: 20 }));
    expectNoSecret(events);
    expect(events).toMatchObject([
      { method: 'POST', path: '/cgi-bin/stable_token', status: 200, attempt: 1, outcome: 'ok' },
      { method: 'GET', path: '/cgi-bin/draft/count', status: 502, attempt: 1, outcome: 'unknown' },
      { method: 'GET', path: '/cgi-bin/draft/count', status: 200, attempt: 2, outcome: 'ok' },
    ]);
  });

  test.each([
    ['a redirect that names it', { status: 307, headers: { location: `/x?access_token=${TOKEN}` } }],
    ['a content type that names it', { status: 502, type: `text/${TOKEN}` }],
    ['a page that names it', { status: 502, body: `<a href="?access_token=${TOKEN}">${SECRET}`, type: 'text/html' }],
    ['JSON that names it', { json: { errcode: TOKEN, errmsg: SECRET } }],
    [
      'a refusal that names it',
      { json: { errcode: 45166, errmsg: `access_token ${TOKEN} ${encodeURIComponent(TOKEN)}` } },
    ],
    ['a head that is none', raw(`${TOKEN} ${SECRET}\r\n\r\n`, (socket) => socket.end())],
  ] as const)('%s', async (_name, act) => {
    const { client } = await setUp([act]);
    expectNoSecret(await errorOf(client.countDrafts()));
    expectNoSecret(await client.addDraft(ARTICLE));
  });
});
