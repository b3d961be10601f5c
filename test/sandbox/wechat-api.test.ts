// A client nobody here wrote: npm wechat-api gets a token from the sandbox and uploads through it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { createPng } from './pictures.ts';

type Callback = (error: Error | null, result: Readonly<Record<string, unknown>>) => void;
interface WechatApi {
  endpoint: string;
  getAccessToken(callback: Callback): void;
  uploadImage(file: string, callback: Callback): void;
  uploadImageMaterial(file: string, callback: Callback): void;
}

const WechatApi = createRequire(import.meta.url)('wechat-api') as new (appId: string, appSecret: string) => WechatApi;
let sandbox: Sandbox;
let folder: string;
let api: WechatApi;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wechat-api-'));
  writeFileSync(join(folder, 'a.png'), createPng(2, 2, 100));
  sandbox = await createSandbox();
  api = new WechatApi(sandbox.appId, sandbox.appSecret);
  api.endpoint = sandbox.url;
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (start: (callback: Callback) => void): Promise<Readonly<Record<string, unknown>>> =>
  new Promise((resolve, reject) =>
    start((error, result) => (error === null || error === undefined ? resolve(result) : reject(error))),
  );

test('a token', async () => {
  const token = await run((done) => api.getAccessToken(done));
  expect(token).toMatchObject({ accessToken: expect.stringMatching(/^[\w-]{100,}$/) });
});

test('an image for a body', async () => {
  const image = await run((done) => api.uploadImage(join(folder, 'a.png'), done));
  expect(image['url']).toMatch(/^http:\/\/mmbiz\.qpic\.cn\//);
});

test('an image for the library', async () => {
  const material = await run((done) => api.uploadImageMaterial(join(folder, 'a.png'), done));
  expect(material).toMatchObject({ media_id: expect.any(String), url: expect.stringContaining('mmbiz_png') });
  expect(sandbox.history().at(-1)).toMatchObject({ summary: { name: 'a.png', bytes: 133, type: 'image' } });
});

test('a wrong secret is refused as it expects', async () => {
  const wrong = new WechatApi(sandbox.appId, 'wrong');
  wrong.endpoint = sandbox.url;
  await expect(run((done) => wrong.getAccessToken(done))).rejects.toMatchObject({ code: 40125 });
});
