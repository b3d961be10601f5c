// A process whose NODE_DEBUG would print every URL gets no client; nothing of the token reaches its streams.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TOKEN } from './fixture.ts';
import { startScriptServer } from './script-server.ts';

let folder = '';
let script = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wxsync-debug-'));
  script = join(folder, 'count.cjs');
  await build({
    stdin: {
      contents: `
        import { createClient } from './src/wechat/client.ts';
        const [apiRoot, token] = process.argv.slice(2);
        const options = { apiRoot, appId: 'a', credential: { kind: 'token', token }, timeoutMs: 5000, proxy: null };
        (async () => createClient(options).countDrafts())().then(
          (count) => { console.log('count ' + count); process.exit(0); },
          (error) => { console.log(error.message); process.exit(1); },
        );`,
      resolveDir: join(import.meta.dirname, '../..'),
    },
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
});

afterAll(() => rm(folder, { recursive: true }));

async function run(args: readonly string[], debug: string): Promise<string> {
  const child = spawn(process.execPath, [script, ...args], { env: { NODE_DEBUG: debug } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  await new Promise((resolve) => child.on('close', resolve));
  return text;
}

test.each([
  ['', 'count 7', 1],
  ['net,tls,http', 'count 7', 1],
  ['undici', 'setting-invalid name=NODE_DEBUG', 0],
  ['fetch', 'setting-invalid name=NODE_DEBUG', 0],
  ['websocket', 'setting-invalid name=NODE_DEBUG', 0],
  ['*', 'setting-invalid name=NODE_DEBUG', 0],
])('NODE_DEBUG=%s', async (debug, shown, requests) => {
  const server = await startScriptServer({ onRequest: () => ({ json: { total_count: 7 } }) });
  const text = await run([server.root, TOKEN], debug);
  await server.close();
  expect(text).toContain(shown);
  expect(text).not.toContain(TOKEN);
  expect(text).not.toContain(encodeURIComponent(TOKEN));
  expect(server.seen).toHaveLength(requests);
});
