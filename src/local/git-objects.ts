// Trees, files and commits of a repository, read and written as git keeps them; touches no work tree, index or branch.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WxsyncError } from '../errors.ts';
import type { Git } from './git.ts';

export interface TreeFile {
  /** As git spells it; not always NFC. */
  readonly path: string;
  /** Octal, such as 100644; 120000 is a symbolic link. */
  readonly mode: string;
  readonly oid: string;
}

/** A commit's files by their path in NFC. */
export type Tree = ReadonlyMap<string, TreeFile>;

export async function listTree(git: Git, commit: string): Promise<Tree> {
  const text = await git.ask(['ls-tree', '-r', '-z', '--full-tree', commit]);
  const rows = text.split('\0').flatMap((row) => {
    const [, mode = '', oid = '', path = ''] = /^(\d+) \w+ (\w+)\t(.+)$/s.exec(row) ?? [];
    return path === '' ? [] : [[path.normalize('NFC'), { path, mode, oid }] as const];
  });
  return new Map(rows);
}

/** The bytes of many files in one go, by object id. Throws `git-failed` for one that is not here. */
export async function readBlobs(git: Git, oids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const blobs = await readObjects(git, oids, 'blob');
  const lost = oids.find((oid) => !blobs.has(oid));
  if (lost === undefined) return blobs;
  throw new WxsyncError('git-failed', { args: { command: 'git cat-file', detail: `${lost} missing` } });
}

/** Those of the objects that are here and of this kind. */
async function readObjects(git: Git, oids: readonly string[], kind: 'blob' | 'commit') {
  const wanted = [...new Set(oids)];
  const objects = new Map<string, Buffer>();
  if (wanted.length === 0) return objects;
  const { stdout } = await git.run(['cat-file', '--batch'], { input: wanted.map((oid) => `${oid}\n`).join('') });
  let at = 0;
  for (const oid of wanted) {
    const end = stdout.indexOf('\n', at);
    if (end === -1) break;
    const [, type, size] = stdout.toString('utf8', at, end).split(' ');
    at = end + 1;
    if (size === undefined) continue;
    if (type === kind) objects.set(oid, stdout.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return objects;
}

export interface Author {
  readonly name: string;
  readonly email: string;
}

/** What a commit makes of files, by path as git spells it; null takes the file away. */
export type Changes = ReadonlyMap<string, { readonly mode: string; readonly bytes: Uint8Array } | null>;

export interface CommitOptions {
  readonly parent: string;
  readonly files: Changes;
  readonly message: string;
  readonly author: Author;
}

/** Writes a commit on `parent` that differs from it in these files only; no branch is moved. */
export async function writeCommit(git: Git, { parent, files, message, author }: CommitOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wxsync-index-'));
  const env = { GIT_INDEX_FILE: join(folder, 'index') };
  try {
    await git.ask(['read-tree', parent], { env });
    const rows: string[] = [];
    for (const [path, file] of files) {
      const oid =
        file === null
          ? '0'.repeat(parent.length)
          : await git.ask(['hash-object', '-w', '--no-filters', '--stdin'], { input: file.bytes });
      rows.push(`${file?.mode ?? '0'} ${oid}\t${path}\0`);
    }
    await git.ask(['update-index', '-z', '--index-info'], { env, input: rows.join('') });
    const tree = await git.ask(['write-tree'], { env });
    return await git.ask(['commit-tree', '-p', parent, '-F', '-', tree], { input: message, env: toAuthorEnv(author) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The tree without a file, in each repository where it was written. */
const bare = new WeakMap<Git, Promise<string>>();

/** Writes a commit that holds nothing but its message. */
export async function writeNote(git: Git, message: string, author: Author): Promise<string> {
  const tree = bare.get(git) ?? git.ask(['mktree']);
  bare.set(git, tree);
  return git.ask(['commit-tree', '-F', '-', await tree], { input: message, env: toAuthorEnv(author) });
}

/** The messages of many commits in one go, by their ids; without those that are not here. */
export async function readNotes(git: Git, commits: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const objects = await readObjects(git, commits, 'commit');
  return new Map(
    [...objects].map(([commit, bytes]) => {
      const text = bytes.toString();
      return [commit, text.slice(text.indexOf('\n\n') + 2)];
    }),
  );
}

function toAuthorEnv({ name, email }: Author): Record<string, string> {
  return {
    ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email },
    ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email },
  };
}
