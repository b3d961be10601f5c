// Every refusal of every endpoint: the smallest request that gets it, and a neighbour that does not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { listRules } from '../../src/sandbox/rules.ts';
import { type Caller, createCaller, fetchToken } from './account.ts';
import { createJpeg, createPng, GIF, HEIC, MP3, MP4, WEBP } from './pictures.ts';
import { send, toMultipart } from './raw-http.ts';

let sandbox: Sandbox;
let documented: Sandbox;
let walled: Sandbox;
let caller: Caller;
let token: string;
let cover: string;
let tinyCover: string;
let draft: string;
const seen = new Set<string>();

beforeAll(async () => {
  sandbox = await createSandbox();
  documented = await createSandbox({ limits: 'documented', profile: 'verified' });
  walled = await createSandbox({ allowedIps: ['203.0.113.7'] });
  token = await fetchToken({ ...sandbox, root: sandbox.url });
  caller = createCaller({ ...sandbox, root: sandbox.url }, token);
  cover = await caller.addCover();
  const tiny = await caller.upload('material/add_material?type=image', 'tiny.png', createPng(1, 1));
  tinyCover = String(tiny.json['media_id']);
  draft = String((await add({})).json['media_id']);
});
afterAll(() => Promise.all([sandbox.close(), documented.close(), walled.close()]));

/** A good article with some fields replaced; `undefined` leaves one out. */
function toArticle(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { title: 'T', content: '<p>x</p>', thumb_media_id: cover, ...fields };
}

function add(fields: Readonly<Record<string, unknown>>): ReturnType<Caller['post']> {
  return caller.post('draft/add', { articles: [toArticle(fields)] });
}

function expectCode(path: string, answer: { readonly json: Readonly<Record<string, unknown>> }, errcode: number): void {
  seen.add(`${path} ${errcode}`);
  expect(answer.json['errcode'] ?? 0).toBe(errcode);
}

const CJK = '中';
const MB = 1_048_576;

describe('uploads', () => {
  const UPLOADIMG = 'media/uploadimg';
  const ADD = 'material/add_material';
  test.each<[number, string, string, string, Buffer]>([
    [0, 'a png', UPLOADIMG, 'a.png', createPng(2, 2)],
    [0, 'a jpeg, name in capitals', UPLOADIMG, 'A.JPEG', createJpeg(2, 2)],
    [0, 'one byte below 1 MiB', UPLOADIMG, 'a.png', createPng(2, 2, MB - 34)],
    [40009, '1 MiB', UPLOADIMG, 'a.png', createPng(2, 2, MB - 33)],
    [44001, 'no bytes', UPLOADIMG, 'a.png', Buffer.alloc(0)],
    [40113, 'no extension', UPLOADIMG, 'a', createPng(2, 2)],
    [40113, 'an unknown extension', UPLOADIMG, 'a.txt', createPng(2, 2)],
    [40113, 'webp named png', UPLOADIMG, 'a.png', WEBP],
    [40113, 'heic named jpg', UPLOADIMG, 'a.jpg', HEIC],
    [40113, 'jpeg named png', UPLOADIMG, 'a.png', createJpeg(2, 2)],
    [40113, 'text named png', UPLOADIMG, 'a.png', Buffer.from('hello')],
    [40005, 'a gif', UPLOADIMG, 'a.gif', GIF],
    [40005, 'a webp', UPLOADIMG, 'a.webp', WEBP],
    [40137, 'a png cut in its header', UPLOADIMG, 'a.png', createPng(2, 2).subarray(0, 18)],
    [40137, 'a png without area', UPLOADIMG, 'a.png', createPng(0, 2)],
    [40137, 'a jpeg without a frame', UPLOADIMG, 'a.jpg', createJpeg(2, 2).subarray(0, 8)],
    [0, 'a gif image', `${ADD}?type=image`, 'a.gif', GIF],
    [0, 'a jpeg thumb', `${ADD}?type=thumb`, 'a.jpg', createJpeg(2, 2)],
    [0, 'an mp3', `${ADD}?type=voice`, 'a.mp3', MP3],
    [0, 'an mp4', `${ADD}?type=video`, 'a.mp4', MP4],
    [40004, 'no type', ADD, 'a.png', createPng(2, 2)],
    [40004, 'type=news', `${ADD}?type=news`, 'a.png', createPng(2, 2)],
    [44001, 'no bytes', `${ADD}?type=image`, 'a.png', Buffer.alloc(0)],
    [40113, 'no extension', `${ADD}?type=image`, 'a', createPng(2, 2)],
    [40005, 'a webp image', `${ADD}?type=image`, 'a.webp', WEBP],
    [40005, 'a png thumb', `${ADD}?type=thumb`, 'a.png', createPng(2, 2)],
    [40137, 'a gif cut in its header', `${ADD}?type=image`, 'a.gif', GIF.subarray(0, 7)],
    [0, 'an image of 10 MiB', `${ADD}?type=image`, 'a.png', createPng(2, 2, 10 * MB - 33)],
    [40006, 'an image over 10 MiB', `${ADD}?type=image`, 'a.png', createPng(2, 2, 10 * MB - 32)],
    [40012, 'a thumb over 64 KB', `${ADD}?type=thumb`, 'a.jpg', createJpeg(2, 2, 65_536)],
    [40010, 'a voice over 2 MiB', `${ADD}?type=voice`, 'a.mp3', Buffer.concat([MP3, Buffer.alloc(2 * MB)])],
    [40011, 'a video over 10 MiB', `${ADD}?type=video`, 'a.mp4', Buffer.concat([MP4, Buffer.alloc(10 * MB)])],
  ])('%i: %s to %s', async (errcode, _what, path, filename, bytes) => {
    expectCode(path.split('?')[0] ?? '', await caller.upload(path, filename, bytes), errcode);
  });

  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['another name', 'form-data; name="file"; filename="a.png"', {}],
    ['no filename', 'form-data; name="media"', {}],
    ['an unquoted filename', 'form-data; name="media"; filename=a.png', {}],
    ['an empty filename', 'form-data; name="media"; filename=""', {}],
    ['a quoted boundary', '', { 'Content-Type': 'multipart/form-data; boundary="wire-test-boundary"' }],
    ['no boundary', '', { 'Content-Type': 'multipart/form-data' }],
    ['a JSON content type', '', { 'Content-Type': 'application/json' }],
  ])('41005: %s', async (_what, disposition, headers) => {
    const part = toMultipart({ bytes: createPng(2, 2), ...(disposition === '' ? {} : { disposition }) });
    for (const path of [UPLOADIMG, `${ADD}?type=image`]) {
      const answer = await send(sandbox.url, {
        method: 'POST',
        path: `/cgi-bin/${path}${path.includes('?') ? '&' : '?'}access_token=${token}`,
        headers: { ...part.headers, ...headers },
        body: part.body,
      });
      expectCode(path.split('?')[0] ?? '', answer, 41005);
    }
  });
});

describe('one article', () => {
  test.each<[number, string, Readonly<Record<string, unknown>>]>([
    [0, 'the least a draft needs', {}],
    [0, 'fields nobody knows', { show_cover_pic: 1, need_open_advert: {} }],
    [0, 'title of 64 characters', { title: CJK.repeat(64) }],
    [0, 'title of 64 emoji', { title: '😀'.repeat(64) }],
    [45003, 'title of 65 characters', { title: 'a'.repeat(65) }],
    [45003, 'title of 11 escaped characters', { title: '\\u4e2d'.repeat(11) }],
    [40227, 'no title', { title: undefined }],
    [40227, 'a blank title', { title: '  ' }],
    [0, 'author of 16 units', { author: 'HardRock硬石户外' }],
    [45110, 'author of 17 units', { author: '数据舞者Ivy Notes' }],
    [45110, 'author of five emoji', { author: '😀'.repeat(5) }],
    [0, 'digest of 120 Chinese characters', { digest: CJK.repeat(120) }],
    [45004, 'digest of 121 Chinese characters', { digest: CJK.repeat(121) }],
    [0, 'digest of 240 letters', { digest: 'a'.repeat(240) }],
    [45004, 'digest of 241 letters', { digest: 'a'.repeat(241) }],
    [44003, 'no content', { content: undefined }],
    [44003, 'blank content', { content: ' \n' }],
    [0, 'content of 100,000 characters', { content: CJK.repeat(100_000) }],
    [0, 'content one byte below 1 MiB', { content: 'a'.repeat(MB - 1) }],
    [45002, 'content of 1 MiB', { content: 'a'.repeat(MB) }],
    [0, 'a source link', { content_source_url: 'https://example.com/post' }],
    [41039, 'a source link without scheme', { content_source_url: 'example.com' }],
    [41039, 'a source link to a file', { content_source_url: 'file:///etc/passwd' }],
    [45005, 'a source link over 1 KB', { content_source_url: `https://example.com/${'a'.repeat(1024)}` }],
    [40007, 'no cover', { thumb_media_id: undefined }],
    [40007, 'an empty cover', { thumb_media_id: '' }],
    [40007, 'a cover nobody uploaded', { thumb_media_id: 'x'.repeat(64) }],
    [53402, 'a cover of one pixel', { thumb_media_id: 'TINY' }],
    [0, 'a crop of the whole 2.35:1 cover', { pic_crop_235_1: '0_0_1_1' }],
    [0, 'a square crop', { pic_crop_1_1: '0.287234_0_0.712766_1' }],
    [53402, 'a crop of another shape', { pic_crop_1_1: '0_0_1_1' }],
    [53402, 'a crop of three numbers', { pic_crop_235_1: '0_0_1' }],
    [53402, 'a crop with seven decimals', { pic_crop_235_1: '0.0000001_0_1_1' }],
    [53402, 'a crop outside the image', { pic_crop_235_1: '0_0_1.5_1.5' }],
    [53402, 'a crop turned around', { pic_crop_235_1: '1_1_0_0' }],
    [45166, 'a link to elsewhere', { content: '<a href="https://example.com">x</a>' }],
    [45166, 'an anchor', { content: '<a href="#fn1">1</a>' }],
    [45166, 'a relative link', { content: '<a href="/about">x</a>' }],
    [45166, 'an empty link', { content: '<a href="">x</a>' }],
    [45166, 'mailto', { content: '<a href="mailto:a@example.com">x</a>' }],
    [
      45166,
      'a link to another page of mp.weixin.qq.com',
      { content: '<a href="https://mp.weixin.qq.com/cgi-bin/x">x</a>' },
    ],
    [45166, 'a look-alike host', { content: '<a href="https://mp.weixin.qq.com.example.com/s/x">x</a>' }],
    [45166, 'a temporary preview', { content: '<a href="https://mp.weixin.qq.com/s?tempkey=x">x</a>' }],
    [45166, 'mpvoice', { content: '<mpvoice></mpvoice>' }],
    [0, 'a link to an article', { content: '<a href="https://mp.weixin.qq.com/s/abc">x</a>' }],
    [0, 'a link by __biz', { content: '<a href="http://mp.weixin.qq.com/s?__biz=x&amp;mid=1">x</a>' }],
    [0, 'a mini-program link', { content: '<a class="weapp_text_link" data-miniprogram-appid="wx1" href="">x</a>' }],
    [0, 'an anchor without address', { content: '<a>x</a>' }],
    [47001, 'a title that is a number', { title: 1 }],
    [47001, 'a comment flag that is a boolean', { need_open_comment: true }],
    [0, 'comment flags', { need_open_comment: 1, only_fans_can_comment: 0 }],
    [40008, 'newspic', { article_type: 'newspic' }],
  ])('%i: %s', async (errcode, _what, fields) => {
    const used = fields['thumb_media_id'] === 'TINY' ? { ...fields, thumb_media_id: tinyCover } : fields;
    // JSON.stringify would escape the backslash of an escape that is meant to reach the wire as it is.
    const article = JSON.stringify(toArticle(used)).replaceAll('\\\\u', '\\u');
    expectCode('draft/add', await caller.postText('draft/add', `{"articles":[${article}]}`), errcode);
    const update = `{"media_id":${JSON.stringify(draft)},"index":0,"articles":${article}}`;
    expectCode('draft/update', await caller.postText('draft/update', update), errcode);
  });

  test.each<[number, string, Readonly<Record<string, unknown>>]>([
    [0, 'title of 32', { title: CJK.repeat(32) }],
    [45003, 'title of 33', { title: CJK.repeat(33) }],
    [0, 'author of 16 Chinese characters', { author: CJK.repeat(16) }],
    [45110, 'author of 17', { author: CJK.repeat(17) }],
    [45004, 'digest of 129', { digest: 'a'.repeat(129) }],
    [45002, 'content of 20,000 characters', { content: 'a'.repeat(20_000) }],
  ])('documented limits, %i: %s', async (errcode, _what, fields) => {
    const account = { ...documented, root: documented.url };
    const other = createCaller(account, await fetchToken(account));
    const article = { title: 'T', content: 'x', thumb_media_id: await other.addCover(), ...fields };
    expectCode('draft/add', await other.post('draft/add', { articles: [article] }), errcode);
  });
});

describe('bodies and lists', () => {
  test.each<[number, string, string, string | Buffer]>([
    [44002, 'an empty body', 'draft/add', ''],
    [47001, 'no JSON', 'draft/add', '{'],
    [47001, 'a list', 'draft/add', '[]'],
    [47001, 'a byte order mark', 'draft/add', '\ufeff{}'],
    [47001, 'GBK', 'draft/add', Buffer.from([0x7b, 0x22, 0xd6, 0xd0, 0x22, 0x3a, 0x31, 0x7d])],
    [44003, 'no articles', 'draft/add', '{"title":"x"}'],
    [44003, 'an empty list', 'draft/add', '{"articles":[]}'],
    [44003, 'an object', 'draft/add', '{"articles":{}}'],
    [44002, 'an empty body', 'draft/update', ''],
    [47001, 'a list of articles', 'draft/update', '{"media_id":"x","index":0,"articles":[{}]}'],
    [40007, 'an unknown draft', 'draft/update', '{"media_id":"x","index":0,"articles":{}}'],
    [44002, 'an empty body', 'draft/get', ''],
    [47001, 'no JSON', 'draft/get', 'media_id=x'],
    [40007, 'an unknown draft', 'draft/get', '{"media_id":"x"}'],
    [40007, 'no media_id', 'draft/get', '{}'],
    [44002, 'an empty body', 'draft/delete', ''],
    [47001, 'no JSON', 'draft/delete', 'x'],
    [40007, 'an unknown draft', 'draft/delete', '{"media_id":"x"}'],
    [44002, 'an empty body', 'draft/batchget', ''],
    [47001, 'no JSON', 'draft/batchget', 'x'],
    [40097, 'count 0', 'draft/batchget', '{"offset":0,"count":0}'],
    [40097, 'count 21', 'draft/batchget', '{"offset":0,"count":21}'],
    [40097, 'offset -1', 'draft/batchget', '{"offset":-1,"count":1}'],
    [40097, 'count as text', 'draft/batchget', '{"offset":0,"count":"1"}'],
    [0, 'count 20', 'draft/batchget', '{"offset":0,"count":20}'],
    [44002, 'an empty body', 'material/batchget_material', ''],
    [47001, 'no JSON', 'material/batchget_material', 'x'],
    [40004, 'an unknown type', 'material/batchget_material', '{"type":"thumb","offset":0,"count":1}'],
    [40097, 'count 21', 'material/batchget_material', '{"type":"image","offset":0,"count":21}'],
  ])('%i: %s to %s', async (errcode, _what, path, body) => {
    expectCode(path, await caller.postText(path, body), errcode);
  });

  test.each<[number, string, string]>([
    [0, 'a page', '{"offset":0,"count":20}'],
    [44002, 'an empty body', ''],
    [47001, 'no JSON', 'x'],
    [40097, 'count 21', '{"offset":0,"count":21}'],
  ])('%i: %s to freepublish/batchget of a verified account', async (errcode, _what, body) => {
    const account = { ...documented, root: documented.url };
    const other = createCaller(account, await fetchToken(account));
    expectCode('freepublish/batchget', await other.postText('freepublish/batchget', body), errcode);
  });

  test('48001: freepublish/batchget of a personal account, before its body is looked at', async () => {
    expectCode('freepublish/batchget', await caller.postText('freepublish/batchget', 'x'), 48001);
  });

  test.each([1, -1, 0.5, '0', undefined])('40114: index %s of a draft with one article', async (index) => {
    expectCode(
      'draft/update',
      await caller.post('draft/update', { media_id: draft, index, articles: toArticle({}) }),
      40114,
    );
  });

  test.each([
    [8, 0],
    [9, 45008],
  ])('%i articles: %i', async (length, errcode) => {
    const articles = Array.from({ length }, () => toArticle({}));
    expectCode('draft/add', await caller.post('draft/add', { articles }), errcode);
  });

  test('a cover of another account is unknown here', async () => {
    const account = { ...documented, root: documented.url };
    const foreign = await createCaller(account, await fetchToken(account)).addCover();
    expectCode('draft/add', await add({ thumb_media_id: foreign }), 40007);
  });
});

describe('credentials', () => {
  const GRANT = 'client_credential';
  test.each<[number, (pair: Sandbox) => Readonly<Record<string, string>>]>([
    [41002, () => ({ grant_type: GRANT })],
    [40013, ({ appSecret }) => ({ grant_type: GRANT, appid: 'wxother', secret: appSecret })],
    [40002, ({ appId, appSecret }) => ({ grant_type: 'x', appid: appId, secret: appSecret })],
    [41004, ({ appId }) => ({ grant_type: GRANT, appid: appId })],
    [40125, ({ appId }) => ({ grant_type: GRANT, appid: appId, secret: 'x' })],
    [0, ({ appId, appSecret }) => ({ grant_type: GRANT, appid: appId, secret: appSecret })],
  ])('%i', async (errcode, toFields) => {
    const fields = toFields(sandbox);
    const query = new URLSearchParams(fields).toString();
    expectCode('token', await send(sandbox.url, { path: `/cgi-bin/token?${query}` }), errcode);
    const body = JSON.stringify(fields);
    expectCode(
      'stable_token',
      await send(sandbox.url, { method: 'POST', path: '/cgi-bin/stable_token', body }),
      errcode,
    );
  });

  test.each<[number, string, Readonly<Record<string, string>>]>([
    [40125, 'a wrong secret is told first', { secret: 'x' }],
    [40164, 'an address that is not on the list is named', {}],
  ])('%i: %s', async (errcode, _what, fields) => {
    const pair = { grant_type: GRANT, appid: walled.appId, secret: walled.appSecret, ...fields };
    const path = `/cgi-bin/token?${new URLSearchParams(pair)}`;
    const answers = {
      token: await send(walled.url, { path }),
      stable_token: await send(walled.url, {
        method: 'POST',
        path: '/cgi-bin/stable_token',
        body: JSON.stringify(pair),
      }),
    };
    for (const [endpoint, answer] of Object.entries(answers)) {
      expectCode(endpoint, answer, errcode);
      if (errcode === 40164) expect(answer.json['errmsg']).toMatch(/^invalid ip 127\.0\.0\.1 .*, not in whitelist/);
    }
  });

  test('an address that is on the list gets a token', async () => {
    const open = await createSandbox({ allowedIps: ['203.0.113.7', '127.0.0.1'] });
    expect(await fetchToken({ ...open, root: open.url })).toMatch(/^9N_/);
    await open.close();
  });

  test.each([
    [44002, ''],
    [47001, 'x'],
  ])('stable_token %i', async (errcode, body) => {
    expectCode(
      'stable_token',
      await send(sandbox.url, { method: 'POST', path: '/cgi-bin/stable_token', body }),
      errcode,
    );
  });

  test.each([
    [40014, 'a%20b'],
    [40014, 'a'.repeat(513)],
    [40001, 'a'.repeat(512)],
  ])('%i for a token of that form', async (errcode, text) => {
    const { json } = await send(sandbox.url, { path: `/cgi-bin/draft/count?access_token=${text}` });
    expect(json['errcode']).toBe(errcode);
  });

  test('43001 for POST where GET is wanted', async () => {
    expect((await caller.post('draft/count', {})).json['errcode']).toBe(43001);
  });
});

test('each rule of each endpoint has a case above', () => {
  const rules = listRules().filter(({ area }) => area === 'endpoint');
  const untested = rules.map(({ subject, errcode }) => `${subject} ${errcode}`).filter((row) => !seen.has(row));
  expect(untested).toEqual([]);
});
