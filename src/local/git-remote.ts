// Refs of a remote repository: where they stand, their commits brought here, and a push whose answer is one of four.
import { WxsyncError } from '../errors.ts';
import { type Git, type GitAnswer, toDetail, toGitFailed } from './git.ts';

export interface RemoteRef {
  readonly remote: string;
  /** In full, such as `refs/heads/main`. */
  readonly ref: string;
}

/** The commit a ref names now, null when there is none. Throws `push-denied` when the remote lets us in no further, else `git-failed`. */
export async function lookUp(git: Git, { remote, ref }: RemoteRef): Promise<string | null> {
  const answer = await git.run(['ls-remote', '--', remote, ref]);
  if (answer.code !== 0) throw toRemoteError('ls-remote', answer);
  const row = answer.stdout
    .toString()
    .split('\n')
    .find((line) => line.endsWith(`\t${ref}`));
  return row?.split('\t')[0] ?? null;
}

const FETCH = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head'];

/** Brings what the ref names into this repository; null when there is no such ref. One that moves meanwhile is asked again. */
export async function fetchCommit(git: Git, at: RemoteRef): Promise<string | null> {
  for (;;) {
    const commit = await lookUp(git, at);
    if (commit === null || (await hasCommit(git, commit))) return commit;
    const answer = await git.run([...FETCH, '--', at.remote, at.ref]);
    if (await hasCommit(git, commit)) return commit;
    if (answer.code !== 0 && !/couldn't find remote ref/.test(answer.stderr)) throw toRemoteError('fetch', answer);
  }
}

/** Brings the whole history where the clone is shallow. Throws as `lookUp`. */
export async function fetchHistory(git: Git, { remote, ref }: RemoteRef): Promise<void> {
  if ((await git.ask(['rev-parse', '--is-shallow-repository'])) !== 'true') return;
  const answer = await git.run([...FETCH, '--unshallow', '--', remote, ref]);
  if (answer.code !== 0) throw toRemoteError('fetch', answer);
}

/** Commits by the ref that names them. */
export type Refs = ReadonlyMap<string, string>;

/** Brings what all refs below `prefix` name into this repository, in one go. Throws as `lookUp`. */
export async function fetchBelow(git: Git, { remote, prefix }: { remote: string; prefix: string }): Promise<Refs> {
  const listed = await git.run(['ls-remote', '--', remote, `${prefix}*`]);
  if (listed.code !== 0) throw toRemoteError('ls-remote', listed);
  const rows = listed.stdout.toString().split('\n');
  const refs = new Map(
    rows.flatMap((row) => {
      const [commit = '', ref = ''] = row.split('\t');
      return ref.startsWith(prefix) ? [[ref, commit] as const] : [];
    }),
  );
  if (refs.size === 0) return refs;
  const input = [...refs.keys()].map((ref) => `${ref}\n`).join('');
  const answer = await git.run([...FETCH, '--stdin', '--', remote], { input });
  if (answer.code !== 0) throw toRemoteError('fetch', answer);
  return refs;
}

async function hasCommit(git: Git, commit: string): Promise<boolean> {
  return (await git.run(['cat-file', '-e', `${commit}^{commit}`])).code === 0;
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
