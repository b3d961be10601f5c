// Steps 6 and 7: one draft/add or draft/update under a durable word of what is sent, and what each answer makes of the entry.
import { WxsyncError } from '../errors.ts';
import type { Article, RemoteDraft } from '../wechat/client.ts';
import { closeEntry, type Entry } from './entry.ts';
import { type Fingerprint, stands, toFingerprint } from './fingerprint.ts';
import { pause, type Scene, save } from './scene.ts';
import { upload } from './upload.ts';

const NO_SUCH_ID = 40007;
/** A fresh cover may answer 40007 for some seconds (field report 2026-09-16). */
const COVER_WAITS_MS = [2_000, 5_000, 10_000] as const;
/** How much later than its cover a send may begin. */
export const COVER_PATIENCE_MS = COVER_WAITS_MS.reduce<number>((sum, wait) => sum + wait, 0);
/** Markup around the content in the request, with room to spare. */
const ENVELOPE_BYTES = 8_000;

/** Uploads, then sends draft/add under an intent. A cover that WeChat does not know gives a scene that asks for another. */
export async function sendAdd(scene: Scene, attempt: number): Promise<Scene> {
  const { scene: uploaded, content } = await upload(scene);
  const { run, read } = scene;
  const article = toArticle(uploaded, content);
  // An intent's clock starts at its send: what can take long comes before it.
  await run.client.ready();
  run.stop.throwIfAborted();
  let sent = uploaded;
  const outcome = await patiently(
    uploaded,
    () =>
      run.client.addDraft(article, async () => {
        sent = await save(sent, toIntended(sent, article, attempt));
        run.onStep({ kind: 'draft', path: read.at.path });
        await scene.lease.check();
      }),
    (answer) => answer.kind === 'rejected' && answer.errcode === NO_SUCH_ID,
  );
  const entry = toEntry(sent);
  switch (outcome.kind) {
    case 'ok':
      return save({ ...sent, status: 'created' }, toDrafted(entry, outcome.mediaId));
    case 'unknown':
      return save(sent, { ...entry, state: 'unknown' });
    case 'rejected':
    case 'not-sent': {
      const { intent: _, ...quiet } = entry;
      const error = { code: outcome.error.code, errcode: outcome.error.errcode };
      const prepared: Entry = { ...quiet, state: 'prepared', error };
      if (outcome.error.errcode === NO_SUCH_ID) return renewCover(sent, prepared, outcome.error);
      await save(sent, prepared);
      throw outcome.error;
    }
  }
}

/**
 * Uploads, then brings the draft to the post's present text. Repeating it does no harm. Uploads and refusals take time: a
 * draft that is another one after them is left to the table, unless the caller said to overwrite whatever is there.
 */
export async function sendUpdate(scene: Scene, mediaId: string): Promise<Scene> {
  const { scene: uploaded, content } = await upload(scene);
  const { run, read, remote, prepared } = scene;
  const article: Article = { ...toArticle(uploaded, content), carried: remote?.articles[0]?.rest ?? {} };
  const { sourceHash, snapshot } = prepared;
  const seen = toSeen(uploaded);
  const updating = { sourceHash, expected: toExpected(article) };
  const sent = await save(uploaded, { ...seen, updating });
  let isFresh = uploaded.images.every(({ reused }) => reused);
  const answer = await patiently<UpdateAnswer>(
    uploaded,
    async () => {
      const again = isFresh || run.wishes.overwrite ? remote : await run.client.getDraft(mediaId);
      isFresh = false;
      const first = again?.articles[0];
      if (first === undefined) return { kind: 'moved', remote: null };
      if (!stands(seen.fingerprint, first)) return { kind: 'moved', remote: again };
      run.onStep({ kind: 'update', path: read.at.path });
      await scene.lease.check();
      return run.client.updateDraft(mediaId, article).then(() => ({ kind: 'ok' }), toKnownRefusal);
    },
    (each) => each.kind === 'refused' && each.error.errcode === NO_SUCH_ID,
  );
  switch (answer.kind) {
    case 'moved': {
      const { remote: now } = answer;
      return save({ ...sent, remote: now, draft: now === null ? 'gone' : 'edited' }, seen);
    }
    case 'refused':
      if (isFirewalled(answer.error)) return save(sent, toReplacing(seen));
      // The draft is gone or its cover is: looking again tells which.
      return renewCover({ ...sent, draft: 'not-asked' }, seen, answer.error);
    case 'ok': {
      // What it was and what it is to be stay known until it was read back.
      const made = { state: 'drafted', title: read.fields.title, sourceHash, snapshot, updating } as const;
      return save(
        { ...sent, status: 'updated', draft: 'not-asked' },
        { ...closeEntry(seen), ...made, rev: seen.rev + 1 },
      );
    }
  }
}

type UpdateAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly error: WxsyncError }
  /** The draft is not what was looked at any more, or not there; nothing was sent. */
  | { readonly kind: 'moved'; readonly remote: RemoteDraft | null };

/**
 * The entry that knows the draft as it was looked at, and has used up what a person allowed: a rerun goes on over that very
 * draft, and any other edit is a conflict. What a person wrote is no text of the post.
 */
function toSeen(scene: Scene): Entry {
  const { overwrite: _, ...rest } = toEntry(scene);
  const article = scene.remote?.articles[0];
  if (article === undefined) throw new Error('only a draft that was looked at can be updated');
  const fingerprint = toFingerprint(article, { digestSent: rest.fingerprint?.digest !== '' });
  return { ...rest, fingerprint, ...(scene.draft === 'edited' && { sourceHash: '' }) };
}

/** The entry of a draft that was made for its intent. */
export function toDrafted(entry: Entry, mediaId: string): Entry {
  const { intent: _, error: _error, ...rest } = entry;
  return { ...rest, state: 'drafted', mediaId, rev: rest.rev + 1 };
}

/** A cover is not known to all of WeChat at once: while it is fresh, its refusal is only the answer of this moment. */
async function patiently<Answer>(
  { run, images }: Scene,
  send: () => Promise<Answer>,
  isRefused: (answer: Answer) => boolean,
): Promise<Answer> {
  const isFresh = images.some((image) => image.kind === 'cover' && !image.reused);
  for (const wait of isFresh ? COVER_WAITS_MS : []) {
    const answer = await send();
    if (!isRefused(answer) || run.stop.aborted) return answer;
    await pause(wait, run.stop);
  }
  return send();
}

/** Forgets the cover, so that the next step uploads another; the second time the refusal stands. */
async function renewCover(scene: Scene, entry: Entry, refusal: WxsyncError): Promise<Scene> {
  const next = await save({ ...scene, coverRenewed: true }, { ...entry, coverSource: null });
  if (scene.coverRenewed) throw refusal;
  return next;
}

/** Refusals of an update that have an answer of ours. */
function toKnownRefusal(error: unknown): UpdateAnswer {
  if (error instanceof WxsyncError && (error.errcode === NO_SUCH_ID || isFirewalled(error))) {
    return { kind: 'refused', error };
  }
  throw error;
}

/** A firewall before WeChat took the text for an attack; it lets the same text pass as a new draft (field report 2026-09-17). */
function isFirewalled({ code, args }: WxsyncError): boolean {
  return code === 'bad-answer' && args['status'] === 501;
}

/** Begins anew beside the draft that could not be updated; the higher `rev` outweighs every copy that knows only that one. */
function toReplacing(seen: Entry): Entry {
  const { mediaId, fingerprint, updating: _, ...rest } = seen;
  if (mediaId === null || fingerprint === null) throw new Error('only a draft that was looked at can be replaced');
  const nothing = { mediaId: null, createTime: null, fingerprint: null, coverSource: null } as const;
  return { ...rest, ...nothing, state: 'prepared', rev: rest.rev + 1, replacing: { mediaId, fingerprint } };
}

function toEntry({ entry }: Scene): Entry {
  if (entry === null) throw new Error('a send needs an entry');
  return entry;
}

function toIntended(scene: Scene, article: Article, attempt: number): Entry {
  const { run, read, prepared } = scene;
  const { error: _, ...rest } = toEntry(scene);
  const { sourceHash, snapshot } = prepared;
  const deadline = toDeadline(article, run.clocks.timeoutMs);
  const intent = { attempt, time: run.now(), deadline, sourceHash, coverId: article.coverId };
  return { ...rest, state: 'intent', title: read.fields.title, sourceHash, snapshot, intent };
}

function toArticle({ read, entry }: Scene, content: string): Article {
  const coverId = entry?.coverIds.at(-1);
  if (coverId === undefined) throw new Error('a send needs a cover');
  return { ...read.fields, content, coverId };
}

/** The fingerprint that an article should read back with. */
export function toExpected(article: Article): Fingerprint {
  const remote = {
    ...article,
    author: article.author ?? '',
    digest: article.digest ?? '',
    sourceUrl: article.sourceUrl ?? '',
    openComment: article.comments?.open ?? false,
    fansOnly: article.comments?.fansOnly ?? false,
  };
  return toFingerprint(remote, { digestSent: article.digest !== null });
}

/** The client's rule for a total deadline, never shorter than what it will use. */
export function toDeadline(article: Article, timeoutMs: number): number {
  const bytes = Buffer.byteLength(JSON.stringify(article)) + ENVELOPE_BYTES;
  return Math.ceil(timeoutMs + (bytes / 32_000) * 1_000);
}
