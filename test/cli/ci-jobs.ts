// CI jobs as processes on clones of a bare remote: the three steps of one, and many runners at once with an author who goes on writing.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { parseEntry } from '../../src/publish/entry.ts';
import { toSnapshot } from '../../src/publish/source-hash.ts';
import { refuseLeaks } from '../canary.ts';
import { type Clone, createRemote, type Remote, receiptOf, sh, toPost } from '../publish/repository.ts';
import { freshHome, type Outcome, startSandbox } from './stage.ts';

const BIN = fileURLToPath(new URL('../../bin/wxsync.js', import.meta.url));

export const CONFIG = { 'wxsync.config.json': '{ "project": "site" }\n' };
/** Nothing of this computer's git, and a CI. */
export const HERMETIC = { GIT_CONFIG_NOSYSTEM: '1', CI: 'true' } as const;

export const createSite = (paths: readonly string[]) =>
  createRemote({ ...CONFIG, ...Object.fromEntries(paths.map((path) => [path, toPost(path, `Words 1 of ${path}.`)])) });

export const edit = (clone: Clone, path: string) => {
  const next = clone.read(path).replace(/Words (\d+)/, (_, n: string) => `Words ${Number(n) + 1}`);
  clone.write(path, next.replace('wechat_synced: true', 'wechat_synced: false'));
};

export interface Draft {
  readonly mediaId: string;
  readonly articles: readonly { readonly title: string; readonly content: string }[];
}

export interface Crowd {
  readonly runners: number;
  readonly posts: number;
  /** How often the author pushes edits of all posts while runs are at work. */
  readonly edits: number;
}

/**
 * Runs started together, killed, started again, with an author who pushes edits of the same posts meanwhile: one draft a post, each
 * with the text of the branch; flags only over what was sent; one bot commit a push, and none empty.
 */
export async function playRunners({ runners: count, posts: number, edits }: Crowd): Promise<void> {
  const paths = Array.from({ length: number }, (_, index) => `posts/${index}.md`);
  const account = await startSandbox();
  try {
    const remote = createSite(paths);
    const clocks = { WXSYNC_STORE: 'git:origin', WXSYNC_TIMEOUT_MS: '1500', WXSYNC_QUIET_MS: '300' };
    const runners = Array.from({ length: count }, () => ({
      clone: remote.clone(),
      env: { ...account.env, ...clocks, ...HERMETIC, WXSYNC_HOME: freshHome() },
    }));
    let edited = 0;
    const kills = [/making the draft/, /reading the draft back/];
    const pushed = new Set<string>();
    const watch = (child: ChildProcess, text: string) => {
      // Two runs that write the same commit push it both, and it is one.
      const [, commit] = /^✔ ([\da-f]+) on main: /.exec(text) ?? [];
      if (commit !== undefined) pushed.add(commit);
      const at = kills.findIndex((pattern) => pattern.test(text));
      if (at !== -1) {
        kills.splice(at, 1);
        child.kill('SIGKILL');
      } else if (edited < edits && text.includes('setting wechat_synced')) {
        edited++;
        remote.author((person) => {
          for (const path of paths) edit(person, path);
        });
      }
    };
    for (const { clone } of runners) clone.checkout();
    let waiting = runners;
    for (let round = 0; waiting.length > 0 && round < 12; round++) {
      const codes = await Promise.all(waiting.map(({ clone, env }) => job(clone, env, watch)));
      waiting = waiting.filter((_, index) => codes[index] !== 0);
    }
    expect(waiting).toEqual([]);
    // What the author pushed last may still wait: the run that this push starts.
    const [last] = runners;
    if (last === undefined) throw new Error('no runner');
    expect(await job(last.clone, last.env, watch)).toBe(0);
    expect([kills, edited]).toEqual([[], edits]);

    const drafts = (await account.drafts()) as unknown as readonly Draft[];
    expect(drafts.map(({ articles }) => articles[0]?.title).sort()).toEqual([...paths].sort());
    for (const path of paths) {
      const text = remote.show(path);
      expect(text).toContain('wechat_synced: true');
      const words = /Words \d+ of [\w/.]+/.exec(text)?.[0] ?? '';
      const draft = drafts.find(({ articles }) => articles[0]?.title === path);
      expect(draft?.articles[0]?.content).toContain(words);
      expect(parseEntry(remote.show(receiptOf(path)))).toMatchObject({ state: 'verified', mediaId: draft?.mediaId });
    }
    const bots = remote.log().filter(({ author }) => author === 'wxsync[bot]');
    expect(bots).toHaveLength(pushed.size);
    for (const { parents, files, lines } of bots) {
      expect(parents).toBe(1);
      expect(files.filter((file) => !/^posts\/|^\.wxsync\/posts\//.test(file))).toEqual([]);
      expect(files.length).toBeGreaterThan(0);
      expect(lines.filter((line) => !/^[-+]wechat_synced: (?:true|false) # ours$/.test(line))).toEqual([]);
    }
    expectFlagsTrue(remote, paths);
    const before = remote.log().length;
    expect(await job(last.clone, last.env)).toBe(0);
    expect(remote.log()).toHaveLength(before);
  } finally {
    await account.stop();
  }
}

/** At every commit: a post is flagged only with a receipt of the very bytes that stand there. */
function expectFlagsTrue(remote: Remote, paths: readonly string[]): void {
  for (const id of sh(remote.folder, 'rev-list', 'main').split('\n')) {
    for (const path of paths) {
      const text = sh(remote.folder, 'cat-file', 'blob', `${id}:${path}`);
      if (!text.includes('wechat_synced: true')) continue;
      const entry = parseEntry(remote.show(receiptOf(path), id));
      expect(entry).toMatchObject({ state: 'verified', snapshot: toSnapshot(Buffer.from(`${text}\n`)) });
    }
  }
}

export type Watch = (child: ChildProcess, text: string) => void;

/** A job whose steps are processes. */
export function job(clone: Clone, env: Record<string, string>, watch: Watch = () => undefined): Promise<number | null> {
  return playJob(clone, (args) => step(clone, args, { env, watch }));
}

/** The three steps; what comes before the first draft stops the job, what comes after never stops the commit. */
export async function playJob(
  clone: Clone,
  play: (args: readonly string[]) => Promise<Outcome>,
): Promise<number | null> {
  clone.checkout();
  const check = await play(['ci', 'check']);
  if (check.code !== 0) return check.code;
  const published = await play(['publish', 'posts', '--json']);
  // A killed runner commits nothing.
  if (published.code === null) return null;
  const committed = await play(['ci', 'commit']);
  return committed.code === 0 ? published.code : committed.code;
}

async function step(
  { folder }: Clone,
  args: readonly string[],
  { env, watch }: { env: Record<string, string>; watch: Watch },
): Promise<Outcome> {
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    watch(child, text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    watch(child, text);
  });
  const code = await new Promise<number | null>((end) => child.on('close', end));
  refuseLeaks(`wxsync ${args.join(' ')}`, { stdout, stderr });
  return { code, stdout, stderr };
}
