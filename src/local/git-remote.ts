// Refs of a remote repository: where they stand, their commits brought here, and a push whose answer is one of four.
import { WxsyncError } from '../errors.ts';
import { type Git, type GitAnswer, toDetail, toGitFailed } from './git.ts';

export interface RemoteRef {
  readonly remote: string;
  /** In full, such as `refs/heads/main`. */
  readonly ref: string;
}

/** Commits by the ref that names them. */
export type Refs = ReadonlyMap<string, string>;

/** The commit a ref names now, null when there is none. Throws `push-denied` when the remote lets us in no further, else `git-failed`. */
export async function lookUp(git: Git, { remote, ref }: RemoteRef): Promise<string | null> {
  return (await list(git, remote, [ref])).get(ref) ?? null;
}

/** The refs of a remote that fit one of the patterns; a pattern fits the end of a name too. */
async function list(git: Git, remote: string, patterns: readonly string[]): Promise<Refs> {
  const answer = await git.run(['ls-remote', '--', remote, ...patterns]);
  if (answer.code !== 0) throw toRemoteError('ls-remote', answer);
  const rows = answer.stdout.toString().split('\n');
  return new Map(
    rows.flatMap((row) => {
      const [commit = '', ref] = row.split('\t');
      return ref === undefined ? [] : [[ref, commit] as const];
    }),
  );
}

const FETCH = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head'];

/** Brings what the ref names into this repository; null when there is no such ref. Throws as `lookUp`. */
export async function fetchCommit(git: Git, { remote, ref }: RemoteRef): Promise<string | null> {
  return (await fetchCommits(git, remote, [ref])).get(ref) ?? null;
}

/**
 * Brings what the refs name at one moment into this repository, without those that are not there. Where one moves before it
 * is here, all are asked again. Throws as `lookUp`, and `git-failed` for a ref that stands still and names no commit.
 */
export async function fetchCommits(git: Git, remote: string, refs: readonly string[]): Promise<Refs> {
  let before = '';
  for (;;) {
    const listed = await list(git, remote, refs);
    const named = new Map(refs.flatMap((ref) => (listed.has(ref) ? [[ref, listed.get(ref) ?? ''] as const] : [])));
    if (await hasCommits(git, [...named.values()])) return named;
    const answer = await git.run([...FETCH, '--', remote, ...named.keys()]);
    if (await hasCommits(git, [...named.values()])) return named;
    if (answer.code !== 0 && !/couldn't find remote ref/.test(answer.stderr)) throw toRemoteError('fetch', answer);
    const now = [...named].flat().join(' ');
    if (now === before) throw toGitFailed('fetch', { ...answer, stderr: `no commit: ${now}` });
    before = now;
  }
}

/** Brings the whole history where the clone is shallow. Throws as `lookUp`. */
export async function fetchHistory(git: Git, { remote, ref }: RemoteRef): Promise<void> {
  if ((await git.ask(['rev-parse', '--is-shallow-repository'])) !== 'true') return;
  const answer = await git.run([...FETCH, '--unshallow', '--', remote, ref]);
  if (answer.code !== 0) throw toRemoteError('fetch', answer);
}

/** Brings what all refs below `prefix` name into this repository, in one go. Throws as `lookUp`. */
export async function fetchBelow(git: Git, { remote, prefix }: { remote: string; prefix: string }): Promise<Refs> {
  const refs = new Map([...(await list(git, remote, [`${prefix}*`]))].filter(([ref]) => ref.startsWith(prefix)));
  if (refs.size === 0) return refs;
  const input = [...refs.keys()].map((ref) => `${ref}\n`).join('');
  const answer = await git.run([...FETCH, '--stdin', '--', remote], { input });
  if (answer.code !== 0) throw toRemoteError('fetch', answer);
  return refs;
}

async function hasCommits(git: Git, commits: readonly string[]): Promise<boolean> {
  if (commits.length === 0) return true;
  const input = commits.map((commit) => `${commit}^{commit}\n`).join('');
  const { code, stdout } = await git.run(['cat-file', '--batch-check=%(objecttype)'], { input });
  return code === 0 && stdout.toString() === 'commit\n'.repeat(commits.length);
}

export interface PushOptions extends RemoteRef {
  /** Null deletes the ref. */
  readonly commit: string | null;
  /** Where the ref must stand for the push to count, null: nowhere; absent: the push must be a fast-forward. */
  readonly expected?: string | null;
  /** Asks without doing it. */
  readonly mode?: 'dry-run';
}

/** `raced`: the ref stands elsewhere by now · `refused`: the server said no to this ref · `denied`: it lets nobody push here. */
export type PushAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'raced' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'denied'; readonly detail: string };

/** Two pushes that meet at the server: the one that comes second is told of a lock or of another old value. */
const RACE = /lock|failed to update ref|incorrect old value|already exists|but expected/i;

const PUSH = ['push', '--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];

/** Throws `git-failed` when the remote cannot be reached. */
export async function push(git: Git, { remote, ref, commit, expected, mode }: PushOptions): Promise<PushAnswer> {
  const lease = expected === undefined ? [] : [`--force-with-lease=${ref}:${expected ?? ''}`];
  const dry = mode === 'dry-run' ? ['--dry-run'] : [];
  const answer = await git.run([...PUSH, ...dry, ...lease, '--', remote, `${commit ?? ''}:${ref}`]);
  if (answer.code === 0) return { kind: 'ok' };
  const rejected = /^!\t\S*\t\[([\w ]+)\] ?(.*)$/m.exec(answer.stdout.toString());
  if (rejected !== null) {
    const [, kind = '', reason = ''] = rejected;
    if (kind === 'rejected' || RACE.test(reason)) return { kind: 'raced' };
    return { kind: 'refused', detail: [reason, toDetail(answer.stderr)].filter(Boolean).join(' ') };
  }
  if (isDenied(answer)) return { kind: 'denied', detail: toDetail(answer.stderr) };
  throw toGitFailed('push', answer);
}

/** Deletes those of the refs that still stand where they were seen; gives how many. Throws as `lookUp`. */
export async function deleteRefs(git: Git, remote: string, refs: Refs): Promise<number> {
  if (refs.size === 0) return 0;
  const leases = [...refs].map(([ref, commit]) => `--force-with-lease=${ref}:${commit}`);
  const answer = await git.run([...PUSH, ...leases, '--', remote, ...[...refs.keys()].map((ref) => `:${ref}`)]);
  const rows = answer.stdout.toString().split('\n');
  if (answer.code !== 0 && !rows.some((row) => /^[-!]\t/.test(row))) throw toRemoteError('push', answer);
  return rows.filter((row) => row.startsWith('-\t')).length;
}

const DENIED =
  /denied|forbidden|\b40[13]\b|authentication failed|could not read (?:username|password)|not allowed|read[- ]only|unable to create|permission|does not appear to be a git repository|repository .*not found|not enabled/i;

function isDenied({ stderr }: GitAnswer): boolean {
  return DENIED.test(stderr);
}

function toRemoteError(command: string, answer: GitAnswer): WxsyncError {
  if (!isDenied(answer)) return toGitFailed(command, answer);
  return new WxsyncError('push-denied', { args: { detail: toDetail(answer.stderr) } });
}
