// The story of one post: prepare, take the lease, then let the decision table name each step; killed anywhere, one rerun finishes it.
import { parsePost } from '../article/post.ts';
import { toExpected, WxsyncError } from '../errors.ts';
import { LIMITS } from '../facts/limits.ts';
import { sha256 } from '../local/cache.ts';
import { readRegularFile } from '../local/files.ts';
import { decide, toKnown } from './decide.ts';
import { preparePost } from './prepare.ts';
import type { ReadPost } from './read.ts';
import { holdOnTo, readKnown } from './rename.ts';
import type { PostResult } from './result.ts';
import { type Run, toPrepareOptions } from './run.ts';
import { type Scene, save } from './scene.ts';
import { toSnapshot } from './source-hash.ts';
import { STEPS } from './steps.ts';

/** Publishes a post that was read and found good. An expected error is in the result; only a bug is thrown. */
export async function publishPost(read: ReadPost, run: Run): Promise<PostResult> {
  let result = toResult(read);
  try {
    if (read.post.flag === 'true' && !run.wishes.update && !run.wishes.force) {
      return { ...result, status: 'skipped', reason: 'already-synced' };
    }
    run.onStep({ kind: 'prepare', path: read.at.path });
    const preparing = await preparePost(read, toPrepareOptions(read.at, run));
    if (preparing.kind === 'invalid')
      return toInvalid({ ...result, findings: [...read.findings, ...preparing.findings] });
    const { prepared } = preparing;
    result = { ...result, findings: [...read.findings, ...prepared.findings] };

    // Nothing was sent yet: who stops now has made no draft.
    run.stop.throwIfAborted();
    const lease = await run.leases.acquire(run.markOf(read.at), {
      waitMs: run.leaseWaitMs,
      stop: run.stop,
      onWait: ({ pid, host }) => run.onStep({ kind: 'lease', path: read.at.path, pid, host }),
    });
    try {
      const current = await readAgain(read);
      const { own, entry: known } = await readKnown(read.at, lease, run);
      const claim = { read: current, sourceHash: prepared.sourceHash, run, lease };
      const entry = known === null ? null : await holdOnTo(known, claim);
      const flag = toFlag(current);
      if (entry === null) await refuseOtherAccount(current, run);
      let scene: Scene = {
        ...{ read: current, run, prepared, lease, entry, flag: { before: flag, after: flag } },
        ...{
          trace: null,
          scanSince: lease.heldSince,
          draft: 'not-asked',
          remote: null,
          coverRenewed: false,
          status: 'unchanged',
          reason: null,
        },
        ...{ images: [], findings: result.findings, ended: false },
      };
      // What only the lease's copy knew must reach the ledger, or it would never be committed.
      if (entry !== null && entry !== own) scene = await save(scene, entry);
      while (!scene.ended) {
        scene =
          await STEPS[
            decide(toKnown({ ...scene, flag: scene.flag.before, wishes: run.wishes, sourceHash: prepared.sourceHash }))
              .do
          ](scene);
        const { status, reason, images, findings } = scene;
        result = {
          ...result,
          status,
          reason,
          images,
          findings,
          flag: scene.flag,
          mediaId: scene.entry?.mediaId ?? null,
        };
      }
    } finally {
      await lease.release();
    }
    if (run.showPage === null) return result;
    const page = await run.showPage(read, prepared);
    return { ...result, preview: page.path, findings: [...result.findings, ...page.findings] };
  } catch (error) {
    return { ...result, status: 'failed', reason: null, error: toExpected(error) };
  }
}

/** The flag stands for one account: a draft in another one is for the author to think about. */
async function refuseOtherAccount(read: ReadPost, run: Run): Promise<void> {
  if (run.wishes.force) return;
  const others = await run.ledgerOf(read.at).readAll(read.at.path);
  const other = others.find((each) => each.appId !== run.appId && each.mediaId !== null);
  if (other !== undefined) throw new WxsyncError('other-account', { args: { other: other.appId } });
}

/** Under the lease: the flag may say something else by now; any other change means that this text is old. */
async function readAgain(read: ReadPost): Promise<ReadPost> {
  const file = readRegularFile(read.at.file, LIMITS.postFile.value);
  if (file.kind !== 'ok') throw new WxsyncError('file-changed', {});
  const hash = sha256(file.bytes);
  if (hash === read.sha256) return read;
  if (toSnapshot(file.bytes) !== toSnapshot(read.bytes)) throw new WxsyncError('file-changed', {});
  const { post } = await parsePost({ bytes: file.bytes, path: read.at.path });
  if (post === null) throw new WxsyncError('file-changed', {});
  return { ...read, bytes: file.bytes, sha256: hash, post };
}

/** The result before anything was done. */
export function toResult(read: ReadPost): PostResult {
  const flag = toFlag(read);
  return {
    file: read.at.path,
    status: 'planned',
    reason: null,
    title: read.fields.title,
    mediaId: null,
    flag: { before: flag, after: flag },
    images: [],
    findings: read.findings,
    preview: null,
    error: null,
  };
}

/** A post that must be mended first. */
export function toInvalid(result: PostResult): PostResult {
  const errors = result.findings.filter((each) => each.severity === 'error').length;
  return { ...result, status: 'failed', error: new WxsyncError('post-invalid', { args: { errors } }) };
}

function toFlag(read: ReadPost): boolean | null {
  return read.post.flag === 'absent' ? null : read.post.flag === 'true';
}
