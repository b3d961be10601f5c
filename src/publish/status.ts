// Says how far each post is: from its file, its entry and its pictures, and when asked from the draft box; changes nothing.
import type { Post } from '../article/post.ts';
import { WxsyncError } from '../errors.ts';
import { LIMITS } from '../facts/limits.ts';
import type { RemoteDraft, WechatClient } from '../wechat/client.ts';
import { type Entry, isLive } from './entry.ts';
import { differences, type Fingerprint, toFingerprint } from './fingerprint.ts';
import type { Ledger } from './ledger.ts';
import { mapLimited } from './pool.ts';
import { isStray, whyLeaveOut } from './posts.ts';
import { readSourceHash } from './prepare.ts';
import { type PostFile, type Reading, type ReadOptions, readPost } from './read.ts';
import { toSnapshots } from './source-hash.ts';

/**
 * `waiting` a run would take it · `synced` nothing to do · `changed` the draft is older than the post · `unknown` a send got no
 * answer · `conflict` edited in WeChat, or two drafts · `gone` no longer in the draft box · `blocked` a person must look ·
 * `invalid` the post must be mended. Only WeChat can tell of an edit and of `gone`.
 */
export type State = 'waiting' | 'synced' | 'changed' | 'unknown' | 'conflict' | 'gone' | 'blocked' | 'invalid';

/** A post in one account. */
export interface PostState {
  readonly at: PostFile;
  readonly title: string | null;
  /** The account that the post is for; null: the default one. */
  readonly account: string | null;
  /** Null: the key is not there. */
  readonly flag: boolean | null;
  readonly state: State;
  readonly entry: Entry | null;
}

export interface StatusOptions extends Omit<ReadOptions, 'leaveOut' | 'lookCloser'> {
  ledgerOf(at: PostFile): Ledger;
  readonly onRead: (at: PostFile) => void;
}

const READS_AT_ONCE = 8;
const ALL = { update: true, force: true, showSynced: true } as const;

/** The states of all posts that a run could ever take; a post with entries of several accounts has a row for each. */
export async function readStates(posts: readonly PostFile[], options: StatusOptions): Promise<readonly PostState[]> {
  const { ledgerOf, onRead, ...rest } = options;
  const states = await mapLimited(posts, READS_AT_ONCE, async (at) => {
    onRead(at);
    const entries = await ledgerOf(at).readAll(at.path).catch(toUnreadable);
    const selection = { ...ALL, all: entries?.length !== 0 };
    const leaveOut = (post: Post) => {
      // Without an entry there is nothing to compare with: such a post need not be rendered.
      const isDone = post.flag === 'true' && entries?.length === 0;
      return whyLeaveOut(post, at, selection) ?? (isDone ? 'already-synced' : null);
    };
    const reading = await readPost(at, { ...rest, leaveOut });
    return isStray(reading, at, selection) ? [] : toStates(at, reading, entries);
  });
  return states.flat();
}

/** A receipt that cannot be read is for a person. */
function toUnreadable(error: unknown): null {
  if (error instanceof WxsyncError) return null;
  throw error;
}

async function toStates(
  at: PostFile,
  reading: Reading,
  entries: readonly Entry[] | null,
): Promise<readonly PostState[]> {
  const post = reading.kind === 'ok' ? reading.read.post : reading.post;
  const base = {
    at,
    title: reading.kind === 'ok' ? reading.read.fields.title : (post?.title ?? null),
    account: reading.kind === 'ok' ? reading.read.account : null,
    flag: post === null || post.flag === 'absent' ? null : post.flag === 'true',
  };
  if (reading.kind === 'left-out') {
    return reading.reason === 'already-synced' ? [{ ...base, state: 'synced', entry: null }] : [];
  }
  if (entries === null) return [{ ...base, state: 'blocked', entry: null }];
  const each = entries.length === 0 ? [null] : entries;
  if (reading.kind === 'invalid') return each.map((entry) => ({ ...base, state: 'invalid', entry }));
  const { read } = reading;
  const hash = entries.some(isLive) ? await readSourceHash(read) : null;
  const isSame = (entry: Entry) =>
    hash === null ? toSnapshots(read.bytes).includes(entry.snapshot) : entry.sourceHash === hash;
  return each.map((entry) => ({ ...base, state: toState(base.flag, entry, isSame), entry }));
}

function toState(flag: boolean | null, entry: Entry | null, isSame: (entry: Entry) => boolean): State {
  switch (entry?.state) {
    case 'intent':
    case 'unknown':
      return 'unknown';
    case 'blocked':
      return 'blocked';
    case 'drafted':
    case 'verified':
      if (entry.duplicates !== undefined) return 'conflict';
      if (flag === false) return 'waiting';
      return isSame(entry) ? 'synced' : 'changed';
    case 'prepared':
    case undefined:
      return flag === true ? 'synced' : 'waiting';
  }
}

/** The same with what the draft box of the client's account says of the drafts that are believed to be there. */
export async function askDraftBox(
  states: readonly PostState[],
  { appId, client }: { readonly appId: string; readonly client: WechatClient },
): Promise<readonly PostState[]> {
  const idOf = ({ entry, state }: PostState) =>
    entry?.appId === appId && isLive(entry) && state !== 'invalid' ? entry.mediaId : null;
  const drafts = await findDrafts(new Set(states.flatMap((each) => idOf(each) ?? [])), client);
  return states.map((each) => {
    const id = idOf(each);
    if (id === null || each.entry === null) return each;
    const draft = drafts.get(id);
    if (draft === undefined) return { ...each, state: 'gone' };
    return isEdited(draft, each.entry) ? { ...each, state: 'conflict' } : each;
  });
}

function isEdited({ articles: [article] }: RemoteDraft, { fingerprint, updating }: Entry): boolean {
  if (article === undefined || fingerprint === null) return false;
  const is = (known: Fingerprint) =>
    differences(known, toFingerprint(article, { digestSent: known.digest !== '' })).length === 0;
  return !is(fingerprint) && !(updating !== undefined && is(updating.expected));
}

/** By pages of the box while a page costs less than the drafts one by one; what no page showed is asked for by its id. */
async function findDrafts(ids: ReadonlySet<string>, client: WechatClient): Promise<ReadonlyMap<string, RemoteDraft>> {
  const count = LIMITS.listPage.value;
  const found = new Map<string, RemoteDraft>();
  let total: number = count;
  for (let offset = 0; offset < total && ids.size - found.size > (total - offset) / count; offset += count) {
    const page = await client.listDrafts({ offset, count, content: 'with' });
    total = page.total;
    for (const draft of page.items) if (ids.has(draft.mediaId)) found.set(draft.mediaId, draft);
  }
  for (const id of ids) {
    const draft = found.get(id) ?? (await client.getDraft(id));
    if (draft !== null) found.set(id, draft);
  }
  return found;
}
