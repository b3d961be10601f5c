// A process that publishes a post again and again while the Nth operation of its disk fails; it prints what came of each N as a line.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { meddle } from './meddle.mjs';

const { site: from, codes, way, appSecret } = JSON.parse(process.argv[2] ?? '{}');
const dist = new URL('../../dist/', import.meta.url);
const { publishPost } = await import(new URL('index.js', dist));
const { createSandbox } = await import(new URL('sandbox.js', dist));

const folder = mkdtempSync(join(tmpdir(), 'wxsync-disk-'));
const home = join(folder, 'home');
const site = join(folder, 'site');
const post = join(site, 'posts', 'a.md');
const folders = [site, home];
const appId = 'wx0123456789abcdef';

async function play(at, what) {
  cpSync(from, site, { recursive: true });
  const before = readFileSync(post, 'utf8');
  const sandbox = await createSandbox({ appId, appSecret });
  let operations = null;
  Object.assign(process.env, { WXSYNC_API_ROOT: sandbox.url });
  const writes = () => sandbox.history().filter(({ path }) => /add|update|delete|uploadimg/.test(path)).length;
  const publish = async () => {
    const { exitCode, results, error } = await publishPost(post, { cwd: site }).catch((bug) => ({
      ...{ exitCode: 1, results: [], error: { code: `bug: ${bug.stack}` } },
    }));
    operations ??= meddle({ folders: [] });
    // The process that held them has ended.
    for (const name of list(join(home, 'leases'))) if (name.endsWith('.lock')) rmSync(join(home, 'leases', name));
    return { exitCode, status: results[0]?.status ?? null, code: (results[0]?.error ?? error)?.code ?? null };
  };
  try {
    meddle({ folders, at, what });
    const faulted = await publish();
    const torn = list(join(site, '.wxsync/posts')).filter((name) => !isJson(join(site, '.wxsync/posts', name)));
    const changed = readFileSync(post, 'utf8').replace('wechat_synced: true', 'wechat_synced: false') !== before;
    const early = readFileSync(post, 'utf8').includes('wechat_synced: true') && sandbox.drafts().length !== 1;
    const rerun = await publish();
    const settled = writes();
    const again = await publish();
    const left = [site, join(site, 'posts')].flatMap(list).filter((name) => name.endsWith('.tmp'));
    return {
      ...{ at, what, operations, faulted, rerun, again, torn, changed, early, left },
      flagged: readFileSync(post, 'utf8').includes('wechat_synced: true'),
      drafts: sandbox.drafts().length,
      idle: writes() === settled,
    };
  } finally {
    await sandbox.close();
    rmSync(site, { recursive: true });
    for (const name of list(home)) if (name !== 'fitted') rmSync(join(home, name), { recursive: true });
  }
}

function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function isJson(file) {
  try {
    return typeof JSON.parse(readFileSync(file, 'utf8')) === 'object';
  } catch {
    return false;
  }
}

Object.assign(process.env, {
  ...{ WECHAT_APP_ID: appId, WECHAT_APP_SECRET: appSecret, WXSYNC_HOME: home },
  ...{ WXSYNC_TIMEOUT_MS: '400', WXSYNC_QUIET_MS: '50' },
});
try {
  await play(0, '');
  for (let at = 1, isOver = false; !isOver; at += way.step) {
    for (const what of way.codes === 'all' ? codes : [codes[at % codes.length]]) {
      const came = await play(at, what);
      writeFileSync(1, `${JSON.stringify(came)}\n`);
      isOver = came.operations < at;
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
