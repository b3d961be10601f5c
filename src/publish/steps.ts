// The steps of the story, one function an action of the decision table: each takes the scene and returns the next one.
import { WxsyncError } from '../errors.ts';
import { type Finding, finding } from '../facts/findings.ts';
import { sha256 } from '../local/cache.ts';
import { errorCode } from '../local/files.ts';
import { type PlacedImage, render } from '../render/render.ts';
import type { AddOutcome, Article, RemoteDraft } from '../wechat/client.ts';
import type { Action, Known } from './decide.ts';
import { type Entry, isLive } from './entry.ts';
import { differences, type Fingerprint, toFingerprint } from './fingerprint.ts';
import { flipFlag } from './flip.ts';
import type { Lease } from './lease.ts';
import { mapLimited } from './pool.ts';
import type { Prepared } from './prepare.ts';
import type { ReadPost } from './read.ts';
import { findDraftByCover, verifyDraft } from './reconcile.ts';
import type { ImageResult, PostStatus, Reason } from './result.ts';
import type { Run } from './run.ts';

const UPLOADS_AT_ONCE = 4;
const MAX_SENDS = 2;
const NO_SUCH_ID = 40007;
/** A fresh cover may answer 40007 for some seconds (field report 2026-09-16). */
const COVER_WAITS_MS = [2_000, 5_000, 10_000] as const;
/** Markup around the content in the request, with room to spare. */
const ENVELOPE_BYTES = 8_000;

/** All that is known of one post's publishing at a moment. */
export interface Scene {
  readonly read: ReadPost;
  readonly run: Run;
  readonly prepared: Prepared;
  readonly lease: Lease;
  readonly entry: Entry | null;
  /** The draft box as far as it was asked. */
  readonly draft: Known['draft'];
  readonly remote: RemoteDraft | null;
  readonly flag: { readonly before: boolean | null; readonly after: boolean | null };
  readonly status: PostStatus;
  readonly reason: Reason | null;
  readonly images: readonly ImageResult[];
  readonly findings: readonly Finding[];
  /** No further step: the result is in the scene. */
  readonly ended: boolean;
}

type StepOf = (scene: Scene) => Promise<Scene>;

export const STEPS: Readonly<Record<Action, StepOf>> = {
  skip: async (scene) => ({ ...scene, status: 'skipped', reason: 'already-synced', ended: true }),
  unchanged: async (scene) => ({ ...scene, ended: true }),
  add,
  settle,
  verify,
  look,
  update,
  flip,
  conflict: async (scene) => {
    throw new WxsyncError('conflict', { args: { ...fileOf(scene), detail: differing(scene).join(', ') } });
  },
  gone: async (scene) => {
    throw new WxsyncError('draft-gone', { args: fileOf(scene) });
  },
  'not-in-box': async (scene) => ({
    ...scene,
    status: 'skipped',
    reason: 'not-in-box',
    findings: [...scene.findings, finding('not-in-box', { line: 1, column: 1 })],
    ended: true,
  }),
  'no-entry': async (scene) => {
    throw new WxsyncError('no-entry', { args: fileOf(scene) });
  },
  blocked: async (scene) => {
    throw new WxsyncError('blocked', { args: { ...fileOf(scene), date: '?' } });
  },
};

/** What the decision table asks about a scene. */
export function toKnown(scene: Scene): Known {
  const { run, entry, prepared, draft } = scene;
  const flag = scene.flag.before === null ? 'absent' : scene.flag.before && !run.wishes.force ? 'true' : 'false';
  const state = entry?.state ?? 'none';
  return {
    flag,
    update: run.wishes.update,
    overwrite: run.wishes.overwrite,
    entry: state === 'intent' || state === 'unknown' ? 'open' : state,
    source: entry?.sourceHash === prepared.sourceHash ? 'same' : 'changed',
    draft,
  };
}

/** Uploads, writes the intent, sends draft/add. */
async function add(scene: Scene): Promise<Scene> {
  const fresh = await save(scene, toPrepared(scene));
  const { scene: uploaded, content } = await upload(fresh);
  return send(uploaded, content, 1);
}

/** A lost send: its draft, or the right to send again, or the time at which that right comes. */
async function settle(scene: Scene): Promise<Scene> {
  const { run, entry } = scene;
  const intent = entry?.intent;
  if (entry === null || intent === undefined) throw new Error('settle needs an intent');
  run.onStep({ kind: 'settle', path: scene.read.at.path });
  const adopt = (draft: RemoteDraft) =>
    save({ ...scene, status: 'created' }, toDrafted(entry, { mediaId: draft.mediaId, sourceHash: intent.sourceHash }));
  const found = await findDraftByCover(run.client, intent.coverId);
  if (found !== null) return adopt(found);

  const earliest = intent.time + intent.deadline + run.clocks.quietMs;
  await waitUntil(scene, earliest);
  const late = await findDraftByCover(run.client, intent.coverId);
  if (late !== null) return adopt(late);
  if (intent.attempt >= MAX_SENDS) throw new WxsyncError('unknown', { args: fileOf(scene) });
  const { scene: uploaded, content } = await upload(scene);
  return send(uploaded, content, intent.attempt + 1);
}

/** Reads the draft back and takes what stands there as this draft's fingerprint. */
async function verify(scene: Scene): Promise<Scene> {
  const { run, entry } = scene;
  const mediaId = entry?.mediaId ?? null;
  const coverId = entry?.coverIds.at(-1);
  if (entry === null || mediaId === null || coverId === undefined) throw new Error('verify needs a draft');
  run.onStep({ kind: 'verify', path: scene.read.at.path });
  const isWhatWasSent = entry.sourceHash === scene.prepared.sourceHash;
  const sent = {
    coverId,
    title: isWhatWasSent ? scene.read.fields.title : entry.title,
    // What an earlier text held is not known any more; the update that follows is verified in full.
    content: isWhatWasSent ? (await toPage(scene)).html : '',
  };
  const { draft, article } = await verifyDraft(run.client, mediaId, sent);
  const { intent: _intent, updating: _updating, error: _error, ...rest } = entry;
  const verified: Entry = {
    ...rest,
    state: 'verified',
    createTime: draft.createTime,
    fingerprint: toFingerprint(article, { digestSent: scene.read.fields.digest !== null }),
  };
  return save({ ...scene, remote: draft, draft: 'as-stored' }, verified);
}

/** Asks the draft box about a verified entry. */
async function look(scene: Scene): Promise<Scene> {
  const { run, entry } = scene;
  if (entry?.mediaId === null || entry?.mediaId === undefined) throw new Error('look needs a draft');
  run.onStep({ kind: 'verify', path: scene.read.at.path });
  const remote = await run.client.getDraft(entry.mediaId);
  const article = remote?.articles[0];
  if (remote === null || article === undefined) return { ...scene, remote: null, draft: 'gone' };
  const is = (known: Fingerprint | null | undefined) =>
    known != null && differences(known, toFingerprint(article, { digestSent: known.digest !== '' })).length === 0;
  if (is(entry.updating?.expected)) {
    const { updating, ...rest } = entry;
    const done: Entry = {
      ...rest,
      rev: rest.rev + 1,
      sourceHash: updating?.sourceHash ?? rest.sourceHash,
      state: 'drafted',
    };
    return save({ ...scene, remote, status: 'updated' }, done);
  }
  return { ...scene, remote, draft: is(entry.fingerprint) ? 'as-stored' : 'edited' };
}

/** Brings the draft to the post's present text. Repeating it does no harm. */
async function update(scene: Scene): Promise<Scene> {
  const { run, entry, remote } = scene;
  if (entry?.mediaId === null || entry?.mediaId === undefined) throw new Error('update needs a draft');
  const { scene: uploaded, content } = await upload(scene);
  const current = uploaded.entry ?? entry;
  const article: Article = { ...toArticle(uploaded, content), carried: remote?.articles[0]?.rest ?? {} };
  const { sourceHash, snapshot } = scene.prepared;
  const intended = await save(uploaded, { ...current, updating: { sourceHash, expected: toExpected(article) } });
  run.onStep({ kind: 'update', path: scene.read.at.path });
  await scene.lease.check();
  await run.client.updateDraft(entry.mediaId, article);
  const { updating: _, ...rest } = intended.entry ?? current;
  const title = scene.read.fields.title;
  const drafted: Entry = { ...rest, rev: rest.rev + 1, state: 'drafted', title, sourceHash, snapshot };
  return save({ ...intended, status: 'updated', draft: 'not-asked' }, drafted);
}

/** Sets the flag, last of all. */
async function flip(scene: Scene): Promise<Scene> {
  const { read, run, entry, flag } = scene;
  const status = scene.status;
  if (!run.wishes.flip || flag.before === true) return { ...scene, status, ended: true };
  run.onStep({ kind: 'flip', path: read.at.path });
  const after = await flipFlag(read.at.file, { ...read, mediaId: entry?.mediaId ?? '' });
  return { ...scene, status, flag: { ...flag, after }, ended: true };
}

/** Body images four at a time, then the cover, which is kept in the entry at once. */
async function upload(scene: Scene): Promise<{ scene: Scene; content: string }> {
  const { run, read, prepared } = scene;
  const path = read.at.path;
  let done = 0;
  const placed = new Map<string, PlacedImage>();
  const total = prepared.body.length;
  const images = await mapLimited(prepared.body, UPLOADS_AT_ONCE, async ({ src, image }): Promise<ImageResult> => {
    const hash = sha256(image.bytes);
    const known = await run.uploads.get(hash);
    const picture = { bytes: image.bytes, format: image.format, name: `img-${hash.slice(0, 12)}`, src };
    const send = () =>
      image.endpoint === 'uploadimg' ? run.client.uploadImage(picture) : run.client.addMaterial(picture);
    const url = known?.url ?? (await send()).url;
    if (known === null) await run.uploads.put(hash, { url });
    placed.set(src, { url, width: image.width, height: image.height });
    run.onStep({ kind: 'upload', path, done: ++done, total });
    return { src, kind: 'body', bytes: image.bytes.length, reused: known !== null, url };
  });
  const page = await toPage(scene, placed);
  const withCover = await uploadCover({ ...scene, images });
  return { scene: withCover, content: page.html };
}

async function uploadCover(scene: Scene): Promise<Scene> {
  const { run, read, prepared, entry } = scene;
  if (entry === null) throw new Error('a cover needs an entry');
  const { jpeg, source, src } = prepared.cover;
  const shown = { src, kind: 'cover', bytes: jpeg.length } as const;
  if (entry.coverSource === source && entry.coverIds.length > 0) {
    return { ...scene, images: [...scene.images, { ...shown, reused: true, url: null }] };
  }
  run.onStep({ kind: 'cover', path: read.at.path });
  const name = `wxs-${run.markOf(read.at)}`;
  const { mediaId, url } = await run.client.addMaterial({ bytes: jpeg, format: 'jpg', name, src });
  const images = [...scene.images, { ...shown, reused: false, url }];
  return save({ ...scene, images }, { ...entry, coverIds: [...entry.coverIds, mediaId], coverSource: source });
}

/** Sends draft/add under a durable intent, and takes each of the four answers its own way. */
async function send(scene: Scene, content: string, attempt: number): Promise<Scene> {
  const { run, entry, prepared, read } = scene;
  const coverId = entry?.coverIds.at(-1);
  if (entry === null || coverId === undefined) throw new Error('a send needs a cover');
  const article = toArticle(scene, content);
  const deadline = toDeadline(article, run.clocks.timeoutMs);
  const { sourceHash, snapshot } = prepared;
  const intent = { attempt, time: run.now(), deadline, sourceHash, coverId };
  const title = read.fields.title;
  const { error: _, ...rest } = entry;
  const intended = await save(scene, { ...rest, state: 'intent', title, sourceHash, snapshot, intent });
  run.onStep({ kind: 'draft', path: read.at.path });
  await scene.lease.check();
  const outcome = await sendPatiently(scene, article);
  const sent = intended.entry ?? entry;
  switch (outcome.kind) {
    case 'ok':
      return save({ ...intended, status: 'created' }, toDrafted(sent, { mediaId: outcome.mediaId, sourceHash }));
    case 'unknown':
      return save(intended, { ...sent, state: 'unknown' });
    case 'rejected':
    case 'not-sent': {
      const { intent: _intent, ...quiet } = sent;
      const stale = outcome.kind === 'rejected' && outcome.errcode === NO_SUCH_ID;
      const error = { code: outcome.error.code, errcode: outcome.error.errcode };
      await save(intended, { ...quiet, state: 'prepared', ...(stale ? { coverSource: null } : {}), error });
      throw outcome.error;
    }
  }
}

/** A cover that WeChat does not know yet is asked about again; a refusal is proof that nothing was made. */
async function sendPatiently(scene: Scene, article: Article): Promise<AddOutcome> {
  const { run } = scene;
  const isFresh = scene.images.some((image) => image.kind === 'cover' && !image.reused);
  for (const wait of isFresh ? COVER_WAITS_MS : []) {
    const outcome = await run.client.addDraft(article);
    if (outcome.kind !== 'rejected' || outcome.errcode !== NO_SUCH_ID) return outcome;
    await pause(wait, run.stop);
    await scene.lease.check();
  }
  return run.client.addDraft(article);
}

/** Ends at once with `waiting` when the caller does not want to wait or wants to stop. */
async function waitUntil(scene: Scene, time: number): Promise<void> {
  const { run } = scene;
  for (;;) {
    const left = time - run.now();
    if (left <= 0) return;
    if (!run.wishes.wait || run.stop.aborted) {
      throw new WxsyncError('waiting', { args: { when: new Date(time).toISOString() } });
    }
    run.onStep({ kind: 'wait', path: scene.read.at.path, seconds: Math.ceil(left / 1000) });
    await pause(Math.min(left, 1_000), run.stop);
  }
}

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(ms, undefined, { signal: stop }).catch(() => undefined);
}

/** The page with the pictures where they are now. */
function toPage(scene: Scene, placed: ReadonlyMap<string, PlacedImage> = new Map()) {
  const { post, theme, settings } = scene.read;
  return render(
    { markdown: post.body, firstLine: post.firstLine, title: post.title },
    { theme, settings, images: placed },
  );
}

function toArticle(scene: Scene, content: string): Article {
  const { fields } = scene.read;
  return { ...fields, content, coverId: scene.entry?.coverIds.at(-1) ?? '' };
}

/** The fingerprint that an article should read back with. */
function toExpected(article: Article): Fingerprint {
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
function toDeadline(article: Article, timeoutMs: number): number {
  const bytes = Buffer.byteLength(JSON.stringify(article)) + ENVELOPE_BYTES;
  return Math.ceil(timeoutMs + (bytes / 32_000) * 1_000);
}

function toPrepared(scene: Scene): Entry {
  const { read, run, prepared, entry } = scene;
  const base = { path: read.at.path, title: read.fields.title, appId: run.appId, renderer: run.renderer };
  const { sourceHash, snapshot } = prepared;
  if (entry !== null) return { ...entry, ...base, sourceHash, snapshot };
  return {
    schema: 'wxsync.entry/1',
    ...base,
    rev: 0,
    state: 'prepared',
    sourceHash,
    snapshot,
    coverIds: [],
    coverSource: null,
    mediaId: null,
    createTime: null,
    fingerprint: null,
  };
}

function toDrafted(entry: Entry, draft: { readonly mediaId: string; readonly sourceHash: string }): Entry {
  const { intent: _, error: _error, ...rest } = entry;
  return { ...rest, state: 'drafted', mediaId: draft.mediaId, sourceHash: draft.sourceHash, rev: 1 };
}

/** Writes the entry to the lease's copy and to the ledger, durably, before anything else happens. */
async function save(scene: Scene, entry: Entry): Promise<Scene> {
  const { read, run, lease } = scene;
  try {
    await lease.keep(entry);
    await run.ledgerOf(read.at).write(entry);
  } catch (error) {
    const detail = errorCode(error);
    const args = { ...fileOf(scene), path: '.wxsync/posts', mediaId: entry.mediaId ?? '', detail };
    throw new WxsyncError(isLive(entry) ? 'ledger-not-written' : 'ledger-unwritable', { args, cause: error });
  }
  return { ...scene, entry };
}

function differing(scene: Scene): readonly string[] {
  const { entry, remote } = scene;
  const article = remote?.articles[0];
  if (article === undefined || entry?.fingerprint == null) return [];
  return differences(entry.fingerprint, toFingerprint(article, { digestSent: entry.fingerprint.digest !== '' }));
}

function fileOf(scene: Scene): { readonly file: string } {
  return { file: scene.read.at.path };
}
