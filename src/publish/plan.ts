// The dry run: the story without the wire; says of each post what publishing would do and writes its page.
import { toExpected, WxsyncError } from '../errors.ts';
import type { Studio } from '../images/studio.ts';
import type { Cache } from '../local/cache.ts';
import type { PageWords } from '../preview/page.ts';
import { decide, toKnown } from './decide.ts';
import type { Entry } from './entry.ts';
import { showPost } from './page.ts';
import { isBehind, type ReadResult, toEarlyResult } from './posts.ts';
import { type Prepared, preparePost, toImages } from './prepare.ts';
import type { PostFile, ReadPost } from './read.ts';
import type { PostResult } from './result.ts';
import type { Step, Wishes } from './run.ts';
import { toInvalid, toResult } from './story.ts';

export interface PlanOptions {
  readonly words: PageWords;
  /** Read only: a dry run leaves no trace but the page. */
  readonly cache: Cache;
  /** The caller closes it. */
  readonly studio: Studio;
  /** The newest entry of a post. */
  entryOf(at: PostFile, account: string | null): Promise<Entry | null>;
  readonly wishes: Wishes;
  readonly onStep: (step: Step) => void;
  readonly onResult: (result: PostResult) => void;
}

export async function planPosts(readings: readonly ReadResult[], options: PlanOptions): Promise<readonly PostResult[]> {
  const results: PostResult[] = [];
  for (const each of readings) {
    const result = each.reading.kind === 'ok' ? await planPost(each.reading.read, options) : toEarlyResult(each);
    if (result === null) continue;
    options.onResult(result);
    results.push(result);
  }
  return results;
}

async function planPost(read: ReadPost, options: PlanOptions): Promise<PostResult> {
  const { path } = read.at;
  const result = toResult(read);
  try {
    options.onStep({ kind: 'prepare', path });
    const preparing = await preparePost(read, {
      cache: options.cache,
      studio: options.studio,
      mark: path,
      remote: 'plan',
      allowHosts: null,
      signal: new AbortController().signal,
    });
    const findings = [
      ...read.findings,
      ...(preparing.kind === 'ok' ? preparing.prepared.findings : preparing.findings),
    ];
    if (preparing.kind === 'invalid') return toInvalid({ ...result, findings });
    const { prepared } = preparing;
    const written = await showPost(read, prepared, options.words);
    const planned: PostResult = {
      ...result,
      images: toImages(prepared),
      findings: [...findings, ...written.findings],
      preview: written.path,
    };
    return { ...planned, ...(await foresee(read, prepared, options)) };
  } catch (error) {
    return { ...result, status: 'failed', error: toExpected(error) };
  }
}

type Foreseen = Pick<PostResult, 'status' | 'reason' | 'changedSince' | 'mediaId' | 'flag' | 'error'>;

/** What the decision table says as far as it can be read without the draft box. */
async function foresee(read: ReadPost, prepared: Prepared, options: PlanOptions): Promise<Foreseen> {
  const { wishes } = options;
  const entry = await options.entryOf(read.at, read.account);
  const before = read.post.flag === 'absent' ? null : read.post.flag === 'true';
  const known = toKnown({ flag: before, wishes, entry, sourceHash: prepared.sourceHash, draft: 'not-asked' });
  const mediaId = entry?.mediaId ?? null;
  const stay = { mediaId, flag: { before, after: before }, error: null } as const;
  const { do: action } = decide(known);
  if (action === 'skip') {
    const changed = isBehind(entry, read.bytes) && { changedSince: true };
    return { ...stay, status: 'skipped', reason: 'already-synced', ...changed };
  }
  if (action === 'unchanged') return { ...stay, status: 'unchanged', reason: null };
  if (action === 'no-entry' || action === 'blocked') {
    const error = new WxsyncError(action, { args: { file: read.at.path, date: '?' } });
    return { ...stay, status: 'failed', reason: null, error };
  }
  const after = wishes.flip && read.post.hasFrontMatter ? true : before;
  return { ...stay, flag: { before, after }, status: 'planned', reason: null };
}
