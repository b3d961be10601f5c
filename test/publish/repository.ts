// A bare remote, clones of it and an author, all real git in temporary folders; knows nothing of WeChat.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Git, openGit } from '../../src/local/git.ts';
import { type Entry, printEntry, toEntryName } from '../../src/publish/entry.ts';
import { toSnapshot } from '../../src/publish/source-hash.ts';

/** The environment of every git: nobody's settings but the repository's. */
export const GIT_ENV = {
  ...{ PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
  ...{ GIT_AUTHOR_NAME: 'author', GIT_AUTHOR_EMAIL: 'author@localhost' },
  ...{ GIT_COMMITTER_NAME: 'author', GIT_COMMITTER_EMAIL: 'author@localhost' },
};

/** No repository here grows old enough to be tidied: two processes less for each commit, fetch and push. */
const UNTIDIED = ['gc.auto=0', 'maintenance.auto=false', 'receive.autogc=false'];

export function sh(cwd: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd, env: GIT_ENV, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trimEnd();
}

export interface Clone {
  readonly folder: string;
  readonly git: Git;
  read(path: string): string;
  write(path: string, content: string | Uint8Array): void;
  /** Stands where a CI job's checkout would: the head of main and nothing else. */
  checkout(): void;
}

export interface Remote {
  readonly folder: string;
  clone(...flags: readonly string[]): Clone;
  /** Commits and pushes as a person does, from a clone of their own, until it is in. */
  author(change: (clone: Clone) => void): void;
  /** What a branch holds now. */
  show(path: string, branch?: string): string;
  has(branch: string): boolean;
  /** Commits of a branch above the first, newest first. */
  log(branch?: string): readonly Commit[];
  /** A hook that runs at each push. */
  hook(name: string, script: string): void;
  /** Another remote that is as this one is now, with no clone but its author's. */
  copy(): Remote;
}

export interface Commit {
  readonly author: string;
  readonly email: string;
  readonly parents: number;
  readonly subject: string;
  readonly files: readonly string[];
  /** Changed lines of files outside of `.wxsync/posts/`, as in a diff. */
  readonly lines: readonly string[];
}

/** A remote whose branch main holds these files. */
export function createRemote(files: Readonly<Record<string, string | Uint8Array>>): Remote {
  const key = JSON.stringify(
    Object.entries(files).map(([path, content]) => [path, Buffer.from(content).toString('hex')]),
  );
  const made = begun.get(key) ?? begin(files);
  begun.set(key, made);
  return made.copy();
}

/** Remotes with the same files begin as copies of one. */
const begun = new Map<string, Remote>();

function begin(files: Readonly<Record<string, string | Uint8Array>>): Remote {
  const home = freshHome();
  const folder = join(home, 'remote.git');
  sh(home, 'init', '--quiet', '--bare', '--template=', '--initial-branch=main', folder);
  tidyNever(folder);
  sh(home, 'clone', '--quiet', '--template=', ...asConfig(UNTIDIED), `file://${folder}`, PERSON);
  const person = openClone(join(home, PERSON), folder);
  sh(person.folder, 'checkout', '--quiet', '-B', 'main');
  for (const [path, content] of Object.entries(files)) person.write(path, content);
  commitAll(person);
  sh(person.folder, 'push', '--quiet', 'origin', 'main');
  return openRemote(home, sh(person.folder, 'rev-parse', 'HEAD'));
}

/** The author's clone beside the remote. */
const PERSON = 'clone-1';

/** `home` holds the remote and the author's clone of it, as it is now; `first` is the one commit that `log` leaves out. */
function openRemote(home: string, first: string): Remote {
  const folder = join(home, 'remote.git');
  const person = openClone(join(home, PERSON), folder);
  let known = listRefs(folder);
  begins.add(known);
  let clones = 1;
  return {
    folder,
    clone(...flags) {
      const to = join(home, `clone-${++clones}`);
      const refs = listRefs(folder);
      if (flags.length > 0 || !begins.has(refs)) cloneTo(to, folder, flags);
      else copyClone(to, folder, refs);
      return openClone(to, folder, refs);
    },
    author(change) {
      for (;;) {
        person.checkout();
        change(person);
        commitAll(person);
        const { status } = spawnSync('git', ['push', '--quiet', 'origin', 'main'], {
          cwd: person.folder,
          env: GIT_ENV,
        });
        if (status === 0) return;
      }
    },
    show: (path, branch = 'main') => sh(folder, 'show', `${branch}:${path}`),
    has: (branch) => sh(folder, 'for-each-ref', `refs/heads/${branch}`) !== '',
    log: (branch = 'main') =>
      sh(folder, 'rev-list', `${first}..${branch}`)
        .split('\n')
        .filter((id) => id !== '')
        .map((id) => readCommit(folder, id)),
    hook(name, script) {
      mkdirSync(join(folder, 'hooks'), { recursive: true });
      writeFileSync(join(folder, 'hooks', name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, 'hooks', name), 0o755);
    },
    copy() {
      const now = listRefs(folder);
      if (now !== known) person.checkout();
      known = now;
      const another = freshHome();
      for (const name of ['remote.git', PERSON]) cpSync(join(home, name), join(another, name), { recursive: true });
      pointTo(join(another, PERSON), join(another, 'remote.git'));
      return openRemote(another, first);
    },
  };
}

/** The refs that remotes began with: where many clones are made of the same commits. */
const begins = new Set<string>();
/** Clones of those, by what the refs were; never worked in. */
const cloned = new Map<string, string>();

/** What a clone of these commits would be, in a fifth of the time. */
function copyClone(to: string, folder: string, refs: string): void {
  const from = cloned.get(refs) ?? join(freshHome(), 'clone');
  if (!cloned.has(refs)) cloneTo(from, folder, []);
  cloned.set(refs, from);
  cpSync(from, to, { recursive: true });
  pointTo(to, folder);
  // Its index knows the files by where they lay.
  sh(to, 'update-index', '--refresh');
}

function cloneTo(to: string, folder: string, flags: readonly string[]): void {
  sh(dirname(to), 'clone', '--quiet', '--template=', ...asConfig(UNTIDIED), ...flags, `file://${folder}`, to);
}

/** Gives a copied clone another origin. */
function pointTo(clone: string, remote: string): void {
  const config = join(clone, '.git', 'config');
  writeFileSync(config, readFileSync(config, 'utf8').replace(/^(\s*url = file:\/\/).*$/m, `$1${remote}`));
}

/** Every ref of a bare repository and where it stands; another process may be moving them. */
function listRefs(folder: string): string {
  const read = (name: string) => {
    try {
      return `${name} ${readFileSync(join(folder, 'refs', name), 'utf8')}`;
    } catch {
      return '';
    }
  };
  return readdirSync(join(folder, 'refs'), { recursive: true, encoding: 'utf8' }).sort().map(read).join('');
}

const asConfig = (settings: readonly string[]) => settings.flatMap((setting) => ['--config', setting]);

function tidyNever(folder: string): void {
  const config = join(folder, 'config');
  const rows = UNTIDIED.map((setting) => setting.replace(/^(\w+)\.(\w+)=(\w+)$/, '[$1]\n\t$2 = $3\n'));
  writeFileSync(config, readFileSync(config, 'utf8') + rows.join(''));
}

const freshHome = () => realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-remote-')));

function commitAll({ folder }: Clone): void {
  sh(folder, 'add', '--all');
  sh(folder, 'commit', '--quiet', '--allow-empty', '--message', 'words');
}

/** A clone of `remote` that knows it as it was with these refs. */
function openClone(folder: string, remote: string, refs = listRefs(remote)): Clone {
  let seen = refs;
  return {
    folder,
    git: openGit(folder, { PATH: GIT_ENV.PATH, HOME: GIT_ENV.HOME, GIT_CONFIG_NOSYSTEM: '1' }),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    write(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    },
    checkout() {
      const now = listRefs(remote);
      if (now !== seen) sh(folder, 'fetch', '--quiet', 'origin');
      seen = now;
      sh(folder, 'checkout', '--quiet', '--force', '-B', 'main', 'origin/main');
      sh(folder, 'clean', '-ffdxq');
    },
  };
}

function readCommit(folder: string, id: string): Commit {
  const how = ['--format=%an%n%ae%n%p%n%s', '--name-only', '--diff-merges=first-parent'];
  const told = sh(folder, '-c', 'core.quotePath=false', 'log', '-1', ...how, id);
  const [author = '', email = '', parents = '', subject = '', _, ...files] = told.split('\n');
  const diff = sh(folder, 'diff', '--unified=0', `${id}^`, id, '--', ':!.wxsync/posts');
  const lines = diff.split('\n').filter((line) => /^[+-](?![+-]{2} )/.test(line));
  return { author, email, parents: parents.split(' ').length, subject, files, lines };
}

export const APP_ID = 'wx0123456789abcdef';

/** The receipt of a draft that was made from these bytes of a post. */
export function toReceipt(path: string, bytes: string | Uint8Array, more: Partial<Entry> = {}): Entry {
  return {
    ...{ schema: 'wxsync.entry/1', path, title: path, appId: APP_ID, rev: 1, state: 'verified', sourceHash: 's' },
    ...{ snapshot: toSnapshot(Buffer.from(bytes)), coverIds: ['c'], coverSource: 'p', mediaId: `m-${path}` },
    ...{ createTime: 1, fingerprint: null, renderer: '0.1.0' },
    ...more,
  };
}

export const receiptOf = (path: string): string => `.wxsync/posts/${toEntryName(path, APP_ID)}`;

/** Leaves in a clone what a run that published this post leaves there. */
export function publishIn(clone: Clone, path: string, more: Partial<Entry> = {}): void {
  const text = clone.read(path);
  clone.write(receiptOf(path), printEntry(toReceipt(path, text, more)));
  clone.write(path, text.replace('wechat_synced: false', 'wechat_synced: true'));
}

export const toPost = (title: string, body = 'First words.'): string =>
  `---\ntitle: ${title}\nwechat_synced: false # ours\n---\n\n${body}\n`;
