// A bare remote, clones of it and an author, all real git in temporary folders; knows nothing of WeChat.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
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
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-remote-')));
  cpSync(made.home, home, { recursive: true });
  const folder = join(home, 'remote.git');
  const person = openClone(join(home, 'clone-1'));
  const config = join(person.folder, '.git', 'config');
  writeFileSync(config, readFileSync(config, 'utf8').replace(join(made.home, 'remote.git'), folder));
  let clones = 1;
  const clone = (...flags: readonly string[]): Clone => {
    const name = `clone-${++clones}`;
    sh(home, 'clone', '--quiet', '--template=', ...flags, `file://${folder}`, name);
    return openClone(join(home, name));
  };
  const commit = () => commitAll(person);
  const { first } = made;
  return {
    folder,
    clone,
    author(change) {
      for (;;) {
        person.checkout();
        change(person);
        commit();
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
  };
}

/** Remotes with the same files begin as copies of one. */
const begun = new Map<string, Begun>();

interface Begun {
  /** Holds the remote, and a clone of it where main is checked out. */
  readonly home: string;
  /** The one commit. */
  readonly first: string;
}

function begin(files: Readonly<Record<string, string | Uint8Array>>): Begun {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-remote-')));
  const folder = join(home, 'remote.git');
  sh(home, 'init', '--quiet', '--bare', '--template=', '--initial-branch=main', folder);
  sh(home, 'clone', '--quiet', '--template=', `file://${folder}`, 'clone-1');
  const person = openClone(join(home, 'clone-1'));
  sh(person.folder, 'checkout', '--quiet', '-B', 'main');
  for (const [path, content] of Object.entries(files)) person.write(path, content);
  commitAll(person);
  sh(person.folder, 'push', '--quiet', 'origin', 'main');
  return { home, first: sh(person.folder, 'rev-parse', 'HEAD') };
}

function commitAll({ folder }: Clone): void {
  sh(folder, 'add', '--all');
  sh(folder, 'commit', '--quiet', '--allow-empty', '--message', 'words');
}

function openClone(folder: string): Clone {
  return {
    folder,
    git: openGit(folder, { PATH: GIT_ENV.PATH, HOME: GIT_ENV.HOME, GIT_CONFIG_NOSYSTEM: '1' }),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    write(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    },
    checkout() {
      sh(folder, 'fetch', '--quiet', 'origin');
      sh(folder, 'checkout', '--quiet', '--force', '-B', 'main', 'origin/main');
      sh(folder, 'clean', '-ffdxq');
    },
  };
}

function readCommit(folder: string, id: string): Commit {
  const [author = '', email = '', parents = '', subject = ''] = sh(
    folder,
    'log',
    '-1',
    '--format=%an%n%ae%n%p%n%s',
    id,
  ).split('\n');
  const files = sh(folder, '-c', 'core.quotePath=false', 'diff', '--name-only', `${id}^`, id).split('\n');
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
