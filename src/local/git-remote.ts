// One ref of a remote repository: where it stands, its commits brought here, and a push whose answer is one of four.
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

const FETCH = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--'];

/** Brings what the ref names into this repository. Null when there is no such ref, or it moved while it was read. */
export async function fetchCommit(git: Git, at: RemoteRef): Promise<string | null> {
  const commit = await lookUp(git, at);
  if (commit === null || (await hasCommit(git, commit))) return commit;
  const answer = await git.run([...FETCH, at.remote, at.ref]);
  if (await hasCommit(git, commit)) return commit;
  if (answer.code !== 0 && !/couldn't find remote ref/.test(answer.stderr)) throw toRemoteError('fetch', answer);
  return null;
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

/** Throws `git-failed` when the remote cannot be reached. */
export async function push(git: Git, { remote, ref, commit, expected, mode }: PushOptions): Promise<PushAnswer> {
  const lease = expected === undefined ? [] : [`--force-with-lease=${ref}:${expected ?? ''}`];
  const dry = mode === 'dry-run' ? ['--dry-run'] : [];
  const always = ['--porcelain', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
  const answer = await git.run(['push', ...always, ...dry, ...lease, '--', remote, `${commit ?? ''}:${ref}`]);
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

const DENIED =
  /denied|forbidden|\b40[13]\b|authentication failed|could not read (?:username|password)|not allowed|read[- ]only|unable to create|insufficient permission|does not appear to be a git repository|repository .*not found|not enabled/i;

function isDenied({ stderr }: GitAnswer): boolean {
  return DENIED.test(stderr);
}

function toRemoteError(command: string, answer: GitAnswer): WxsyncError {
  if (!isDenied(answer)) return toGitFailed(command, answer);
  return new WxsyncError('push-denied', { args: { detail: toDetail(answer.stderr) } });
}
