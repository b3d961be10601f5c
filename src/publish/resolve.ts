// Settles a post that waits for a person: writes what the person says into its entry, under the lease; sends nothing.
import { WxsyncError } from '../errors.ts';
import type { RemoteArticle } from '../wechat/client.ts';
import { closeEntry, createEntry, type Entry, isSameDraft, toCoverIds } from './entry.ts';
import { differences, toFingerprint } from './fingerprint.ts';
import { isTakenOver } from './merge.ts';
import { preparePost } from './prepare.ts';
import type { ReadPost } from './read.ts';
import { findHeritage, forget, judgePath, listEntries, readKnown, toInherited, toLikeness } from './rename.ts';
import { type Run, toPrepareOptions } from './run.ts';
import { toSnapshots } from './source-hash.ts';

/** What a person may say of a post's draft. */
export type Resolution =
  /** This draft is the post's, as it stands now. */
  | { readonly kind: 'adopt'; readonly mediaId: string }
  /** Whatever was made is not this post's: begin anew, and never take those for ours. */
  | { readonly kind: 'none' | 'recreate' }
  /** The next publish replaces what stands in the draft. */
  | { readonly kind: 'overwrite' };

/** The new entry, durable. Throws `draft-gone` when the draft to adopt is not there, `nothing-to-overwrite` without a draft of the post. */
export async function resolvePost(read: ReadPost, run: Run, resolution: Resolution): Promise<Entry> {
  const { path } = read.at;
  const ledger = run.ledgerOf(read.at);
  const lease = await run.leases.acquire(run.markOf(read.at), {
    waitMs: run.leaseWaitMs,
    onWait: ({ pid, host }) => run.onStep({ kind: 'lease', path, pid, host }),
  });
  try {
    const { entry } = await readKnown(read.at, lease, run);
    const old = resolution.kind === 'adopt' ? await findOld(resolution.mediaId, { read, run }) : null;
    const freed = old === null || entry === null ? null : toFreed(entry, old);
    const settled = await tellApart(await settle(entry, { read, run, resolution, old, freed }), { read, run });
    // Killed between the two, the draft to adopt is still known by its id; the other one would be by nothing.
    if (old !== null && freed !== null) await leave(old, freed, { read, run });
    await lease.keep(settled);
    await ledger.write(settled);
    if (old !== null && freed === null) await leave(old, null, { read, run });
    return settled;
  } finally {
    await lease.release();
  }
}

/** The receipt of the post under its earlier name, when the draft is that one's. Throws `draft-of-other` when it is a post's that stands. */
async function findOld(mediaId: string, { read, run }: Pick<Case, 'read' | 'run'>): Promise<Entry | null> {
  const { at } = read;
  const entries = await listEntries(at, run);
  const old = entries.find((each) => each.mediaId === mediaId && each.path !== at.path);
  if (old === undefined || entries.some((each) => isTakenOver(old, each))) return null;
  const standing = await judgePath(old, entries, at.place.home);
  const isSaid = toSnapshots(read.bytes).includes(old.snapshot);
  if (standing !== 'said' && (standing !== 'edited' || isSaid)) return old;
  throw new WxsyncError('draft-of-other', { args: { file: at.path, other: old.path, mediaId } });
}

/**
 * The post's own receipt for the path that is free now: there it waits for the post that it is of, or has found it where two
 * have changed places. Null when it names no draft, or the same one.
 */
function toFreed(entry: Entry, old: Entry): Entry | null {
  if (entry.mediaId === null || isSameDraft(old, entry)) return null;
  return { ...toInherited(entry, old.path), rev: Math.max(old.rev, entry.rev) + 1, displaced: true };
}

/** The entry with the drafts that the post looks to be of and, by a person's word, is not: it is not asked for them again. */
async function tellApart(settled: Entry, { read, run }: Pick<Case, 'read' | 'run'>): Promise<Entry> {
  const { entries } = await findHeritage(
    await listEntries(read.at, run),
    toLikeness(read, settled.sourceHash),
    read.at.place.home,
  );
  const alike = entries.flatMap(({ mediaId }) => (mediaId === null || mediaId === settled.mediaId ? [] : [mediaId]));
  const distinct = [...new Set([...(settled.distinct ?? []), ...alike])];
  return distinct.length > 0 ? { ...settled, distinct } : settled;
}

/** Leaves what was freed under the post's earlier name, or nothing, in the ledger and with its lease. */
async function leave(old: Entry, freed: Entry | null, { read, run }: Pick<Case, 'read' | 'run'>): Promise<void> {
  const before = { ...read.at, path: old.path };
  const lease = await run.leases.acquire(run.markOf(before), {
    waitMs: run.leaseWaitMs,
    onWait: ({ pid, host }) => run.onStep({ kind: 'lease', path: old.path, pid, host }),
  });
  try {
    if (freed === null) await forget(before, lease, run);
    else {
      await lease.keep(freed);
      await run.ledgerOf(before).write(freed);
    }
  } finally {
    await lease.release();
  }
}

interface Case {
  readonly read: ReadPost;
  readonly run: Run;
  readonly resolution: Resolution;
  /** The receipt of the post under its earlier name, when it is that draft's. */
  readonly old: Entry | null;
  /** The post's own receipt, when it goes to the earlier name in turn. */
  readonly freed: Entry | null;
}

async function settle(entry: Entry | null, { read, run, resolution, old, freed }: Case): Promise<Entry> {
  const { path } = read.at;
  const title = read.fields.title;
  const known = old === null ? entry : entry === null ? toInherited(old, path) : succeed(entry, old, freed);
  const base = closeEntry(known ?? createEntry({ path, title, appId: run.appId, renderer: run.renderer }));
  switch (resolution.kind) {
    case 'adopt': {
      const { mediaId } = resolution;
      const draft = await run.client.getDraft(mediaId);
      const article = draft?.articles[0];
      if (draft === null || article === undefined)
        throw new WxsyncError('draft-gone', { args: { file: path, mediaId } });
      const fingerprint = toFingerprint(article, { digestSent: read.fields.digest !== null });
      // Untouched: the draft is its own, whatever the post says by now, and the next publish brings that over.
      const own = old ?? (entry?.mediaId === mediaId ? entry : null);
      if (own !== null && isAsLeft(own, article)) {
        // While an update was on its way nobody knew which text the draft has.
        const sourceHash = own.updating === undefined ? base.sourceHash : '';
        const rewritten = own === entry ? { title, snapshot: '' } : {};
        return { ...base, ...rewritten, state: 'verified', sourceHash };
      }
      // Its text is taken for the post's as it is now, so that the next publish only flips.
      const { sourceHash, snapshot } = await toHashes(read, run);
      const coverIds = toCoverIds(base.coverIds, article.coverId);
      const { createTime } = draft;
      return {
        ...base,
        ...{ mediaId, createTime, fingerprint, coverIds, sourceHash, snapshot },
        state: 'verified',
        title: article.title,
        coverSource: null,
        rev: Math.max(1, base.rev),
      };
    }
    case 'overwrite':
      if (entry === null || base.mediaId === null)
        throw new WxsyncError('nothing-to-overwrite', { args: { file: path } });
      return { ...base, state: 'verified', overwrite: true };
    case 'none':
    case 'recreate': {
      const old = [...base.coverIds, ...(base.mediaId === null ? [] : [base.mediaId])];
      const ignored = [...new Set([...(base.ignored ?? []), ...old])];
      const fresh = { coverIds: [], coverSource: null, mediaId: null, createTime: null, fingerprint: null } as const;
      return { ...base, ...fresh, state: 'prepared', rev: base.rev + 1, ...(ignored.length > 0 && { ignored }) };
    }
  }
}

/** The old receipt in the place of the one that stood under the post's path: unless that is freed, what it names is not this post's. */
function succeed(entry: Entry, old: Entry, freed: Entry | null): Entry {
  const renamedFrom = [...new Set([...(entry.renamedFrom ?? []), ...(toInherited(old, entry.path).renamedFrom ?? [])])];
  if (isSameDraft(old, entry)) return { ...entry, renamedFrom };
  const left = freed === null ? [...(entry.ignored ?? []), ...entry.coverIds, entry.mediaId ?? ''] : [];
  const ignored = [...new Set([...(old.ignored ?? []), ...left])].filter(
    (id) => id !== '' && id !== old.mediaId && !old.coverIds.includes(id),
  );
  // The rev outweighs every copy of the one that it replaces.
  const next = { ...old, path: entry.path, rev: Math.max(old.rev, entry.rev) + 1, renamedFrom };
  return ignored.length > 0 ? { ...next, ignored } : next;
}

/** Nobody has worked in the draft since: what the post says now is brought over by the next publish. */
function isAsLeft({ fingerprint }: Entry, article: RemoteArticle): boolean {
  if (fingerprint === null) return false;
  return differences(fingerprint, toFingerprint(article, { digestSent: fingerprint.digest !== '' })).length === 0;
}

async function toHashes(read: ReadPost, run: Run): Promise<Pick<Entry, 'sourceHash' | 'snapshot'>> {
  const preparing = await preparePost(read, toPrepareOptions(read.at, run));
  if (preparing.kind === 'ok') return preparing.prepared;
  throw new WxsyncError('post-invalid', { args: { errors: preparing.findings.length } });
}
