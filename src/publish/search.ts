// The steps of a post that has no receipt, or whose draft is gone: what is left of it on this disk and at WeChat.
import { WxsyncError } from '../errors.ts';
import { finding } from '../facts/findings.ts';
import { createEntry, type Entry, newer, toCoverIds } from './entry.ts';
import { differences, toFingerprint, toImageIds } from './fingerprint.ts';
import { findHeritage, findMoved, forget, listEntries, maybeRenamed, toInherited, toLikeness } from './rename.ts';
import { findPublished, findTrace, type Marks } from './scan.ts';
import { fileOf, type Scene, save, toPage, waitUntil } from './scene.ts';
import { COVER_PATIENCE_MS, toDeadline, toExpected } from './send.ts';

/** The receipt of the post's earlier name, else what the account holds. Throws `maybe-renamed`. */
export async function search(scene: Scene): Promise<Scene> {
  const { run, read, prepared, scanSince } = scene;
  const entries = await listEntries(read.at, run);
  const heritage = await findHeritage(entries, toLikeness(read, prepared.sourceHash), read.at.place.home);
  const [old] = heritage.entries;
  if (old !== undefined) {
    // Two posts that say it: one is the copy.
    const isSure = heritage.kind === 'sure' && (await findMoved(old, { read, run, entries, by: 'text' })) === null;
    if (!isSure) throw maybeRenamed(read.at.path, heritage.entries, null);
    const inherited = await inherit(scene, old);
    if (inherited !== null) return inherited;
  }
  run.onStep({ kind: 'search', path: read.at.path });
  const scan = await run.scan(scanSince);
  const trace = await findTrace(run.client, scan, await toMarks(scene, entries));
  const isCut = scan.cut && trace.kind === 'nothing';
  const findings = isCut ? [...scene.findings, finding('scan-cut', { line: 1, column: 1 })] : scene.findings;
  return { ...scene, trace, findings };
}

/** Takes a receipt over from the post's earlier path; null when another run was quicker. */
async function inherit(scene: Scene, old: Entry): Promise<Scene | null> {
  const { run, read } = scene;
  const before = { ...read.at, path: old.path };
  const lease = await run.leases.acquire(run.markOf(before), {
    waitMs: run.leaseWaitMs,
    stop: run.stop,
    onWait: ({ pid, host }) => run.onStep({ kind: 'lease', path: old.path, pid, host }),
  });
  try {
    const entry = newer(await run.ledgerOf(before).read(old.path, run.appId), lease.entry);
    if (entry === null) return null;
    const next = await save(scene, toInherited(entry, read.at.path));
    await forget(before, lease, run);
    return next;
  } finally {
    await lease.release();
  }
}

async function toMarks(scene: Scene, entries: readonly Entry[]): Promise<Marks> {
  const { run, read } = scene;
  const isOther = ({ path }: { readonly path: string }) => path !== read.at.path;
  const others = entries.filter(isOther);
  const claimed = others.flatMap(({ mediaId, coverIds, ignored = [], duplicates = [], replacing }) => {
    return [...coverIds, ...ignored, ...duplicates, mediaId ?? '', replacing?.mediaId ?? ''];
  });
  const coverNameOf = (path: string) => `wxs-${run.markOf({ ...read.at, path })}`;
  return {
    coverName: coverNameOf(read.at.path),
    otherCovers: async () => {
      const posts = await run.postsOf(read.at);
      return new Set(posts.filter(isOther).map(({ path }) => coverNameOf(path)));
    },
    title: read.fields.title,
    content: (await toPage(scene)).html,
    claimed: new Set(claimed.filter((id) => id !== '')),
  };
}

/** Makes a draft that was found the post's own. One that a person saved with another text is left for the table to refuse. */
export async function adopt(scene: Scene): Promise<Scene> {
  const { run, read, prepared, trace } = scene;
  const article = trace?.kind === 'draft' ? trace.draft.articles[0] : undefined;
  if (trace?.kind !== 'draft' || article === undefined) throw new Error('adopt needs a draft');
  const { mediaId, createTime, updateTime, articles } = trace.draft;
  const content = (await toPage(scene)).html;
  const sent = { digestSent: read.fields.digest !== null };
  const found = toFingerprint(article, sent);
  const meant = toExpected({ ...read.fields, content, coverId: article.coverId });
  const isSame =
    differences(found, { ...meant, images: found.images }).length === 0 &&
    toImageIds(article.content).length === toImageIds(content).length;
  const isOurs = articles.length === 1 && (isSame || (createTime !== null && createTime === updateTime));
  const entry: Entry = {
    ...toNewEntry(scene),
    rev: 1,
    state: 'verified',
    title: article.title,
    sourceHash: isSame ? prepared.sourceHash : '',
    snapshot: isSame ? prepared.snapshot : '',
    coverIds: toCoverIds(trace.coverIds, article.coverId),
    ...{ mediaId, createTime, fingerprint: isOurs ? found : null },
  };
  const next = await save({ ...scene, remote: trace.draft }, entry);
  run.onStep({ kind: 'verify', path: read.at.path });
  return { ...next, draft: isOurs ? 'as-stored' : 'edited' };
}

/** More than one draft is the post's by its looks. */
export async function several(scene: Scene): Promise<Scene> {
  const [mediaId = '', ...others] = scene.trace?.kind === 'drafts' ? scene.trace.mediaIds : [];
  throw new WxsyncError('duplicate-drafts', { args: { ...fileOf(scene), mediaId, others: others.join(', ') } });
}

/** A cover without a draft: its draft may be on its way, published, deleted, or never have been sent. */
export async function weigh(scene: Scene): Promise<Scene> {
  const { run, read, trace } = scene;
  if (trace?.kind !== 'cover') throw new Error('weigh needs a cover');
  const content = (await toPage(scene)).html;
  const deadline = toDeadline({ ...read.fields, content, coverId: '' }, run.clocks.timeoutMs);
  // A cover of the future has the age that a cover of now has: the two clocks are not the same.
  const uploaded = Math.min(trace.time * 1000 + 999, trace.seenAt);
  const settled = uploaded + COVER_PATIENCE_MS + deadline + run.clocks.quietMs;
  // What counts is when the box was looked through: the draft may have landed since.
  if (trace.seenAt < settled) {
    await waitUntil(scene, settled);
    return { ...scene, trace: null, scanSince: performance.now() };
  }
  // The next cover is a fresh one: its age is what tells another run without a receipt that a send is on its way.
  const known: Entry = { ...toNewEntry(scene), coverIds: trace.coverIds };
  return judgeGone(scene, { entry: known, since: trace.since, time: trace.time });
}

/** A draft that was there and is not any more. */
export async function gone(scene: Scene): Promise<Scene> {
  const { entry } = scene;
  if (entry === null) throw new Error('gone needs a draft');
  const time = entry.createTime ?? 0;
  return judgeGone(scene, { entry, since: time, time });
}

/** Published: for a person. Deleted: made again. Where WeChat does not tell which: for a person, until one has said so. */
async function judgeGone(
  scene: Scene,
  { entry, since, time }: { readonly entry: Entry; readonly since: number; readonly time: number },
): Promise<Scene> {
  const found = await findPublished(scene.run.client, entry.coverIds, since);
  if (found === 'published') throw new WxsyncError('published', { args: fileOf(scene) });
  if (found === 'unreadable') {
    await save(scene, { ...entry, state: 'blocked', createTime: time });
    throw blocked(scene, time);
  }
  const { replacing: _, updating: _updating, ...rest } = entry;
  const nothing = { mediaId: null, createTime: null, fingerprint: null, coverSource: null } as const;
  const next = await save(scene, { ...rest, ...nothing, state: 'prepared', rev: rest.rev + 1 });
  return { ...next, draft: 'not-asked', remote: null };
}

/** `time` in seconds of WeChat's clock. */
export function blocked(scene: Scene, time: number | null): WxsyncError {
  const date = time === null || time === 0 ? '?' : new Date(time * 1000).toISOString().slice(0, 10);
  return new WxsyncError('blocked', { args: { ...fileOf(scene), date } });
}

function toNewEntry({ read, run }: Scene): Entry {
  const { title } = read.fields;
  return createEntry({ path: read.at.path, title, appId: run.appId, renderer: run.renderer });
}
