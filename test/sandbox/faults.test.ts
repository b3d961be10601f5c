// Faults: their spelling, when they strike, and whether the account had changed by then.
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, FAULT_WORDS, type Fault, parseFault, type Sandbox } from '../../src/sandbox/index.ts';
import { type Caller, createCaller, fetchToken } from './account.ts';
import { send } from './raw-http.ts';

test.each<[string, Fault]>([
  ['draft/add:45009', { path: 'draft/add', kind: 'errcode', errcode: 45009 }],
  ['draft/add:45009@2', { path: 'draft/add', call: 2, kind: 'errcode', errcode: 45009 }],
  ['draft/add:-1:after@1', { path: 'draft/add', when: 'after', call: 1, kind: 'errcode', errcode: -1 }],
  ['token:40164', { path: 'token', kind: 'errcode', errcode: 40164 }],
  ['*:502', { path: '*', kind: 'status', status: 502 }],
  ['draft/get:307', { path: 'draft/get', kind: 'status', status: 307 }],
  ['draft/add:latency=500', { path: 'draft/add', kind: 'latency', ms: 500 }],
  ['draft/add:reset:after', { path: 'draft/add', when: 'after', kind: 'reset' }],
  ['media/uploadimg:half-body@3', { path: 'media/uploadimg', call: 3, kind: 'half-body' }],
  ['draft/add:late=900@1', { path: 'draft/add', call: 1, kind: 'late', ms: 900 }],
  ['draft/batchget:lag=3000', { path: 'draft/batchget', kind: 'lag', ms: 3000 }],
])('%s', (text, fault) => {
  expect(parseFault(text)).toEqual(fault);
});

test.each([
  '',
  'draft/add',
  'draft/add:',
  'draft/add:x',
  'draft/add:1@0',
  '/cgi-bin/draft/add:1',
  'draft/add:reset:later',
  'draft/add:late',
  'draft/add:reset=5',
  'draft/add:soon=5',
])('no fault: %j', (text) => {
  expect(() => parseFault(text)).toThrow(`the fault "${text}" is not PATH:WHAT`);
});

test('each word is told with what it does, and can be spelled', () => {
  for (const [word, says] of Object.entries(FAULT_WORDS)) {
    expect(says).not.toBe('');
    expect(parseFault(`draft/add:${word.replace('MS', '5')}`)).toMatchObject({ kind: word.replace('=MS', '') });
  }
});

describe('on the wire', () => {
  let sandbox: Sandbox;
  let caller: Caller;
  let cover: string;
  beforeEach(async () => {
    sandbox = await createSandbox();
    const account = { ...sandbox, root: sandbox.url };
    caller = createCaller(account, await fetchToken(account));
    cover = await caller.addCover();
  });
  afterEach(() => sandbox.close());

  const add = (): ReturnType<Caller['post']> =>
    caller.post('draft/add', { articles: [{ title: 'T', content: '<p>x</p>', thumb_media_id: cover }] });

  test.each<[string, number, Readonly<Record<string, unknown>>]>([
    ['draft/add:-1', 0, { status: 200, errcode: -1, committed: false }],
    ['draft/add:-1:after', 1, { status: 200, errcode: -1, committed: true }],
    ['draft/add:502', 0, { status: 502, errcode: null, committed: false }],
    ['draft/add:502:after', 1, { status: 502, errcode: null, committed: true }],
    ['draft/add:307', 0, { status: 307, errcode: null, committed: false }],
    ['draft/add:latency=1', 1, { status: 200, errcode: 0, committed: true }],
    ['*:45011', 0, { status: 200, errcode: 45011, committed: false }],
  ])('%s leaves %i draft(s)', async (text, drafts, entry) => {
    sandbox.addFault(parseFault(text));
    const { status } = await add();
    expect(status).toBe(entry['status']);
    expect(sandbox.drafts()).toHaveLength(drafts);
    expect(sandbox.history().at(-1)).toMatchObject(entry);
  });

  test.each<[string, number]>([
    ['draft/add:reset', 0],
    ['draft/add:reset:after', 1],
    ['draft/add:half-body', 0],
    ['draft/add:half-body:after', 1],
    ['draft/add:fin', 0],
    ['draft/add:fin:after', 1],
  ])('%s leaves %i draft(s) and no whole answer', async (text, drafts) => {
    sandbox.addFault(parseFault(text));
    await expect(add()).rejects.toThrow(/ECONNRESET|hang up|aborted|cut/);
    expect(sandbox.drafts()).toHaveLength(drafts);
    expect(sandbox.history().at(-1)).toMatchObject({ status: 0, errcode: null, committed: drafts === 1 });
  });

  test.each<[string, number, string]>([
    ['draft/add:html:after', 1, '<h1>200</h1>'],
    ['draft/add:empty', 0, ''],
    ['draft/add:truncated:after', 1, '{"media_id":"'],
    ['draft/add:429', 0, '<h1>429</h1>'],
  ])('%s leaves %i draft(s) and says %j', async (text, drafts, says) => {
    sandbox.addFault(parseFault(text));
    const { status, headers, text: body, json } = await add();
    expect([status, headers['retry-after']]).toEqual(text.endsWith('429') ? [429, '1'] : [200, undefined]);
    expect(body === '').toBe(says === '');
    expect(body).toContain(says);
    expect(json).toEqual({});
    expect(headers['content-length'] === undefined).toBe(text.includes('truncated'));
    expect(sandbox.drafts()).toHaveLength(drafts);
  });

  test('what is cleared is met by no call', async () => {
    for (const text of ['draft/add:-1', 'draft/add:502@1', '*:45011']) sandbox.addFault(parseFault(text));
    sandbox.clearFaults();
    expect(await add()).toMatchObject({ status: 200 });
    expect(sandbox.drafts()).toHaveLength(1);
  });

  test('drip sends a byte now and then until the caller leaves', async () => {
    sandbox.addFault(parseFault('draft/count:drip'));
    const path = `${sandbox.url}/cgi-bin/draft/count?access_token=${await fetchToken({ ...sandbox, root: sandbox.url })}`;
    const bytes = await new Promise<number>((resolve) => {
      let seen = 0;
      const outgoing = request(path, (answer) => {
        answer.on('data', (chunk: Buffer) => {
          seen += chunk.length;
          if (seen === 3) outgoing.destroy();
        });
        answer.on('error', () => undefined);
        answer.on('close', () => resolve(seen));
      });
      outgoing.end();
    });
    expect(bytes).toBe(3);
    expect(sandbox.history().at(-1)).toMatchObject({ path: '/cgi-bin/draft/count', status: 0, committed: false });
  });

  test('late hangs up at once, and the draft comes afterwards', async () => {
    sandbox.addFault(parseFault('draft/add:late=60@1'));
    await expect(add()).rejects.toThrow(/ECONNRESET|hang up/);
    expect(sandbox.drafts()).toHaveLength(0);
    await expect.poll(() => sandbox.history().at(-1)).toMatchObject({ status: 0, errcode: null, committed: true });
    expect(sandbox.drafts()).toHaveLength(1);
    const { at = 0, endedAt = 0 } = sandbox.history().at(-1) ?? {};
    expect(endedAt - at).toBeGreaterThanOrEqual(59);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['draft/batchget', {}],
    ['material/batchget_material', { type: 'image' }],
  ])('%s under a lag does not show what is young', async (path, more) => {
    await add();
    const list = async () => (await caller.post(path, { offset: 0, count: 20, ...more })).json;
    sandbox.addFault(parseFault(`${path}:lag=60000`));
    expect(await list()).toMatchObject({ item: [], total_count: 0 });
    sandbox.advance(60_000);
    expect(await list()).toMatchObject({ item: [{}], total_count: 1 });
  });

  test('@2 strikes the second call after it was added, and only that', async () => {
    await add();
    sandbox.addFault(parseFault('draft/add:45009@2'));
    const codes: unknown[] = [];
    for (let call = 0; call < 3; call += 1) codes.push((await add()).json['errcode']);
    expect(codes).toEqual([undefined, 45009, undefined]);
  });

  test('a gateway page is HTML, a redirect leads away, 40164 names the address', async () => {
    for (const text of ['draft/count:502@1', 'draft/count:307@2', 'draft/count:40164@3'])
      sandbox.addFault(parseFault(text));
    const page = await caller.get('draft/count');
    expect(page.headers['content-type']).toBe('text/html');
    expect(page.text).toContain('<h1>502</h1>');
    expect((await caller.get('draft/count')).headers['location']).toBe('https://mp.weixin.qq.com/');
    expect((await caller.get('draft/count')).json['errmsg']).toMatch(
      /^invalid ip 127\.0\.0\.1 .*not in whitelist rid: /,
    );
  });

  test('a client that left during a latency before the effect still gets its draft', async () => {
    sandbox.addFault(parseFault('draft/add:latency=50'));
    const token = await fetchToken({ ...sandbox, root: sandbox.url });
    const body = JSON.stringify({ articles: [{ title: 'late', content: 'x', thumb_media_id: cover }] });
    const path = `${sandbox.url}/cgi-bin/draft/add?access_token=${token}`;
    const outgoing = request(path, { method: 'POST', headers: { 'Content-Length': body.length } });
    outgoing.on('error', () => {});
    outgoing.on('finish', () => outgoing.destroy());
    outgoing.end(body);
    await new Promise((resolve) => outgoing.on('close', resolve));
    expect(sandbox.drafts()).toHaveLength(0);
    await expect.poll(() => sandbox.drafts().length).toBe(1);
  });

  test('a body that ends early changes nothing and is on record', async () => {
    const outgoing = request(`${sandbox.url}/cgi-bin/draft/add`, {
      method: 'POST',
      headers: { 'Content-Length': 100 },
    });
    outgoing.on('error', () => {});
    outgoing.write('{"articles"', () => outgoing.destroy());
    const last = { path: '/cgi-bin/draft/add', status: 0, errcode: null, committed: false };
    await expect.poll(() => sandbox.history().at(-1)).toMatchObject(last);
  });

  test('closing does not wait for a latency', async () => {
    sandbox.addFault(parseFault('draft/count:latency=600000'));
    const call = caller.get('draft/count').catch((error: unknown) => error);
    await send(sandbox.url, { path: '/_sandbox/instance' });
    await sandbox.close();
    expect(await call).toBeInstanceOf(Error);
  });

  test.each([
    [200, '{"path":"draft/count","kind":"errcode","errcode":45011,"call":1}'],
    [200, '{"fault":"draft/count:45011@1"}'],
    [400, '{"fault":"draft/count"}'],
    [400, '{"path":"draft/count","kind":"latency","ms":"soon"}'],
    [400, 'x'],
  ])('POST /_sandbox/faults answers %i to %s', async (status, body) => {
    const answer = await send(sandbox.url, { method: 'POST', path: '/_sandbox/faults', body });
    expect(answer.status).toBe(status);
    expect((await caller.get('draft/count')).json['errcode']).toBe(status === 200 ? 45011 : undefined);
  });

  test('POST /_sandbox/clock turns the clock on, and nothing else', async () => {
    const turn = (body: string) => send(sandbox.url, { method: 'POST', path: '/_sandbox/clock', body });
    const before = Date.now();
    const { status, json } = await turn('{"advanceMs":7200000}');
    expect(status).toBe(200);
    expect(Number(json['now'])).toBeGreaterThanOrEqual(before + 7_200_000);
    expect((await caller.get('draft/count')).json['errcode']).toBe(42001);
    for (const body of ['{"advanceMs":-1}', '{"advanceMs":"1"}', '{"advanceMs":1.5}', '{}', 'null', 'x']) {
      expect([body, (await turn(body)).status]).toEqual([body, 400]);
    }
  });

  test('the history holds what a checker needs and no secret', async () => {
    const { json } = await add();
    const { text, json: entries } = await send(sandbox.url, { path: '/_sandbox/history' });
    expect(entries).toEqual(JSON.parse(JSON.stringify(sandbox.history())));
    expect(sandbox.history().at(-1)).toMatchObject({
      n: 3,
      method: 'POST',
      path: '/cgi-bin/draft/add',
      status: 200,
      errcode: 0,
      committed: true,
      summary: { title: 'T', thumbMediaId: cover, mediaId: json['media_id'], bytes: 8 },
    });
    expect(text).not.toContain(sandbox.appSecret);
    expect(text).not.toContain(await fetchToken({ ...sandbox, root: sandbox.url }));
  });
});
