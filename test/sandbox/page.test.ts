// The routes WeChat does not have: who is let in, what the page says in both languages, and what it never runs.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { CHANGES } from '../../src/sandbox/page/change-words.ts';
import { toLanguage, WORDS } from '../../src/sandbox/page/words.ts';
import { createCaller, fetchToken } from './account.ts';
import { createPng } from './pictures.ts';
import { type RawResponse, send } from './raw-http.ts';

const EVIL = '<img src=x onerror=alert(1)>"\'';
let sandbox: Sandbox;
let draft: string;
let imageId: string;
let image: string;

beforeAll(async () => {
  sandbox = await createSandbox({ links: 'strip', darken: (html) => html.replace('light', 'darkened') });
  const account = { ...sandbox, root: sandbox.url };
  const caller = createCaller(account, await fetchToken(account));
  const { json } = await caller.upload('media/uploadimg', 'a.png', createPng(2, 2));
  image = String(json['url']);
  imageId = image.split('/')[4] ?? '';
  const content = `<p id="x">light <a href="https://example.com">link</a></p><img src="${image}"><img src="https://example.com/a.png">`;
  const article = { title: EVIL, author: '<b>', content, thumb_media_id: await caller.addCover() };
  const second = { ...article, title: 'Second', author: '', digest: 'D', content: '<p>second</p>' };
  draft = String((await caller.post('draft/add', { articles: [article, second] })).json['media_id']);
});
afterAll(() => sandbox.close());

const look = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<RawResponse> =>
  send(sandbox.url, { path, headers });

describe('only this computer is let in', () => {
  const port = (): string => new URL(sandbox.url).port;
  test.each<[number, string, () => Readonly<Record<string, string>>]>([
    [200, 'by number', () => ({ Host: `127.0.0.1:${port()}` })],
    [200, 'by name', () => ({ Host: `localhost:${port()}` })],
    [200, 'from its own page', () => ({ Origin: `http://127.0.0.1:${port()}` })],
    [403, 'by a name that was made to point here', () => ({ Host: `evil.test:${port()}` })],
    [403, 'by a longer name', () => ({ Host: `127.0.0.1.evil.test:${port()}` })],
    [403, 'with another port', () => ({ Host: '127.0.0.1:1' })],
    [403, 'from another site', () => ({ Origin: 'https://evil.test' })],
    [403, 'from another port', () => ({ Origin: 'http://127.0.0.1:1' })],
    [403, 'from an opaque origin', () => ({ Origin: 'null' })],
  ])('%i %s', async (status, _what, toHeaders) => {
    for (const path of ['/', `/drafts/${draft}`, '/_sandbox/history', '/_sandbox/drafts', '/_sandbox/instance']) {
      expect([path, (await look(path, toHeaders())).status]).toEqual([path, status]);
    }
  });

  test('a fault is not taken from another site', async () => {
    const headers = { Origin: 'https://evil.test' };
    const answer = await send(sandbox.url, {
      method: 'POST',
      path: '/_sandbox/faults',
      headers,
      body: '{"fault":"*:502"}',
    });
    expect(answer.status).toBe(403);
  });

  test('an image is also given to the opaque origin of the article’s frame', async () => {
    const answer = await look(`/_sandbox/images/${imageId}`, { Origin: 'null' });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/png']);
  });
});

test.each<[number, string, string]>([
  [200, '/', 'text/html; charset=utf-8'],
  [200, '/favicon.ico', 'image/svg+xml'],
  [200, '/_sandbox/drafts', 'application/json; charset=utf-8'],
  [404, '/drafts/unknown', 'text/html; charset=utf-8'],
  [404, '/_sandbox/images/unknown', 'text/plain; charset=utf-8'],
  [404, '/_sandbox/images/..%2faccount.json', 'text/plain; charset=utf-8'],
  [404, '/_sandbox/x', 'text/plain; charset=utf-8'],
])('%i for %s', async (status, path, type) => {
  const answer = await look(path);
  expect([answer.status, answer.headers['content-type']]).toEqual([status, type]);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
});

test('405 for other methods', async () => {
  expect((await send(sandbox.url, { method: 'PUT', path: '/_sandbox/faults', body: '{}' })).status).toBe(405);
});

test('looking leaves no trace in the history', async () => {
  await look('/');
  expect(sandbox.history().map(({ path }) => path)).not.toContain('/');
});

describe('the pages', () => {
  test.each([
    ['/', "default-src 'none'"],
    ['/', "style-src 'sha256-"],
    ['ARTICLE', "default-src 'none'"],
    ['ARTICLE', '; sandbox'],
  ])('%s is served under %s', async (path, part) => {
    const answer = await look(path === 'ARTICLE' ? `/drafts/${draft}/article` : path);
    expect(answer.headers['content-security-policy']).toContain(part);
    expect(answer.headers['content-security-policy']).not.toContain('script-src');
  });

  test('markup in a title stays text on every page', async () => {
    for (const path of ['/', `/drafts/${draft}`, `/drafts/${draft}/article`]) {
      const { text } = await look(path);
      expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;');
      expect(text).not.toContain('<img src=x onerror');
    }
  });

  test('the article shows WeChat’s images from here and nothing from elsewhere', async () => {
    const { text } = await look(`/drafts/${draft}/article`);
    expect(text).toContain(`<img src="/_sandbox/images/${imageId}">`);
    expect(text).not.toMatch(/src="https?:/);
  });

  test('the draft page frames the article without scripts and says what the filter took', async () => {
    const { text } = await look(`/drafts/${draft}`, { 'Accept-Language': 'en' });
    expect(text).toContain(`<iframe sandbox title=`);
    expect(text).toContain(`src="/drafts/${draft}/article"`);
    for (const rule of ['id', 'link', 'image'] as const) expect(text).toContain(CHANGES.en[rule]);
    expect(text).toContain(WORDS.en.digestFilled);
  });

  test.each([
    ['?article=1', 'Second'],
    ['?article=1', WORDS.en.stages.api.nothing],
    ['?article=9', '&lt;img'],
    ['?article=x', '&lt;img'],
    ['?screen=desktop', `/drafts/DRAFT/article?screen=desktop`],
    ['?mode=dark', `/drafts/DRAFT/article?mode=dark`],
    ['?stage=editor', `/drafts/DRAFT/article?stage=editor`],
    ['?stage=editor', CHANGES.en.leaf],
    ['?stage=editor', '&lt;span leaf=&quot;&quot;&gt;light'],
    ['?stage=clipboard', WORDS.en.stages.clipboard.title],
    ['?stage=reader', CHANGES.en['lazy-image']],
    ['?stage=x', WORDS.en.stages.api.title],
  ])('%s shows %s', async (query, part) => {
    const { text } = await look(`/drafts/${draft}${query}`, { 'Accept-Language': 'en' });
    expect(text).toContain(part.replace('DRAFT', draft));
  });

  test.each([
    ['', '<p>light link</p>'],
    ['?stage=editor', '<p><span leaf="">light link</span></p>'],
    ['?stage=clipboard&mode=dark', '<p><span leaf="">darkened link</span></p>'],
    ['?stage=reader', '<p><span leaf="">light link</span></p>'],
  ])('the frame %s shows the article of its stage', async (query, part) => {
    expect((await look(`/drafts/${draft}/article${query}`)).text).toContain(part);
  });

  test('dark mode is the function that was handed in, and only where it was', async () => {
    expect((await look(`/drafts/${draft}/article?mode=dark`)).text).toContain('darkened');
    const plain = await createSandbox();
    const account = { ...plain, root: plain.url };
    const caller = createCaller(account, await fetchToken(account));
    const article = { title: 'T', content: '<p>light</p>', thumb_media_id: await caller.addCover() };
    const { json } = await caller.post('draft/add', { articles: [article] });
    const path = `/drafts/${json['media_id']}`;
    expect((await send(plain.url, { path: `${path}?mode=dark` })).text).not.toContain('mode=dark');
    expect((await send(plain.url, { path: `${path}/article?mode=dark` })).text).toContain('class="light"');
    await plain.close();
  });

  test.each([
    ['en', 'en-US,en;q=0.9', WORDS.en],
    ['zh-CN', 'zh-CN,zh;q=0.9,en;q=0.8', WORDS.zh],
  ])('are whole in %s', async (lang, acceptLanguage, words) => {
    const other = words === WORDS.en ? WORDS.zh : WORDS.en;
    const pages = await Promise.all(
      ['/', `/drafts/${draft}`, '/drafts/x'].map((path) => look(path, { 'Accept-Language': acceptLanguage })),
    );
    for (const { text } of pages) {
      expect(text).toContain(`<html lang="${lang}">`);
      expect(text).toContain(words.name);
      expect(text).not.toContain(other.promise);
      expect(text).not.toContain(other.allDrafts);
    }
    expect(pages[0]?.text).toContain(words.promise);
    expect(pages[2]?.text).toContain(words.missing);
  });

  test.each([
    [null, '', 'en'],
    [null, 'fr,en;q=0.8,zh;q=0.5', 'en'],
    [null, 'zh-TW', 'zh'],
    ['zh', 'en', 'zh'],
    ['en', 'zh', 'en'],
    ['xx', 'zh', 'zh'],
  ])('?lang=%s with Accept-Language "%s" is %s', (asked, accepted, language) => {
    expect(toLanguage(asked, accepted)).toBe(language);
  });
});
