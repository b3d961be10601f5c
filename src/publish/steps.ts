// The steps of the story, one function an action of the decision table: each takes the scene and returns the next one.
import { WxsyncError } from '../errors.ts';
import { finding } from '../facts/findings.ts';
import type { RemoteDraft } from '../wechat/client.ts';
import type { Action } from './decide.ts';
import { closeEntry, createEntry, type Entry } from './entry.ts';
import { differences, stands, toBareText, toFingerprint } from './fingerprint.ts';
import { flipFlag } from './flip.ts';
import { toImages } from './prepare.ts';
import { findDraftByCover, judgeDraft } from './reconcile.ts';
import { findPublished } from './scan.ts';
import { fileOf, type Scene, save, toPage, waitUntil } from './scene.ts';
import { adopt, blocked, gone, search, several, weigh } from './search.ts';
import { sendAdd, sendUpdate, toDrafted } from './send.ts';

const MAX_SENDS = 2;
/** How far this computer's clock and WeChat's may be apart. */
const CLOCKS_APART_S = 24 * 3600;

type StepOf = (scene: Scene) => Promise<Scene>;

export const STEPS: Readonly<Record<Action, StepOf>> = {
  skip: async (scene) => ({ ...scene, status: 'skipped', reason: 'already-synced', ended: true }),
  unchanged: async (scene) => ({ ...(await keepSnapshot(scene)), ended: true }),
  search,
  adopt,
  several,
  weigh,
  add: async (scene) => sendAdd(await save(scene, toPrepared(scene)), 1),
  settle,
  verify,
  retire,
  look,
  update: async (scene) => sendUpdate(scene, toLive(scene).mediaId),
  flip,
  conflict: async (scene) => {
    throw new WxsyncError('conflict', { args: { ...fileOf(scene), detail: differing(scene).join(', ') } });
  },
  gone,
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
    throw blocked(scene, scene.entry?.createTime ?? null);
  },
};

/** A lost send: its draft, or the right to send again, or the time at which that right comes. */
async function settle(scene: Scene): Promise<Scene> {
  const { run, entry, read } = scene;
  const intent = entry?.intent;
  if (entry === null || intent === undefined) throw new Error('settle needs an intent');
  run.onStep({ kind: 'settle', path: read.at.path });
  // An intent of the future was written by a clock that is wrong; it counts as written now.
  const earliest = Math.min(intent.time, run.now()) + intent.deadline + run.clocks.quietMs;
  const find = () => findDraftByCover(run.client, entry.coverIds, entry.replacing?.mediaId ?? null);
  const found = (await find()) ?? (await waitUntil(scene, earliest).then(find));
  if (found !== null) {
    return save({ ...scene, images: imagesOf(scene), status: 'created' }, toDrafted(entry, found.mediaId));
  }
  // Who finds a draft in the box may publish it before we look.
  const published = await findPublished(run.client, entry.coverIds, Math.floor(intent.time / 1000) - CLOCKS_APART_S);
  if (published === 'published') throw new WxsyncError('published', { args: fileOf(scene) });
  if (intent.attempt >= MAX_SENDS) throw new WxsyncError('unknown', { args: fileOf(scene) });
  // With a fresh cover: a run that has lost the receipt goes by the cover's age.
  return sendAdd(await save(scene, { ...entry, coverSource: null }), intent.attempt + 1);
}

/** Reads the draft back and takes what stands there as this draft's fingerprint. */
async function verify(scene: Scene): Promise<Scene> {
  const { run, read, prepared } = scene;
  const { entry, mediaId } = toLive(scene);
  run.onStep({ kind: 'verify', path: read.at.path });
  const isWhatWasSent = entry.sourceHash === prepared.sourceHash;
  // Another run, on another computer, may have drawn what stays code here.
  const isTextKnown =
    isWhatWasSent && (read.page.diagrams.length === 0 || scene.images.some(({ url }) => url !== null));
  const sent = {
    coverId: entry.coverIds.at(-1) ?? '',
    title: isWhatWasSent ? read.fields.title : entry.title,
    // What an earlier text held is not known any more; the update that follows is verified in full.
    content: isTextKnown ? (await toPage(scene)).html : '',
  };
  // What was just made or changed may not be there for all of WeChat at once.
  const draft = await readBack(scene, (found) => found !== null && !isAsBefore(scene, found));
  const article = draft?.articles[0];
  if (draft === null || article === undefined) {
    if (scene.status === 'unchanged') return { ...scene, remote: null, draft: 'gone' };
    throw new WxsyncError('verify-failed', { args: { ...fileOf(scene), mediaId, detail: '40007' } });
  }
  if (isAsBefore(scene, draft)) {
    // Still under way, for all that anybody knows: a rerun looks at the draft and updates it again.
    await save(scene, { ...entry, state: 'verified', sourceHash: '', snapshot: '' });
    throw new WxsyncError('not-updated', { args: { ...fileOf(scene), mediaId } });
  }
  const isTouched = isSavedSince(draft, entry);
  if (!isTouched) judgeDraft(article, { ...fileOf(scene), mediaId, ...sent });
  // A draft that somebody saved before we read it back is ours only with the text that was sent.
  const isOurs = !isTouched || (isTextKnown && toBareText(article.content) === toBareText(sent.content));
  const fingerprint = isOurs ? toFingerprint(article, { digestSent: read.fields.digest !== null }) : null;
  const verified: Entry = { ...closeEntry(entry), state: 'verified', createTime: draft.createTime, fingerprint };
  const next: Scene = { ...scene, remote: draft, draft: isOurs ? 'as-stored' : 'edited' };
  // An earlier run may have sent the update that this one has seen through.
  return save(entry.updating === undefined ? next : { ...next, status: 'updated', images: imagesOf(scene) }, verified);
}

/** Reads the draft, and once more after the quiet time when what is there cannot be it yet. */
async function readBack(scene: Scene, isIt: (draft: RemoteDraft | null) => boolean): Promise<RemoteDraft | null> {
  const { run } = scene;
  const { mediaId } = toLive(scene);
  const draft = await run.client.getDraft(mediaId);
  if (isIt(draft)) return draft;
  await waitUntil(scene, run.now() + run.clocks.quietMs);
  return run.client.getDraft(mediaId);
}

/** An update that WeChat said was done, and a draft that says what it said before and was not saved since. */
function isAsBefore({ entry, remote }: Scene, { updateTime, articles: [article] }: RemoteDraft): boolean {
  if (entry?.updating === undefined || article === undefined) return false;
  const isSaved = remote !== null && remote.updateTime !== null && (updateTime ?? 0) > remote.updateTime;
  return !isSaved && stands(entry.fingerprint, article) && !stands(entry.updating.expected, article);
}

/** Whether somebody saved a draft that we have not read back yet. */
function isSavedSince({ createTime, updateTime }: RemoteDraft, entry: Entry): boolean {
  return entry.createTime === null && (updateTime ?? 0) > (createTime ?? Number.POSITIVE_INFINITY);
}

/** The draft that could not be updated goes, unless somebody has worked in it or put another article beside ours. */
async function retire(scene: Scene): Promise<Scene> {
  const { run } = scene;
  const { entry, mediaId } = toLive(scene);
  const { replacing, ...rest } = entry;
  if (replacing === undefined) throw new Error('retire needs an old draft');
  const old = await run.client.getDraft(replacing.mediaId);
  const known = replacing.fingerprint;
  // The update may have come through although it was refused: then the old draft says what the new one says.
  const sent = rest.fingerprint === null ? known : { ...rest.fingerprint, cover: known.cover };
  const isOurs = old?.articles.length === 1 && old.articles.some((each) => stands(known, each) || stands(sent, each));
  if (old !== null && !isOurs) {
    await save(scene, { ...rest, duplicates: [...(rest.duplicates ?? []), replacing.mediaId] });
    throw new WxsyncError('duplicate-drafts', { args: { ...fileOf(scene), mediaId, others: replacing.mediaId } });
  }
  if (old !== null) await run.client.deleteDraft(replacing.mediaId);
  return save({ ...scene, status: 'updated' }, rest);
}

/** Asks the draft box about a verified entry. */
async function look(scene: Scene): Promise<Scene> {
  const { run, read } = scene;
  const { entry, mediaId } = toLive(scene);
  run.onStep({ kind: 'verify', path: read.at.path });
  const remote = await run.client.getDraft(mediaId);
  const article = remote?.articles[0];
  if (remote === null || article === undefined) return { ...scene, remote: null, draft: 'gone' };
  const { updating } = entry;
  if (updating === undefined || !stands(updating.expected, article)) {
    return {
      ...scene,
      remote,
      draft: stands(entry.fingerprint, article) && entry.overwrite !== true ? 'as-stored' : 'edited',
    };
  }
  // The update whose answer was lost has landed, and this was its reading back.
  const { sourceHash, expected: fingerprint } = updating;
  const rev = entry.rev + 1;
  const landed: Entry = { ...closeEntry(entry), rev, title: article.title, sourceHash, fingerprint };
  return save({ ...scene, remote, draft: 'as-stored', status: 'updated', images: imagesOf(scene) }, landed);
}

/** The pictures as this run sent them, or as an earlier one must have. */
function imagesOf({ images, prepared }: Scene): Scene['images'] {
  return images.length > 0 ? images : toImages(prepared);
}

/** Sets the flag, last of all. */
async function flip(scene: Scene): Promise<Scene> {
  const { read, run, flag } = scene;
  const { mediaId } = toLive(scene);
  const known = await keepSnapshot(scene);
  if (!run.wishes.flip || flag.before === true) return { ...known, ended: true };
  run.onStep({ kind: 'flip', path: read.at.path });
  const after = await flipFlag(read.at.file, { ...read, mediaId });
  return { ...known, flag: { ...flag, after }, ended: true };
}

/** A post whose bytes changed where no reader sees it: the receipt must name the bytes that are flagged. */
async function keepSnapshot(scene: Scene): Promise<Scene> {
  const { entry } = toLive(scene);
  const { snapshot } = scene.prepared;
  return entry.snapshot === snapshot ? scene : save(scene, { ...entry, snapshot });
}

function toLive({ entry }: Scene): { readonly entry: Entry; readonly mediaId: string } {
  if (entry === null || entry.mediaId === null) throw new Error('this step needs a draft');
  return { entry, mediaId: entry.mediaId };
}

function toPrepared({ read, run, prepared, entry }: Scene): Entry {
  const base = { path: read.at.path, title: read.fields.title, appId: run.appId, renderer: run.renderer };
  const { sourceHash, snapshot } = prepared;
  return { ...(entry ?? createEntry(base)), ...base, sourceHash, snapshot };
}

/** The parts in which the draft is not what was stored; without a stored one its text is what is in doubt. */
function differing({ entry, remote }: Scene): readonly string[] {
  const known = entry?.fingerprint ?? null;
  const article = remote?.articles[0];
  if (known === null || article === undefined) return ['text'];
  return differences(known, toFingerprint(article, { digestSent: known.digest !== '' }));
}
