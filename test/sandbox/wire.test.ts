// The wire as such, on cases that change nothing: this file also faces the real API (WXSYNC_LIVE=1).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Account, type Caller, createCaller, fetchToken, openAccount } from './account.ts';
import { type RawRequest, send } from './raw-http.ts';

let account: Account;
let caller: Caller;
let token: string;
beforeAll(async () => {
  account = await openAccount();
  token = await fetchToken(account);
  caller = createCaller(account, token);
});
afterAll(() => account.close());

const RID = / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/;
const COUNT = '/cgi-bin/draft/count';
const GRANT = 'grant_type=client_credential';

test('a business error is 200 with JSON that names encoding and no charset', async () => {
  const { status, headers, json } = await send(account.root, { path: COUNT });
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json; encoding=utf-8');
  expect(headers['retkey']).toBe('11');
  expect(headers['logicret']).toBe('41001');
  expect(json).toEqual({ errcode: 41001, errmsg: expect.stringMatching(RID) });
});

test.each<[number, string, RawRequest]>([
  [41001, 'no token', { path: COUNT }],
  [41001, 'an empty token', { path: `${COUNT}?access_token=` }],
  [40001, 'a token nobody issued', { path: `${COUNT}?access_token=9N_garbage` }],
  [
    40001,
    'a wrong token before a wrong body',
    { method: 'POST', path: '/cgi-bin/draft/add?access_token=x', body: '{' },
  ],
  [40066, 'an unknown path', { path: '/cgi-bin/material/batchget?access_token=x' }],
  [40013, 'an unknown appid before a missing secret', { path: `/cgi-bin/token?${GRANT}&appid=wx0000000000000000` }],
  [40013, 'an unknown appid before a wrong grant type', { path: '/cgi-bin/token?appid=wx0000000000000000&secret=x' }],
  [41002, 'no appid', { path: `/cgi-bin/token?${GRANT}&secret=x` }],
  [43002, 'GET where POST is wanted', { path: '/cgi-bin/stable_token' }],
  [44002, 'an empty body', { method: 'POST', path: '/cgi-bin/stable_token', body: '' }],
  [47001, 'a body that is no JSON', { method: 'POST', path: '/cgi-bin/stable_token', body: '{"appid"' }],
])('%i: %s', async (errcode, _what, request) => {
  const { status, json } = await send(account.root, request);
  expect({ status, errcode: json['errcode'] }).toEqual({ status: 200, errcode });
});

test.each<[number, string]>([
  [40002, 'grant_type=refresh'],
  [41004, GRANT],
  [40125, `${GRANT}&secret=wrong`],
])('%i: token with the right appid and %s', async (errcode, query) => {
  const { json } = await send(account.root, { path: `/cgi-bin/token?appid=${account.appId}&${query}` });
  expect(json['errcode']).toBe(errcode);
});

test.each([
  ['JSON', 'application/json'],
  ['multipart', 'multipart/form-data; boundary=x'],
])('412 with an empty body for a chunked %s request', async (_what, type) => {
  const headers = { 'Transfer-Encoding': 'chunked', 'Content-Type': type };
  const answer = await send(account.root, { method: 'POST', path: '/cgi-bin/stable_token', headers, body: '{}' });
  expect({ status: answer.status, text: answer.text }).toEqual({ status: 412, text: '' });
});

describe('success shapes', () => {
  test('stable_token gives the same token again, with the life that is left', async () => {
    expect(await fetchToken(account)).toBe(token);
  });

  test('get_api_domain_ip', async () => {
    const { json } = await caller.get('get_api_domain_ip');
    expect(json).toEqual({ ip_list: expect.arrayContaining([expect.any(String)]) });
  });

  test('draft/count says no errcode', async () => {
    expect((await caller.get('draft/count')).json).toEqual({ total_count: expect.any(Number) });
  });

  test('a page beyond the end of the draft box is empty', async () => {
    const { json } = await caller.post('draft/batchget', { offset: 100_000, count: 1, no_content: 1 });
    expect(json).toEqual({ item: [], total_count: expect.any(Number), item_count: 0 });
  });

  test('a page of the library', async () => {
    const { json } = await caller.post('material/batchget_material', { type: 'image', offset: 0, count: 20 });
    expect(json).toEqual({ item: expect.any(Array), total_count: expect.any(Number), item_count: expect.any(Number) });
  });
});
