// `wxsync resolve`: what a person says of a waiting post, and that the next plain publish then ends well.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere, startSandboxHere } from './here.ts';
import { fresh, type SandboxServer } from './stage.ts';

let server: SandboxServer;
beforeAll(async () => {
  server = await startSandboxHere();
});
afterAll(() => server.stop());

/** A call as somebody else than our client would make it. */
async function call(path: string, body: object): Promise<Record<string, unknown>> {
  const post = async (url: string, json: object) => {
    return (await (await fetch(url, { method: 'POST', body: JSON.stringify(json) })).json()) as Record<string, unknown>;
  };
  const { WECHAT_APP_ID: appid, WECHAT_APP_SECRET: secret } = server.env;
  const { access_token } = await post(`${server.url}/cgi-bin/stable_token`, {
    grant_type: 'client_credential',
    appid,
    secret,
  });
  return post(`${server.url}/cgi-bin/${path}?access_token=${access_token}`, body);
}

/** A published post whose author wants it synced again. */
async function publishOnce(): Promise<{
  site: string;
  mediaId: string;
  again(): Promise<{ code: number | null; result: Record<string, unknown> }>;
}> {
  const site = fresh('resolve');
  const file = join(site, 'post.md');
  writeFileSync(join(site, 'wxsync.config.json'), '{}');
  writeFileSync(file, `---\ntitle: ${site.slice(-6)}\nwechat_synced: false\n---\n\nText of ${site.slice(-6)}.\n`);
  const publish = async () => {
    const { code, stdout } = await runHere(['publish', 'post.md', '--json'], { cwd: site, env: server.env });
    return { code, result: JSON.parse(stdout).results[0] as Record<string, unknown> };
  };
  const { result } = await publish();
  writeFileSync(file, readFileSync(file, 'utf8').replace('synced: true', 'synced: false'));
  return { site, mediaId: String(result['mediaId']), again: publish };
}

const resolve = (site: string, ...args: string[]) =>
  runHere(['resolve', 'post.md', ...args], { cwd: site, env: server.env });
const flag = (site: string) => /wechat_synced: (\w+)/.exec(readFileSync(join(site, 'post.md'), 'utf8'))?.[1];

describe('a draft that is gone', () => {
  test('--recreate: another one is made', async () => {
    const { site, mediaId, again } = await publishOnce();
    await call('draft/delete', { media_id: mediaId });
    const waiting = await again();
    expect(waiting).toMatchObject({ code: 8, result: { status: 'failed', error: { code: 'blocked' } } });
    expect(flag(site)).toBe('false');
    expect(await resolve(site, '--recreate')).toMatchObject({ code: 0 });
    const { code, result } = await again();
    expect([code, result['status'], flag(site)]).toEqual([0, 'created', 'true']);
    expect(result['mediaId']).not.toBe(mediaId);
  });

  test('--adopt: a draft that somebody made is taken, and only the flag is set', async () => {
    const [one, other] = [await publishOnce(), await publishOnce()];
    await call('draft/delete', { media_id: one.mediaId });
    expect(await resolve(one.site, '--adopt', other.mediaId)).toMatchObject({ code: 0 });
    const adds = async () => (await server.history()).filter(({ path }) => /draft\/(?:add|update)/.test(path)).length;
    const before = await adds();
    const { code, result } = await one.again();
    expect([code, result['status'], result['mediaId'], flag(one.site)]).toEqual([
      0,
      'unchanged',
      other.mediaId,
      'true',
    ]);
    expect(await adds()).toBe(before);
  });

  test('--adopt of what is not there changes nothing', async () => {
    const { site } = await publishOnce();
    expect(await resolve(site, '--adopt', 'no-such-draft')).toMatchObject({
      code: 8,
      stderr: expect.stringContaining('draft-gone'),
    });
  });
});

test('--overwrite of a post that has no draft: says so, whatever the flag', async () => {
  const site = fresh('resolve');
  writeFileSync(join(site, 'post.md'), '---\ntitle: T\nwechat_synced: false\n---\n\nText.\n');
  const { code, stderr } = await runHere(['resolve', 'post.md', '--overwrite'], { cwd: site, env: server.env });
  expect([code, stderr]).toEqual([8, expect.stringContaining('nothing-to-overwrite')]);
  expect(stderr).not.toContain('true');
});

test('an edited draft --overwrite: replaced once, and then guarded again', async () => {
  const { site, mediaId, again } = await publishOnce();
  const edit = async (content: string) => {
    const draft = (await call('draft/get', { media_id: mediaId })) as {
      news_item: { title: string; thumb_media_id: string }[];
    };
    const [item] = draft.news_item ?? [];
    const articles = { title: item?.title, thumb_media_id: item?.thumb_media_id, content };
    await call('draft/update', { media_id: mediaId, index: 0, articles });
  };
  await edit('<p>by hand</p>');
  expect(await again()).toMatchObject({ code: 8, result: { error: { code: 'conflict' } } });
  expect(await resolve(site, '--overwrite')).toMatchObject({ code: 0 });
  const { code, result } = await again();
  expect([code, result['status'], flag(site)]).toEqual([0, 'updated', 'true']);
  await edit('<p>by hand again</p>');
  writeFileSync(
    join(site, 'post.md'),
    readFileSync(join(site, 'post.md'), 'utf8').replace('synced: true', 'synced: false'),
  );
  expect(await again()).toMatchObject({ code: 8, result: { error: { code: 'conflict' } } });
});

test.each([[[]], [['--none', '--recreate']], [['--adopt']]])('one word is needed, not %j', async (words) => {
  const site = fresh('words');
  writeFileSync(join(site, 'post.md'), '---\ntitle: a\n---\n\nText.\n');
  expect(await resolve(site, ...words)).toMatchObject({ code: 2 });
});
