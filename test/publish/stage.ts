// A small site, a sandbox behind a gate and publishing as the command does it; after each case the invariants are checked.
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { expect } from 'vitest';
import { enter } from '../../src/commands/globals.ts';
import { publishPaths } from '../../src/commands/publish.ts';
import type { PublishFlags } from '../../src/commands/publish-flags.ts';
import { runResolve } from '../../src/commands/resolve.ts';
import type { Io } from '../../src/local/io.ts';
import { type Entry, toEntryName } from '../../src/publish/entry.ts';
import type { Resolution } from '../../src/publish/resolve.ts';
import { toSnapshot } from '../../src/publish/source-hash.ts';
import type { PublishReport } from '../../src/report/publish-report.ts';
import { createSandbox, type HistoryEntry, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.ts';
import { APP_SECRET, findLeak, refuseLeaks, refuseLeaksOf } from '../canary.ts';
import { fresh, freshHome } from '../cli/stage.ts';
import { type Gate, openGate } from './gate.ts';

export const APP_ID = 'wx0123456789abcdef';
export const TIMEOUT_MS = 1_500;
export const QUIET_MS = 400;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WRITES: readonly string[] = [
  'media/uploadimg',
  'material/add_material',
  'draft/add',
  'draft/update',
  'draft/delete',
];

/** The posts of the site; each but `plain` has two body images, one of them its cover. */
export const A = 'posts/a.md';
export const B = 'posts/b.md';
export const PLAIN = 'posts/plain.md';

export interface Stage {
  readonly site: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: Sandbox;
  readonly gate: Gate;
  /** Publishes in this process, as `wxsync publish` does. */
  publish(paths: string | readonly string[], flags?: Partial<PublishFlags>): Promise<PublishReport>;
  /** `wxsync resolve` in this process; its exit code. */
  resolve(path: string, word: Resolution): Promise<number>;
  /** `wxsync publish` as a process of its own. */
  spawn(...args: readonly string[]): Spawned;
  /** Settles when a run in this process says something of the kind. */
  heard(pattern: RegExp): Promise<void>;
  /** What the author does: writes a file, by default a changed one. */
  write(path: string, change: string | ((text: string) => string)): void;
  /** Gives a file another name, its folders made. */
  move(from: string, to: string): void;
  text(path: string): string;
  entry(path: string, folder?: string): Entry | null;
  /** Endpoint names of our calls in order of arrival, tokens left out. */
  calls(): readonly string[];
  /** The calls that change something in the account. */
  writes(): readonly string[];
  /** A call of somebody else on the same account, past the gate. */
  call(path: string, body: unknown): Promise<Record<string, unknown>>;
}

export interface Spawned {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

export interface StageOptions extends SandboxOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The example site in place of the small one. */
  readonly site?: 'small' | 'sample';
}

/** A case on a stage of its own: played, then checked, then closed. */
export function onStage(play: (stage: Stage) => Promise<void>, options: StageOptions = {}): () => Promise<void> {
  return async () => {
    const { env = {}, site: kind = 'small', ...account } = options;
    const site = fresh('site');
    if (kind === 'sample') cpSync(join(ROOT, 'examples', 'blog'), site, { recursive: true });
    else await buildSite(site);
    const sandbox = await createSandbox({ appId: APP_ID, appSecret: APP_SECRET, ...account });
    const broken: string[] = [];
    const authored = new Map<string, { readonly snapshot: string; readonly mode: number }>();
    const seen: string[] = [];
    const gate = await openGate(sandbox.url, (path, body) => {
      seen.push(path);
      if (path === 'draft/add') broken.push(...withoutIntent(site, body));
    });
    const stage = createStage({
      site,
      sandbox,
      gate,
      seen,
      env,
      onWrite: (path) => authored.set(path, look(site, path)),
      onGone: (path) => authored.delete(path),
    });
    for (const path of listPosts(site)) authored.set(path, look(site, path));
    try {
      if (kind === 'small') await warm(stage);
      await play(stage);
      expect(broken).toEqual([]);
      for (const [path, before] of authored) expect({ path, ...look(site, path) }).toEqual({ path, ...before });
      expectSound(stage);
      expect([...listTelling(site), ...listTelling(stage.home)], 'a secret on disk').toEqual([]);
    } finally {
      await gate.close();
      await sandbox.close();
      for (const folder of [site, stage.home]) rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** One plain rerun of what went wrong heals it: the draft there once, the flag true; and one more run writes nothing. */
export async function expectHealed(stage: Stage, path: string, flags: Partial<PublishFlags> = {}): Promise<void> {
  const healed = await stage.publish(path, flags);
  expect(healed.results.map(({ error }) => error?.code ?? null)).toEqual([null]);
  await expectAtRest(stage, path);
}

/** The draft is there once with its text, the flag is true, and a further run, even of a flag set back, writes nothing. */
export async function expectAtRest(stage: Stage, path: string): Promise<void> {
  const entry = stage.entry(path);
  expect(entry).toMatchObject({ state: 'verified', appId: APP_ID, path });
  expect(entry).not.toHaveProperty('intent');
  expect(entry).not.toHaveProperty('error');
  expect(entry).not.toHaveProperty('updating');
  expect(stage.text(path)).toContain('wechat_synced: true');
  const title = /^title: "?(.*?)"?$/m.exec(stage.text(path))?.[1];
  expect(draftsOf(stage, path).map(({ mediaId, articles }) => [mediaId, articles[0]?.title])).toEqual([
    [entry?.mediaId, title],
  ]);
  const before = stage.writes();
  expect((await stage.publish(path)).results).toMatchObject([{ status: 'skipped', reason: 'already-synced' }]);
  stage.write(path, (text) => text.replace('wechat_synced: true', 'wechat_synced: false'));
  expect((await stage.publish(path)).results).toMatchObject([{ status: 'unchanged', flag: { after: true } }]);
  expect(stage.writes()).toEqual(before);
}

/** The drafts that carry a cover of this post. */
export function draftsOf(stage: Stage, path: string) {
  const covers = stage.entry(path)?.coverIds ?? [];
  return stage.sandbox.drafts().filter(({ articles }) => covers.includes(articles[0]?.thumbMediaId ?? ''));
}

/** Sets a flag of the author's back, or changes what the post says. */
export const unflag = (text: string): string => text.replace('wechat_synced: true', 'wechat_synced: false');
export const reword = (text: string): string => unflag(text).replace('First words', 'Other words');

/** A fresh checkout on another runner: neither ledger nor leases. */
export function forget(stage: Stage): void {
  rmSync(join(stage.site, '.wxsync'), { recursive: true, force: true });
  rmSync(join(stage.home, 'leases'), { recursive: true, force: true });
}

/** What a branch, or a run that was killed, left in the ledger. */
export function putReceipt(stage: Stage, path: string, text: string): void {
  const folder = join(stage.site, '.wxsync/posts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, toEntryName(path, stage.sandbox.appId)), text);
}

/** WeChat's clock, which a case sets back for what happened long ago. */
export function createClock() {
  let shift = 0;
  return {
    now: () => Date.now() + shift,
    set(ms: number) {
      shift = ms;
    },
  };
}

/** What becomes of an article, given its content. */
export type Edit = (content: string) => Record<string, unknown>;

/** What somebody does in WeChat's editor to a post's draft. */
export async function editInWechat(stage: Stage, path: string, change: Edit): Promise<void> {
  const mediaId = stage.entry(path)?.mediaId;
  const { news_item } = await stage.call('draft/get', { media_id: mediaId });
  const article = (news_item as { content: string }[])[0] ?? { content: '' };
  const articles = { ...article, ...change(article.content) };
  expect(await stage.call('draft/update', { media_id: mediaId, index: 0, articles })).toMatchObject({ errcode: 0 });
}

/** I1, I4 and I5, from the sandbox's history and box: one draft a post, one send at a time, no early and no third send. */
function expectSound(stage: Stage): void {
  const covers = stage.sandbox.drafts().map(({ articles }) => articles[0]?.thumbMediaId);
  expect(covers, 'I1: a cover stands in one draft').toEqual([...new Set(covers)]);
  for (const path of listPosts(stage.site)) {
    const told = stage.entry(path)?.duplicates ?? [];
    const drafts = draftsOf(stage, path).filter(({ mediaId }) => !told.includes(mediaId));
    expect(drafts.length, `I1: ${path}, but for those told to a person`).toBeLessThanOrEqual(1);
  }
  const adds = stage.sandbox.history().filter(({ path }) => path === '/cgi-bin/draft/add');
  for (const title of new Set(adds.map(({ summary }) => summary['title']))) {
    const sends = adds.filter(({ summary }) => summary['title'] === title);
    const lost = sends.filter(isLost);
    expect(lost.length, 'I5: two lost sends, then a person').toBeLessThanOrEqual(2);
    sends.forEach((send, index) => {
      const before = sends[index - 1];
      if (before === undefined) return;
      expect(send.at, 'I1: one send at a time').toBeGreaterThanOrEqual(before.endedAt);
      if (isLost(before))
        expect(send.at - before.at, 'I4: not before the quiet').toBeGreaterThan(TIMEOUT_MS + QUIET_MS);
    });
  }
}

function isLost({ status, errcode }: HistoryEntry): boolean {
  return status !== 200 || errcode === null || errcode === -1;
}

/** I3: as draft/add arrives, a file of the ledger names its cover as sent. */
function withoutIntent(site: string, body: Buffer): readonly string[] {
  const cover = /"thumb_media_id":"([^"]+)"/.exec(body.toString())?.[1];
  const entries = ['.wxsync/posts', '.wxsync/sandbox/posts'].flatMap((folder) => readEntries(site, folder));
  const intends = entries.some(({ state, intent }) => state === 'intent' && intent?.coverId === cover);
  return intends ? [] : [`I3: draft/add of ${cover} without an intent`];
}

/** Files that hold the AppSecret, or a token elsewhere than among the tokens; fitted pictures are not looked into. */
function listTelling(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => {
    const file = join(folder, name);
    if (/^(?:fitted|public)\b/.test(name) || !statSync(file).isFile()) return false;
    const leak = findLeak(readFileSync(file, 'latin1'));
    return leak !== null && !(name.startsWith('tokens') && leak.includes('token'));
  });
}

/** I6: what an author's file is but for the flag's value. */
function look(site: string, path: string) {
  const file = join(site, path);
  return { snapshot: toSnapshot(readFileSync(file)), mode: statSync(file).mode };
}

interface Parts {
  readonly site: string;
  readonly sandbox: Sandbox;
  readonly gate: Gate;
  readonly seen: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onWrite: (path: string) => void;
  readonly onGone: (path: string) => void;
}

function createStage({ site, sandbox, gate, seen, env: more, onWrite, onGone }: Parts): Stage {
  const home = freshHome();
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    WXSYNC_API_ROOT: gate.url,
    WECHAT_APP_ID: sandbox.appId,
    WECHAT_APP_SECRET: sandbox.appSecret,
    WXSYNC_HOME: home,
    WXSYNC_LANG: 'en',
    WXSYNC_TIMEOUT_MS: `${TIMEOUT_MS}`,
    WXSYNC_QUIET_MS: `${QUIET_MS}`,
    ...more,
  };
  const talk = new EventEmitter();
  const io = toIo(env, site, (line) => talk.emit('line', line));
  const text = (path: string) => readFileSync(join(site, path), 'utf8');
  const calls = () => seen.filter((path) => path !== 'stable_token');
  return {
    ...{ site, home, env, sandbox, gate, text, calls },

    async publish(paths, flags = {}) {
      const all = { maxNew: 20, wait: true, ...flags };
      const around = await enter(io, {});
      const report = await publishPaths(around, { flags: all, paths: [paths].flat(), print: () => undefined });
      refuseLeaksOf('the report', report);
      return report;
    },

    resolve(path, word) {
      const flags = word.kind === 'adopt' ? { adopt: word.mediaId } : { [word.kind]: true };
      return runResolve(io, { globals: {}, flags, file: path });
    },

    heard: (pattern) => new Promise((resolve) => talk.on('line', (line: string) => pattern.test(line) && resolve())),

    spawn(...args) {
      const child = spawn(process.execPath, [join(ROOT, 'bin', 'wxsync.js'), 'publish', ...args], { cwd: site, env });
      const read = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        read.stdout += part;
      });
      child.stderr.setEncoding('utf8').on('data', (part: string) => {
        read.stderr += part;
      });
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      const look = (code: number | null) => {
        refuseLeaks(`wxsync publish ${args.join(' ')}`, read);
        return { code, ...read };
      };
      return { child, ended: ended.then(look) };
    },

    write(path, change) {
      writeFileSync(join(site, path), typeof change === 'string' ? change : change(text(path)));
      onWrite(path);
    },

    move(from, to) {
      mkdirSync(dirname(join(site, to)), { recursive: true });
      renameSync(join(site, from), join(site, to));
      onGone(from);
      onWrite(to);
    },

    entry(path, folder = '.wxsync/posts') {
      const name = toEntryName(path, sandbox.appId);
      return readEntries(site, folder).find((entry) => toEntryName(entry.path, entry.appId) === name) ?? null;
    },

    writes: () => calls().filter((path) => WRITES.includes(path)),

    async call(path, body) {
      const post = async (target: string, value: unknown) => {
        const answer = await fetch(`${sandbox.url}/cgi-bin/${target}`, { method: 'POST', body: JSON.stringify(value) });
        return (await answer.json()) as Record<string, unknown>;
      };
      const pair = { grant_type: 'client_credential', appid: sandbox.appId, secret: sandbox.appSecret };
      if (path === 'stable_token') return post(path, { ...pair, ...(body as object) });
      const token = (await post('stable_token', pair))['access_token'];
      return post(`${path}?access_token=${String(token)}`, body);
    },
  };
}

function toIo(env: Stage['env'], cwd: string, onLine: (line: string) => void = () => undefined): Io {
  return {
    ...{ argv: [], env, cwd, platform: process.platform, stdin: process.stdin },
    stdout: { write: () => true },
    stderr: {
      write: (line) => {
        refuseLeaks('talk', { stderr: line });
        onLine(line);
        return true;
      },
    },
    onSignal: () => () => undefined,
  };
}

function readEntries(site: string, folder: string): readonly Entry[] {
  const dir = join(site, folder);
  try {
    return readdirSync(dir).map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as Entry);
  } catch {
    return [];
  }
}

function listPosts(site: string): readonly string[] {
  const names = readdirSync(site, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.md') && !name.startsWith('.'));
}

let warmed: Promise<void> | null = null;

/** Pictures are decoded before the first case; what is shown here is what becomes of them then, and when. */
function warm({ site, env }: Stage): Promise<void> {
  warmed ??= (async () => {
    const sandbox = await createSandbox({ appId: APP_ID, appSecret: APP_SECRET });
    try {
      const io = toIo({ ...env, WXSYNC_API_ROOT: sandbox.url, WXSYNC_HOME: freshHome() }, site);
      const flags = { maxNew: 20, wait: true, flip: false };
      await publishPaths(await enter(io, {}), { flags, paths: [A, B, PLAIN], print: () => undefined });
    } finally {
      await sandbox.close();
      rmSync(join(site, '.wxsync'), { recursive: true, force: true });
    }
  })();
  return warmed;
}

let site: Promise<string> | null = null;

/** Copies the small site, which is made once for each test file. */
async function buildSite(to: string): Promise<void> {
  site ??= (async () => {
    const from = fresh('small');
    const png = (color: string) =>
      sharp({ create: { width: 320, height: 200, channels: 3, background: color } })
        .png()
        .toBuffer();
    const files: Record<string, string | Buffer> = {
      'wxsync.config.yaml': 'project: story\n',
      'public/red.png': await png('#c22'),
      'public/blue.png': await png('#22c'),
      'public/green.png': await png('#2c2'),
      [A]: toPost('Post A', '![](/red.png)\n\nMore.\n\n![](/blue.png)'),
      [B]: toPost('Post B', '![](/green.png)'),
      [PLAIN]: toPost('Plain', 'No picture.'),
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(from, path)), { recursive: true });
      writeFileSync(join(from, path), content, { mode: 0o640 });
    }
    return from;
  })();
  cpSync(await site, to, { recursive: true });
}

export function toPost(title: string, body: string): string {
  return `---\ntitle: "${title}"\ndescription: "About ${title}"\nwechat_synced: false # the flag\n---\n\nFirst words of ${title}.\n\n${body}\n`;
}
