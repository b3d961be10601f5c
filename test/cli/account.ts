// A small site and an account of its own: the sandbox's quotas, faults and clock are the test's; it and the CLI run in this process.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.ts';
import { APP_SECRET } from '../canary.ts';
import { runHere } from './here.ts';
import { fresh, type Outcome, toEnv } from './stage.ts';

export const APP_ID = 'wx0123456789abcdef';
const png = await sharp({ create: { width: 64, height: 40, channels: 3, background: '#07c160' } })
  .png()
  .toBuffer();

export interface Result {
  readonly file: string;
  readonly status: string;
  readonly reason: string | null;
  readonly error: { readonly code: string } | null;
}

export interface Account {
  readonly site: string;
  readonly sandbox: Sandbox;
  readonly env: Record<string, string>;
  /** How often an endpoint was called. */
  count(endpoint: string): number;
  run(...args: readonly string[]): Promise<Outcome>;
  publish(...args: readonly string[]): Promise<{ code: number | null; stderr: string; results: readonly Result[] }>;
  /** A call as somebody else than our client would make it. */
  call(path: string, body: object): Promise<Record<string, unknown>>;
}

const open: Sandbox[] = [];

/** For each file's `afterAll`: a hook of this module would be that of the first file alone. */
export async function closeAccounts(): Promise<void> {
  await Promise.all(open.splice(0).map((each) => each.close()));
}

/** A site of these files and the picture `/cover.png`. */
export async function createAccount(
  files: Readonly<Record<string, string>>,
  options: SandboxOptions = {},
): Promise<Account> {
  const site = fresh('many');
  for (const [path, content] of Object.entries({ 'wxsync.config.json': '{}', ...files })) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), content);
  }
  mkdirSync(join(site, 'public'));
  writeFileSync(join(site, 'public', 'cover.png'), png);
  const sandbox = await createSandbox({ appId: APP_ID, appSecret: APP_SECRET, ...options });
  open.push(sandbox);
  const env = toEnv({ WECHAT_APP_ID: APP_ID, WECHAT_APP_SECRET: APP_SECRET, WXSYNC_API_ROOT: sandbox.url });
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${sandbox.url}/cgi-bin/${path}`, { method: 'POST', body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, unknown>;
  };
  return {
    ...{ site, sandbox, env },
    count: (endpoint) => sandbox.history().filter(({ path }) => path === `/cgi-bin/${endpoint}`).length,
    run: (...args) => runHere(args, { cwd: site, env }),
    async publish(...args) {
      const { code, stdout, stderr } = await runHere(['publish', ...args, '--json'], { cwd: site, env });
      return { code, stderr, results: (JSON.parse(stdout) as { results: readonly Result[] }).results };
    },
    async call(path, body) {
      const pair = { grant_type: 'client_credential', appid: APP_ID, secret: APP_SECRET };
      const { access_token } = await post('stable_token', pair);
      return post(`${path}?access_token=${access_token}`, body);
    },
  };
}

export const toPost = (title: string, flag = 'false', more = '') =>
  `---\ntitle: "${title}"\ncover: /cover.png\nwechat_synced: ${flag}\n${more}---\n\nWords of ${title}.\n`;
