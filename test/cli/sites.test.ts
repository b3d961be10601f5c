// Sites as five generators lay them out, each as its author keeps it: a dry run of its folder, then the posts for real.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere, startSandboxHere } from './here.ts';
import { fresh, git, type SandboxServer } from './stage.ts';

const SITES = fileURLToPath(new URL('../fixtures/sites', import.meta.url));

interface Site {
  readonly name: string;
  /** What the author names; nothing: what the config includes. */
  readonly paths: readonly string[];
  readonly post: string;
  /** Pictures as written: those of the text, then the cover. */
  readonly images: readonly string[];
}

const CASES: readonly Site[] = [
  {
    name: 'next',
    paths: [],
    post: 'content/posts/zh/hello.md',
    images: ['/images/hello/one.png', '/images/hello/cover.png'],
  },
  {
    name: 'hugo',
    paths: ['content'],
    post: 'content/posts/bundle/index.md',
    images: ['inside.png', '/img/site.png', 'cover.png'],
  },
  {
    name: 'hexo',
    paths: [],
    post: 'source/_posts/2026-01-02-hello.md',
    images: ['inside.png', '/images/site.png', '/images/cover.png'],
  },
  {
    name: 'astro',
    paths: ['src/content'],
    post: 'src/content/blog/hello.md',
    images: ['../../assets/one.png', '/two.png', '../../assets/hero.png'],
  },
  {
    name: 'vitepress',
    paths: ['docs'],
    post: 'docs/posts/hello.md',
    images: ['/logo.png', './images/one.png', '/logo.png'],
  },
];

interface Result {
  readonly file: string;
  readonly status: string;
  readonly mediaId: string;
  readonly images: readonly { readonly src: string; readonly kind: string; readonly url: string | null }[];
}

let server: SandboxServer;
beforeAll(async () => {
  server = await startSandboxHere();
});
afterAll(() => server.stop());

describe.each(CASES)('$name', ({ name, paths, post, images }) => {
  const site = fresh(name);
  cpSync(join(SITES, name), site, { recursive: true });
  git(site, 'init', '--quiet');
  const publish = async (...flags: readonly string[]) => {
    const { code, stdout } = await runHere(['publish', ...paths, ...flags, '--json'], { cwd: site, env: server.env });
    return { code, results: (JSON.parse(stdout) as { results: readonly Result[] }).results };
  };

  test('a dry run finds the one post that waits, and its pictures', async () => {
    const { code, results } = await publish('-n');
    expect([code, results.map(({ file, status }) => [file, status])]).toEqual([0, [[post, 'planned']]]);
    expect(results[0]?.images.map(({ src }) => src)).toEqual(images);
  });

  test('then it is published with them', async () => {
    const { code, results } = await publish();
    expect([code, results.map(({ file, status }) => [file, status])]).toEqual([0, [[post, 'created']]]);
    const [result] = results;
    const urls = result?.images.filter(({ kind }) => kind === 'body').map(({ url }) => url ?? '') ?? [];
    const drafts = await server.drafts();
    const draft = drafts.find((each) => each['mediaId'] === result?.mediaId) ?? {};
    const [article] = (draft['articles'] ?? []) as readonly Record<string, string>[];
    expect(urls).toHaveLength(images.length - 1);
    for (const url of urls) expect(article?.['content']).toContain(`src="${url.replaceAll('&', '&amp;')}"`);
    expect(readFileSync(join(site, post), 'utf8')).toContain('wechat_synced: true');
  });
});
