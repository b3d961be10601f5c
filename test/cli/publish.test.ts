// The main job: the real sample post, an ordinary API root, real files and sockets; the first runs are processes of the built CLI.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked } from 'marked';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere, startSandboxHere } from './here.ts';
import {
  copySite,
  fresh,
  freshHome,
  git,
  run,
  SAMPLE,
  type SandboxServer,
  snapshot,
  startSandbox,
  toEnv,
} from './stage.ts';

const TITLE = '2025 vs 2026：外贸人的“生死局”与AI的“成人礼”';
const DIGEST =
  '如果是2025年是外贸人的“至暗时刻”，那么2026年就是“觉醒年代”。从这一年开始，我们不再招聘员工，而是训练“探员”。';

interface Document {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly target: string;
  readonly results: readonly {
    readonly status: string;
    readonly reason: string | null;
    readonly mediaId: string;
    readonly preview: string | null;
    readonly flag: unknown;
    readonly images: readonly { kind: string; src: string; reused: boolean }[];
    readonly findings: readonly { code: string; line: number }[];
  }[];
  readonly next: readonly string[];
}

/** The one normaliser: tags and entities away, then all white space. */
const bareText = (html: string) => {
  const text = html.replace(/<[^>]*>/g, '').replace(/&(lt|gt|amp|quot|#39|nbsp);/g, (_, name: string) => {
    return { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'", nbsp: ' ' }[name] ?? '';
  });
  return text.replace(/\s+/gu, '');
};
/** What a reader of the post itself would see: marked's own text without front matter and the H1. */
const postText = (source: string) => {
  const body = source.replace(/^---\n[\s\S]*?\n---\n/, '').replace(/^# .*$/m, '');
  return bareText(marked.parse(body, { async: false }));
};

describe('a run against a server like any other', () => {
  const site = copySite();
  const file = join(site, SAMPLE);
  const source = readFileSync(file, 'utf8');
  let server: SandboxServer;
  beforeAll(async () => {
    server = await startSandbox();
  });
  afterAll(() => server.stop());

  test('first the dry run: no credential, no network, nothing written but the page', async () => {
    const before = snapshot(site);
    const { code, stdout } = await run(['publish', '-n', SAMPLE, '--json'], { cwd: site });
    const document = JSON.parse(stdout) as Document;
    expect(code).toBe(0);
    expect(document).toMatchObject({ ok: true, exitCode: 0, target: 'wechat' });
    expect(document.results[0]).toMatchObject({ status: 'planned', flag: { before: false, after: true } });
    const page = document.results[0]?.preview ?? '';
    expect(page).toMatch(/^\.wxsync\/preview\/2026-trade-[0-9a-f]{6}\.html$/);
    const { [page]: written, '.wxsync/preview/.gitignore': ignore, ...rest } = snapshot(site);
    expect(rest).toEqual(before);
    expect(written).toBeDefined();
    expect(ignore).toBeDefined();
    const html = readFileSync(join(site, page), 'utf8');
    expect(html).not.toMatch(/<script|\bsrc="(?!data:)/);
    // The cover and its square, and three pictures by day and at night.
    expect(html.match(/data:image\/jpeg/g)?.length).toBe(8);
    expect(git(site, 'status', '--porcelain')).toBe('');
  });

  test('then for real: one draft, complete, at the right endpoints', async () => {
    const { code, stdout } = await run(['publish', SAMPLE, '--json'], { cwd: site, env: server.env });
    expect(code).toBe(0);
    const [result] = (JSON.parse(stdout) as Document).results;
    expect(result).toMatchObject({ status: 'created', flag: { before: false, after: true } });

    const calls = await server.history();
    const count = (path: string) => calls.filter((call) => call.path === path && call.errcode === 0).length;
    expect(count('/cgi-bin/media/uploadimg')).toBe(3);
    expect(count('/cgi-bin/material/add_material')).toBe(1);
    expect(count('/cgi-bin/draft/add')).toBe(1);
    expect(calls.every((call) => call.errcode === 0)).toBe(true);

    const drafts = await server.drafts();
    expect(drafts).toHaveLength(1);
    const [article] = (drafts[0]?.['articles'] ?? []) as Record<string, string>[];
    expect(article).toMatchObject({ title: TITLE, digest: DIGEST });
    const content = article?.['content'] ?? '';
    expect(content).not.toContain('<h1');
    expect(content.match(/<t[dh]\b/g)).toHaveLength(15);
    expect(content.match(/<img\b[^>]*src="http:\/\/mmbiz\.qpic\.cn\//g)).toHaveLength(3);
    const captions = [...content.matchAll(/<img\b[^>]*><section[^>]*>([^<]*)<\/section>/g)].map((match) => match[1]);
    expect(captions).toEqual(['图源：AI Generated', '图源：AI Generated', '图源：Unsplash']);
    expect(bareText(content)).toBe(postText(source));
  });

  test('the file differs in false → true alone, and the receipt is there to be committed', () => {
    expect(readFileSync(file, 'utf8')).toBe(source.replace('wechat_synced: false', 'wechat_synced: true'));
    const status = git(site, 'status', '--porcelain', '--untracked-files=all').trim().split('\n');
    expect(status[0]).toBe(`M ${SAMPLE}`);
    expect(status).toHaveLength(2);
    expect(status[1]).toMatch(/^\?\? \.wxsync\/posts\/[0-9a-f]{20}-[0-9a-f]{8}\.json$/);
  });

  test('again: exit 0, no call, no write', async () => {
    const before = snapshot(site);
    const calls = (await server.history()).length;
    const { code, stdout } = await run(['publish', SAMPLE], { cwd: site, env: server.env });
    expect(code).toBe(0);
    expect(stdout).toContain('wechat_synced is already true');
    expect(snapshot(site)).toEqual(before);
    expect(await server.history()).toHaveLength(calls);
  });

  test("on the author's own copy (true) a dry run still shows the page", async () => {
    const own = copySite();
    writeFileSync(join(own, SAMPLE), source.replace('wechat_synced: false', 'wechat_synced: true'));
    const { code, stdout } = await runHere(['publish', '-n', SAMPLE, '--json'], { cwd: own, env: toEnv() });
    expect(code).toBe(0);
    const [result] = (JSON.parse(stdout) as Document).results;
    expect(result).toMatchObject({ status: 'skipped', reason: 'already-synced' });
    expect(readFileSync(join(own, result?.preview ?? ''), 'utf8')).toContain('觉醒年代');
  });
});

/** One home for the runs that are not about fitting. */
const home = freshHome();
const warm = (more: Record<string, string> = {}) => toEnv({ ...more, WXSYNC_HOME: home });

describe('a rehearsal', () => {
  test('leaves the tree as it was but for .wxsync/, and git sees nothing', async () => {
    const site = copySite();
    const before = snapshot(site);
    const env = warm({ WECHAT_APP_ID: 'wxreal', WECHAT_APP_SECRET: 'never-used' });
    const { code, stdout } = await runHere(['publish', '--sandbox', SAMPLE, '--json'], { cwd: site, env });
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as Document;
    expect(document).toMatchObject({ target: 'sandbox' });
    expect(document.results[0]).toMatchObject({ status: 'created', flag: { before: false, after: false } });
    expect(snapshot(site, /^\.(?:git|wxsync)\//)).toEqual(before);
    expect(git(site, 'status', '--porcelain', '--untracked-files=all')).toBe('');
  });

  test('a second one finds the draft of the first, and a running sandbox is used', async () => {
    const site = copySite();
    const first = JSON.parse(
      (await runHere(['publish', '--sandbox', SAMPLE, '--json'], { cwd: site, env: warm() })).stdout,
    ) as Document;
    const second = JSON.parse(
      (await runHere(['publish', '--sandbox', SAMPLE, '--json'], { cwd: site, env: warm() })).stdout,
    ) as Document;
    expect(second.results[0]).toMatchObject({ status: 'unchanged', mediaId: first.results[0]?.mediaId });
  });

  test('the real publish is still to come afterwards', async () => {
    const site = copySite();
    await runHere(['publish', '--sandbox', SAMPLE], { cwd: site, env: warm() });
    const { stdout } = await runHere(['publish', '-n', SAMPLE, '--json'], { cwd: site, env: warm() });
    expect((JSON.parse(stdout) as Document).results[0]).toMatchObject({ status: 'planned' });
  });
});

test('two languages, same codes', async () => {
  const site = copySite();
  const of = async (lang: string) =>
    runHere(['publish', '-n', SAMPLE, '--json'], { cwd: site, env: warm({ WXSYNC_LANG: lang }) });
  const [zh, en] = [JSON.parse((await of('zh')).stdout), JSON.parse((await of('en')).stdout)] as Document[];
  const shape = (document: Document | undefined) =>
    document?.results[0]?.findings.map(({ code, line }) => ({ code, line }));
  expect(shape(zh)).toEqual(shape(en));
  expect(shape(zh)).toEqual([26, 46, 68].map((line) => ({ code: 'placeholder', line })));
});

test('two nameless sites with a post of the same path have a draft each', async () => {
  const server = await startSandboxHere();
  for (const word of ['one', 'two']) {
    const site = fresh(word);
    writeFileSync(join(site, 'wxsync.config.json'), '{}');
    writeFileSync(join(site, 'post.md'), `---\ntitle: ${word}\nwechat_synced: false\n---\n\nText.\n`);
    const { stdout } = await runHere(['publish', 'post.md', '--json'], { cwd: site, env: server.env });
    expect(JSON.parse(stdout)).toMatchObject({ results: [{ status: 'created' }] });
  }
  expect((await server.drafts()).length).toBe(2);
  await server.stop();
});

test('a runner that dies before it commits: the next one finds the draft and writes its receipt', async () => {
  const server = await startSandboxHere();
  const site = copySite();
  const publish = async () => {
    const { stdout } = await runHere(['publish', SAMPLE, '--json'], { cwd: site, env: server.env });
    return (JSON.parse(stdout) as Document).results[0];
  };
  const first = await publish();
  // A fresh checkout: neither the flag nor the receipt was committed.
  git(site, 'checkout', '--quiet', '--', '.');
  git(site, 'clean', '--quiet', '-fdx');
  const second = await publish();
  expect(second).toMatchObject({ status: 'unchanged', mediaId: first?.mediaId, flag: { before: false, after: true } });
  expect(git(site, 'status', '--porcelain', '--untracked-files=all')).toMatch(/\?\? \.wxsync\/posts\/[0-9a-f-]+\.json/);
  expect((await server.drafts()).length).toBe(1);
  await server.stop();
});
