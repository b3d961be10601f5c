// What comes back of what was sent: drafts, the library, and their order.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { type Caller, createCaller, fetchToken } from './account.ts';
import { createPng } from './pictures.ts';

let sandbox: Sandbox;
let caller: Caller;
let cover: string;
let now = Date.UTC(2026, 0, 1);

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  sandbox = await createSandbox({ now: () => now });
  const account = { ...sandbox, root: sandbox.url };
  caller = createCaller(account, await fetchToken(account));
  cover = await caller.addCover();
});
afterEach(() => sandbox.close());

type Json = Readonly<Record<string, unknown>>;

async function addDraft(fields: Json = {}): Promise<string> {
  const article = { title: 'T', content: '<p>x</p>', thumb_media_id: cover, ...fields };
  const { json } = await caller.post('draft/add', { articles: [article] });
  expect(json).toEqual({ media_id: expect.stringMatching(/^[A-Za-z0-9_-]{64}$/), item: [] });
  return String(json['media_id']);
}

async function readArticle(mediaId: string): Promise<Json> {
  const { json } = await caller.post('draft/get', { media_id: mediaId });
  return (json['news_item'] as readonly Json[])[0] ?? {};
}

test('uploadimg gives an http address on mmbiz.qpic.cn', async () => {
  const { json } = await caller.upload('media/uploadimg', 'a.png', createPng(2, 2));
  const url = expect.stringMatching(
    /^http:\/\/mmbiz\.qpic\.cn\/sz_mmbiz_png\/[A-Za-z0-9_-]{64}\/640\?wx_fmt=png&from=appmsg$/,
  );
  expect(json).toEqual({ url, errcode: 0, errmsg: 'ok' });
});

test('draft/get gives every field, in the order of live answers', async () => {
  const crops = { pic_crop_235_1: '0_0_1_1', pic_crop_1_1: '0.287234_0_0.712766_1' };
  const sent = { author: 'A', digest: 'D', content_source_url: 'https://example.com', need_open_comment: 1, ...crops };
  const mediaId = await addDraft(sent);
  const { json, text } = await caller.post('draft/get', { media_id: mediaId });
  const seconds = Date.UTC(2026, 0, 1) / 1000;
  expect(json).toMatchObject({ create_time: seconds, update_time: seconds });
  const article = await readArticle(mediaId);
  expect(article).toEqual({
    title: 'T',
    author: 'A',
    digest: 'D',
    content: '<p>x</p>',
    content_source_url: 'https://example.com',
    thumb_media_id: cover,
    show_cover_pic: 0,
    url: expect.stringMatching(/^http:\/\/mp\.weixin\.qq\.com\/s\?__biz=[\w=]+&mid=\d+&idx=1&sn=\w{32}&chksm=\w+#rd$/),
    thumb_url: expect.stringMatching(/^http:\/\/mmbiz\.qpic\.cn\/mmbiz_jpg\/[\w-]{64}\/0\?wx_fmt=jpeg$/),
    need_open_comment: 1,
    only_fans_can_comment: 0,
    article_type: 'news',
    cover_info: {
      crop_percent_list: [
        { ratio: '2.35_1', x1: '0', y1: '0', x2: '1', y2: '1' },
        { ratio: '1_1', x1: '0.287234', y1: '0', x2: '0.712766', y2: '1' },
      ],
    },
  });
  expect(Object.keys(article).slice(0, 4)).toEqual(['title', 'author', 'digest', 'content']);
  expect(text).toContain('<p>x<\\/p>');
});

test.each([
  ['54 characters of the text', `<p>${'中'.repeat(60)}</p>`, '中'.repeat(54)],
  ['entities decoded, blocks parted', '<h1>A &amp; B</h1><p>c<br>d</p>', 'A & B c d'],
  ['no text of svg, style or script', '<style>a</style><svg><text>b</text></svg><p>c</p><script>d</script>', 'c'],
])('a digest that was not sent: %s', async (_what, content, digest) => {
  expect((await readArticle(await addDraft({ content })))['digest']).toBe(digest);
});

test('images come back with data-src and an empty src', async () => {
  const src = 'http://mmbiz.qpic.cn/sz_mmbiz_png/abc/640?wx_fmt=png&amp;from=appmsg';
  const content = `<p><img src="${src}" style="width:1px"><img data-src="${src}"></p>`;
  const article = await readArticle(await addDraft({ content }));
  expect(article['content']).toBe(`<p><img src="" data-src="${src}" style="width:1px"><img data-src="${src}"></p>`);
});

test('escapes stay as they were sent, in title and content', async () => {
  const body = `{"articles":[{"title":"\\u4e2d\\n\\\\u4e2d","content":"<p>\\u4e2d</p>","thumb_media_id":"${cover}"}]}`;
  const { json } = await caller.postText('draft/add', body);
  const article = await readArticle(String(json['media_id']));
  expect(article['title']).toBe('\\u4e2d\n\\u4e2d');
  expect(article['content']).toBe('<p>\\u4e2d</p>');
});

test('draft/update replaces the article, keeps id and create time, moves update time', async () => {
  const mediaId = await addDraft({ author: 'A', digest: 'D' });
  now += 60_000;
  const articles = { title: 'New', content: '<p>new</p>', thumb_media_id: cover };
  const { json } = await caller.post('draft/update', { media_id: mediaId, index: 0, articles });
  expect(json).toEqual({ errcode: 0, errmsg: 'ok' });
  const [draft] = sandbox.drafts();
  expect(draft).toMatchObject({ mediaId, createTime: now / 1000 - 60, updateTime: now / 1000 });
  expect(await readArticle(mediaId)).toMatchObject({ title: 'New', author: '', digest: 'new' });
});

test('draft/update of the second article leaves the first', async () => {
  const article = { title: 'T', content: 'x', thumb_media_id: cover };
  const { json } = await caller.post('draft/add', { articles: [article, article] });
  await caller.post('draft/update', {
    media_id: json['media_id'],
    index: 1,
    articles: { ...article, title: 'Second' },
  });
  expect(sandbox.drafts()[0]?.articles.map(({ title }) => title)).toEqual(['T', 'Second']);
});

test('a deleted draft is gone, and the second delete says so', async () => {
  const media_id = await addDraft();
  const codes: unknown[] = [];
  for (const path of ['draft/delete', 'draft/delete', 'draft/get']) {
    codes.push((await caller.post(path, { media_id })).json['errcode']);
  }
  expect(codes).toEqual([0, 40007, 40007]);
  expect((await caller.get('draft/count')).json).toEqual({ total_count: 0 });
});

test('batchget is newest first, page by page, without content when asked', async () => {
  const ids: string[] = [];
  for (let at = 0; at < 3; at += 1) ids.unshift(await addDraft());
  const { json } = await caller.post('draft/batchget', { offset: 1, count: 20, no_content: 1 });
  const items = json['item'] as readonly Json[];
  expect(items.map((item) => item['media_id'])).toEqual(ids.slice(1));
  expect(json).toMatchObject({ total_count: 3, item_count: 2 });
  const content = items[0]?.['content'] as Json;
  expect(Object.keys(content)).toEqual(['news_item', 'create_time', 'update_time']);
  const [article] = content['news_item'] as readonly Json[];
  expect(article).toMatchObject({ title: 'T', thumb_media_id: cover });
  expect(article).not.toHaveProperty('content');
});

test('batchget gives the content unless told not to', async () => {
  await addDraft();
  const { text } = await caller.post('draft/batchget', { offset: 0, count: 1 });
  expect(text).toContain('"content":"<p>x<\\/p>"');
});

test('the library lists files under their names, newest first, thumbs among images', async () => {
  await caller.upload(
    'material/add_material?type=thumb',
    'wxs-thumb.jpg',
    Buffer.from('\xff\xd8\xff\xc0\0\x0b\x08\0\x01\0\x01', 'latin1'),
  );
  const { json } = await caller.post('material/batchget_material', { type: 'image', offset: 0, count: 20 });
  const items = json['item'] as readonly Json[];
  expect(items.map(({ name }) => name)).toEqual(['wxs-thumb.jpg', 'cover.jpg']);
  expect(items[1]).toEqual({
    media_id: cover,
    name: 'cover.jpg',
    update_time: now / 1000,
    url: expect.stringContaining('http://mmbiz.qpic.cn/mmbiz_jpg/'),
  });
  expect(json).toMatchObject({ total_count: 2, item_count: 2 });
});

test('a published draft leaves the box and enters the publish list', async () => {
  const verified = await createSandbox({ profile: 'verified' });
  const account = { ...verified, root: verified.url };
  const other = createCaller(account, await fetchToken(account));
  const article = { title: 'T', content: '<p>x</p>', thumb_media_id: await other.addCover() };
  const { json: added } = await other.post('draft/add', { articles: [article] });
  const articleId = verified.publish(String(added['media_id']));
  expect((await other.post('draft/get', { media_id: added['media_id'] })).json['errcode']).toBe(40007);
  const { json } = await other.post('freepublish/batchget', { offset: 0, count: 1, no_content: 1 });
  expect(json).toMatchObject({
    item: [{ article_id: articleId, content: { news_item: [{ title: 'T', is_deleted: false }] } }],
    total_count: 1,
    item_count: 1,
  });
  expect(() => verified.publish('x')).toThrow('no draft x');
  await verified.close();
});

test('with links: strip a link to elsewhere becomes its text', async () => {
  const lenient = await createSandbox({ links: 'strip' });
  const account = { ...lenient, root: lenient.url };
  const other = createCaller(account, await fetchToken(account));
  const content = '<p><a href="https://example.com">x</a> <a href="https://mp.weixin.qq.com/s/y">y</a></p>';
  const article = { title: 'T', content, thumb_media_id: await other.addCover() };
  await other.post('draft/add', { articles: [article] });
  expect(lenient.drafts()[0]?.articles[0]?.content).toBe('<p>x <a href="https://mp.weixin.qq.com/s/y">y</a></p>');
  await lenient.close();
});
