// The state folder: what the next sandbox finds, who may serve it, and who may read it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox, findRunningSandbox, type Sandbox, SandboxInUse } from '../../src/sandbox/index.ts';
import { type Caller, createCaller, fetchToken } from './account.ts';
import { createPng } from './pictures.ts';
import { send } from './raw-http.ts';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'sandbox-state-'));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

async function connect(sandbox: Sandbox): Promise<Caller> {
  const account = { ...sandbox, root: sandbox.url };
  return createCaller(account, await fetchToken(account));
}

test('a second run has the pair, drafts, library and images of the first', async () => {
  const first = await createSandbox({ stateDir });
  const caller = await connect(first);
  const cover = await caller.addCover();
  const png = createPng(3, 4, 5);
  const { json: image } = await caller.upload('media/uploadimg', 'a.png', png);
  const article = { title: '标题', content: `<img src="${String(image['url'])}">`, thumb_media_id: cover };
  await caller.post('draft/add', { articles: [article] });
  const drafts = first.drafts();
  await first.close();

  const second = await createSandbox({ stateDir });
  expect({ appId: second.appId, appSecret: second.appSecret }).toEqual({
    appId: first.appId,
    appSecret: first.appSecret,
  });
  expect(second.drafts()).toEqual(drafts);
  const again = await connect(second);
  const { json: added } = await again.post('draft/add', { articles: [article] });
  expect(second.drafts().map(({ mediaId }) => mediaId)).toEqual([added['media_id'], drafts[0]?.mediaId]);
  const imageId = String(image['url']).split('/')[4];
  const shown = await fetch(`${second.url}/_sandbox/images/${imageId}`);
  expect(shown.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await shown.arrayBuffer())).toEqual(png);
  await second.close();
});

test('a deleted draft stays deleted', async () => {
  const first = await createSandbox({ stateDir });
  const caller = await connect(first);
  const article = { title: 'T', content: 'x', thumb_media_id: await caller.addCover() };
  const { json } = await caller.post('draft/add', { articles: [article] });
  await caller.post('draft/delete', { media_id: json['media_id'] });
  await first.close();
  const second = await createSandbox({ stateDir });
  expect(second.drafts()).toEqual([]);
  await second.close();
});

test('another AppID sees nothing of the first in the same folder', async () => {
  const first = await createSandbox({ stateDir });
  const caller = await connect(first);
  const cover = await caller.addCover();
  await caller.post('draft/add', { articles: [{ title: 'T', content: 'x', thumb_media_id: cover }] });
  await first.close();
  const other = await createSandbox({ stateDir, appId: 'wxsandboxother', appSecret: 'secret' });
  expect([other.appId, other.appSecret, other.drafts()]).toEqual(['wxsandboxother', 'secret', []]);
  const refused = await (await connect(other)).post('draft/add', {
    articles: [{ title: 'T', content: 'x', thumb_media_id: cover }],
  });
  expect(refused.json['errcode']).toBe(40007);
  await other.close();
});

test('git sees nothing of the folder, and only its owner reads the secret', async () => {
  const sandbox = await createSandbox({ stateDir });
  expect(readFileSync(join(stateDir, '.gitignore'), 'utf8')).toBe('*\n');
  for (const name of ['account.json', 'server.lock']) expect(statSync(join(stateDir, name)).mode & 0o777).toBe(0o600);
  await sandbox.close();
  expect(readdirSync(stateDir).sort()).toEqual(['.gitignore', 'account.json']);
});

test('the pair cannot be taken for a real one', async () => {
  const sandbox = await createSandbox();
  expect(sandbox.appId).toMatch(/^wxsandbox[0-9a-f]{9}$/);
  expect(sandbox.appSecret).toMatch(/^[0-9a-f]{32}$/);
  await sandbox.close();
});

test('a record that is no JSON stops the start with its path', async () => {
  writeFileSync(join(stateDir, 'account.json'), '{');
  await expect(createSandbox({ stateDir })).rejects.toThrow(join(stateDir, 'account.json'));
});

describe('the lock', () => {
  test('a second sandbox is told the address of the first, which goes on', async () => {
    const first = await createSandbox({ stateDir });
    const refusal = await createSandbox({ stateDir }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SandboxInUse);
    expect(refusal).toMatchObject({ name: 'SandboxInUse', url: first.url });
    expect((await send(first.url, { path: '/cgi-bin/draft/count' })).json['errcode']).toBe(41001);
    await first.close();
    await (await createSandbox({ stateDir })).close();
  });

  test('of ten that start at once one serves', async () => {
    const starts = await Promise.allSettled(Array.from({ length: 10 }, () => createSandbox({ stateDir })));
    const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const refused = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason as unknown] : []));
    expect(started).toHaveLength(1);
    for (const reason of refused) expect(reason).toMatchObject({ url: started[0]?.url });
    await started[0]?.close();
  });

  test('findRunningSandbox gives the address and the pair while it runs, then null', async () => {
    expect(await findRunningSandbox(stateDir)).toBeNull();
    const { url, appId, appSecret, close } = await createSandbox({ stateDir });
    expect(await findRunningSandbox(stateDir)).toEqual({ url, appId, appSecret });
    await close();
    expect(await findRunningSandbox(stateDir)).toBeNull();
  });

  describe('left behind', () => {
    let stranger: Server;
    let port: number;
    beforeEach(async () => {
      stranger = createServer((_request, response) => response.end('{"instance":"stranger"}'));
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
      const address = stranger.address();
      port = typeof address === 'object' && address !== null ? address.port : 0;
    });
    afterEach(() => new Promise((resolve) => stranger.close(resolve)));

    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    test('by a dead process: of ten that start at once one serves', async () => {
      writeFileSync(join(stateDir, 'server.lock'), toLock(dead, port, 'stranger'));
      const starts = await Promise.allSettled(Array.from({ length: 10 }, () => createSandbox({ stateDir })));
      const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
      expect(started).toHaveLength(1);
      await started[0]?.close();
    });

    test.each<[string, () => string]>([
      ['by a process that is gone', () => toLock(dead, port, 'stranger')],
      ['by a process whose number another one has now', () => toLock(process.pid, 1, 'mine')],
      ['by a process whose port another server has now', () => toLock(process.pid, port, 'mine')],
      ['cut in the middle', () => '{"pid":'],
    ])('%s is taken over', async (_what, toText) => {
      writeFileSync(join(stateDir, 'server.lock'), toText());
      expect(await findRunningSandbox(stateDir)).toBeNull();
      const sandbox = await createSandbox({ stateDir });
      expect(await findRunningSandbox(stateDir)).toMatchObject({ url: sandbox.url });
      await sandbox.close();
    });
  });

  function toLock(pid: number, port: number, instance: string): string {
    return JSON.stringify({ pid, port, instance, appId: 'wxsandbox', appSecret: 'x' });
  }
});

test('a port that is taken is an error of the system, and the folder stays free', async () => {
  const first = await createSandbox();
  const port = Number(new URL(first.url).port);
  await expect(createSandbox({ port, stateDir })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await (await createSandbox({ stateDir })).close();
  await first.close();
});
