// Two beliefs about WeChat laid side by side: the client's and the sandbox's; each deliberate difference is a row with its reason.
import { afterEach, describe, expect, test } from 'vitest';
import { ERRORS } from '../../src/errors.ts';
import { decideErrcode, ERRCODES } from '../../src/facts/errcodes.ts';
import { LIMITS } from '../../src/facts/limits.ts';
import { ERRCODES as SANDBOX_ERRCODES } from '../../src/sandbox/errcodes.ts';
import { createSandbox, parseFault, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.ts';
import { listRules } from '../../src/sandbox/rules.ts';
import type { Article, ClientOptions, Picture, WechatClient } from '../../src/wechat/client.ts';
import { ARTICLE, createTestClient, errorOf, type TestClient } from './fixture.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp(
  options: SandboxOptions = {},
  client: Partial<ClientOptions> = {},
): Promise<{ sandbox: Sandbox; client: TestClient; coverId: string }> {
  const sandbox = await createSandbox(options);
  const credential = { kind: 'secret', secret: sandbox.appSecret } as const;
  const created = createTestClient(sandbox.url, { appId: sandbox.appId, credential, ...client });
  closing.push(
    () => created.close(),
    () => sandbox.close(),
  );
  const { mediaId } = await created.addMaterial(picture('png', 100));
  return { sandbox, client: created, coverId: mediaId };
}

/** A picture of 900 × 383 by its header, as many bytes long as asked. */
function picture(format: 'png' | 'jpg' | 'gif', length: number): Picture {
  const headers = {
    png: Buffer.from('89504e470d0a1a0a0000000d49484452000003840000017f', 'hex'),
    jpg: Buffer.from('ffd8ffc0001108017f038403', 'hex'),
    gif: Buffer.from('4749463839618403 7f01'.replace(' ', ''), 'hex'),
  };
  const bytes = new Uint8Array(length);
  bytes.set(headers[format]);
  return { bytes, format, name: 'wxs-1' };
}

describe('every method', () => {
  test('a draft from its first picture to its end', async () => {
    const { sandbox, client, coverId } = await setUp();
    const { url } = await client.uploadImage(picture('jpg', 100));
    expect(url).toMatch(/^https?:\/\/mmbiz\.qpic\.cn\//);
    const content = `<p>正文 😀</p><img src="${url}">`;
    const article: Article = {
      ...ARTICLE,
      title: '贸易',
      author: '作者',
      coverId,
      content,
      sourceUrl: 'https://x.example/a',
    };

    const added = await client.addDraft(article);
    expect(added).toEqual({ kind: 'ok', mediaId: expect.any(String) });
    const mediaId = added.kind === 'ok' ? added.mediaId : '';
    expect(await client.countDrafts()).toBe(1);

    const read = await client.getDraft(mediaId);
    expect(read).toMatchObject({ mediaId, createTime: expect.any(Number), updateTime: expect.any(Number) });
    expect(read?.articles).toMatchObject([
      { title: '贸易', author: '作者', coverId, sourceUrl: 'https://x.example/a', openComment: false, fansOnly: false },
    ]);
    expect(read?.articles[0]?.content).toContain('正文 😀');

    await client.updateDraft(mediaId, {
      ...article,
      author: null,
      title: '新',
      sourceUrl: null,
      carried: read?.articles[0]?.rest ?? {},
    });
    const { total, items } = await client.listDrafts({ offset: 0, count: 20, content: 'with' });
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({ mediaId, articles: [{ title: '新', author: '', sourceUrl: '', coverId }] });
    const light = await client.listDrafts({ offset: 0, count: 20, content: 'without' });
    expect(light.items[0]?.articles[0]).toMatchObject({ coverId, content: '' });

    expect(await client.deleteDraft(mediaId)).toBe('deleted');
    expect(await client.deleteDraft(mediaId)).toBe('gone');
    expect(await client.getDraft(mediaId)).toBeNull();
    expect(sandbox.drafts()).toEqual([]);
    const stable = sandbox.history().filter(({ path }) => path === '/cgi-bin/stable_token');
    expect(stable).toHaveLength(1);
  });

  test('a cover is found again by its name', async () => {
    const { client, coverId } = await setUp();
    expect(await client.listImages({ offset: 0, count: 20 })).toEqual({
      total: 1,
      items: [
        { mediaId: coverId, name: 'wxs-1.png', updateTime: expect.any(Number), url: expect.stringContaining('mmbiz') },
      ],
    });
  });

  test('the addresses of the API', async () => {
    const { client } = await setUp();
    expect((await client.domainIps()).length).toBeGreaterThan(0);
  });
});

describe('tokens', () => {
  test('one near its end is replaced before WeChat refuses it', async () => {
    let now = 1_700_000_000_000;
    const clock = { now: () => now };
    const { sandbox, client } = await setUp(clock, clock);
    for (const seconds of [6_899, 1, 299, 1, 6_599, 1]) {
      now += seconds * 1000;
      await client.countDrafts();
    }
    const codes = sandbox.history().map(({ errcode }) => errcode);
    expect(codes).not.toContain(42001);
    expect(codes).not.toContain(40001);
    expect(sandbox.history().filter(({ path }) => path === '/cgi-bin/stable_token')).toHaveLength(3);
  });

  test('one that was voided elsewhere is replaced, and the draft is added once', async () => {
    const { sandbox, client, coverId } = await setUp();
    await fetch(`${sandbox.url}/cgi-bin/stable_token`, {
      method: 'POST',
      body: JSON.stringify({
        grant_type: 'client_credential',
        appid: sandbox.appId,
        secret: sandbox.appSecret,
        force_refresh: true,
      }),
    });
    expect(await client.addDraft({ ...ARTICLE, coverId })).toMatchObject({ kind: 'ok' });
    expect(sandbox.drafts()).toHaveLength(1);
  });

  test.each([
    ['a wrong secret', (sandbox: Sandbox) => ({ appId: sandbox.appId, secret: 'wrong' }), 'secret-invalid'],
    ['an empty secret', (sandbox: Sandbox) => ({ appId: sandbox.appId, secret: '' }), 'secret-invalid'],
    ['a wrong AppID', (sandbox: Sandbox) => ({ appId: 'wrong', secret: sandbox.appSecret }), 'appid-invalid'],
    ['an empty AppID', (sandbox: Sandbox) => ({ appId: '', secret: sandbox.appSecret }), 'appid-invalid'],
  ])('%s', async (_name, pair, code) => {
    const { sandbox } = await setUp();
    const { appId, secret } = pair(sandbox);
    const client = createTestClient(sandbox.url, { appId, credential: { kind: 'secret', secret } });
    closing.push(() => client.close());
    expect(await errorOf(client.countDrafts())).toMatchObject({ code });
  });
});

describe('a fault of draft/add: what the client says, and what happened', () => {
  test.each([
    ['draft/add:-1:before', 'unknown', 0],
    ['draft/add:-1:after', 'unknown', 1],
    ['draft/add:45009', 'rejected', 0],
    ['draft/add:40164', 'rejected', 0],
    ['draft/add:502:before', 'unknown', 0],
    ['draft/add:502:after', 'unknown', 1],
    ['draft/add:307', 'unknown', 0],
    ['draft/add:reset:before', 'unknown', 0],
    ['draft/add:reset:after', 'unknown', 1],
    ['draft/add:half-body:after', 'unknown', 1],
    ['draft/add:latency=700:before', 'unknown', 0],
    ['draft/add:latency=700:after', 'unknown', 1],
  ])('%s: %s, drafts: %i', async (fault, kind, drafts) => {
    const { sandbox, client, coverId } = await setUp({}, { timeoutMs: 300 });
    sandbox.addFault(parseFault(fault));
    const outcome = await client.addDraft({ ...ARTICLE, coverId });
    expect(outcome.kind).toBe(kind);
    expect(sandbox.drafts()).toHaveLength(drafts);
  });
});

describe('limits: our figure passes, one more does not', () => {
  type Try = (client: WechatClient, coverId: string, length: number) => Promise<unknown>;
  const send =
    (part: (length: number) => Partial<Article>): Try =>
    async (client, coverId, length) => {
      const outcome = await client.addDraft({ ...ARTICLE, coverId, ...part(length) });
      if (outcome.kind !== 'ok') throw outcome.error;
    };
  const halfWidths = (length: number): string => '字'.repeat(Math.floor(length / 2)) + 'a'.repeat(length % 2);
  const MIB = 'the sandbox reads "1 MB" as 1,048,576 bytes, the client as the smaller meaning';

  /** `above`: the sandbox's own figure where it differs, with the reason. */
  const rows: readonly {
    limit: keyof typeof LIMITS;
    run: Try;
    code: string;
    above?: { readonly figure: number; readonly reason: string };
  }[] = [
    { limit: 'title', run: send((length) => ({ title: '字'.repeat(length) })), code: 'field-too-long' },
    { limit: 'author', run: send((length) => ({ author: halfWidths(length) })), code: 'field-too-long' },
    { limit: 'digest', run: send((length) => ({ digest: halfWidths(length) })), code: 'field-too-long' },
    {
      limit: 'sourceUrl',
      run: send((length) => ({ sourceUrl: `https://x.example/${'a'.repeat(length - 18)}` })),
      code: 'field-too-long',
    },
    {
      limit: 'content',
      run: send((length) => ({ content: `<p>${'a'.repeat(length - 7)}</p>` })),
      code: 'field-too-long',
      above: { figure: 1_048_575, reason: MIB },
    },
    {
      limit: 'bodyImage',
      run: (client, _coverId, length) => client.uploadImage(picture('jpg', length)),
      code: 'media-refused',
      above: { figure: 1_048_575, reason: MIB },
    },
    {
      limit: 'material',
      run: (client, _coverId, length) => client.addMaterial(picture('gif', length)),
      code: 'media-refused',
      above: { figure: 10_485_760, reason: MIB },
    },
    {
      limit: 'listPage',
      run: (client, _coverId, length) => client.listDrafts({ offset: 0, count: length, content: 'without' }),
      code: 'wechat-refused',
    },
  ];

  test.each(rows)('$limit', async ({ limit, run, code, above }) => {
    const { client, coverId } = await setUp({}, { timeoutMs: 10_000 });
    const ours = LIMITS[limit].value;
    const theirs = above?.figure ?? ours;
    expect(theirs).toBeGreaterThanOrEqual(ours);
    for (const length of new Set([ours, theirs])) await run(client, coverId, length);
    expect(await errorOf(run(client, coverId, theirs + 1))).toMatchObject({ code });
  });
});

describe('errcodes', () => {
  /** Refusals that only a mistake of ours can bring; they have no words of their own. */
  const OURS_TO_MEND = [40002, 40004, 40008, 40010, 40011, 40066, 40097, 40114, 41001, 43001, 43002, 44002, 47001];

  /** Texts that differ on purpose. */
  const OTHER_WORDS: Readonly<Record<number, string>> = {
    40001: 'live answers add advice and a link; the table keeps the short text',
    40164: 'live answers name the address; the table keeps the text without it',
    53402: 'live answers are Chinese; the table translates them',
    53501: 'live answers are Chinese; the table translates them',
  };

  test.each(Object.entries(SANDBOX_ERRCODES))('%s has the same words on both sides', (code, { text }) => {
    const ours = ERRCODES.get(Number(code))?.en;
    if (OTHER_WORDS[Number(code)] === undefined) expect(ours).toBe(text);
    else expect(ours).not.toBe(text);
  });

  // The editor's refusals are answers of another page, which the client never asks.
  const codes = listRules().flatMap(({ area, errcode }) => (area === 'editor' ? [] : [errcode ?? 0]));
  const refused = [...new Set(codes)].filter((errcode) => errcode !== 0);

  test.each(refused)('%i is described, and has an error of its own unless it is our mistake', (errcode) => {
    expect(ERRCODES.has(errcode)).toBe(true);
    expect(decideErrcode(errcode).error === 'wechat-refused').toBe(OURS_TO_MEND.includes(errcode));
    expect(ERRORS).toHaveProperty(decideErrcode(errcode).error);
  });
});
