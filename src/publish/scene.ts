// All that is known of one post's publishing at a moment, and how its entry is kept before anything else happens.

import { WxsyncError } from '../errors.ts';
import type { Finding } from '../facts/findings.ts';
import { errorCode } from '../local/files.ts';
import { type PlacedImage, render } from '../render/render.ts';
import type { RemoteDraft } from '../wechat/client.ts';
import type { Known } from './decide.ts';
import { type Entry, isLive } from './entry.ts';
import type { Lease } from './lease.ts';
import type { Prepared } from './prepare.ts';
import type { ReadPost } from './read.ts';
import type { ImageResult, PostStatus, Reason } from './result.ts';
import type { Run } from './run.ts';
import type { Trace } from './scan.ts';
import { toSource } from './source.ts';

export interface Scene {
  readonly read: ReadPost;
  readonly run: Run;
  readonly prepared: Prepared;
  readonly lease: Lease;
  readonly entry: Entry | null;
  /** What the account holds of a post without an entry; null: not asked yet. */
  readonly trace: Trace | null;
  /** What was found in the account before this moment (`performance.now()`) is too old. */
  readonly scanSince: number;
  /** The draft box as far as it was asked. */
  readonly draft: Known['draft'];
  readonly remote: RemoteDraft | null;
  /** WeChat did not know this post's cover, so another one is uploaded; that is done once. */
  readonly coverRenewed: boolean;
  readonly flag: { readonly before: boolean | null; readonly after: boolean | null };
  readonly status: PostStatus;
  readonly reason: Reason | null;
  readonly images: readonly ImageResult[];
  readonly findings: readonly Finding[];
  /** No further step: the result is in the scene. */
  readonly ended: boolean;
}

/** Writes the entry to the lease's copy and to the ledger, durably. Throws `ledger-unwritable` or `ledger-not-written`. */
export async function save(scene: Scene, entry: Entry): Promise<Scene> {
  const { read, run, lease } = scene;
  try {
    await lease.keep(entry);
    await run.ledgerOf(read.at).write(entry);
  } catch (error) {
    const args = { ...fileOf(scene), path: '.wxsync/posts', mediaId: entry.mediaId ?? '', detail: errorCode(error) };
    const isDone = entry.state === 'drafted' || (isLive(entry) && entry.updating === undefined);
    throw new WxsyncError(isDone ? 'ledger-not-written' : 'ledger-unwritable', { args, cause: error });
  }
  return { ...scene, entry };
}

/** The page with the pictures where they are now; a diagram that was drawn is a picture wherever it is. */
export function toPage(
  { read, prepared }: Pick<Scene, 'read' | 'prepared'>,
  placed: ReadonlyMap<string, PlacedImage> = new Map(),
) {
  const { post, theme, settings, links, page } = read;
  const diagrams = new Set(page.diagrams.map(({ key }) => key));
  const drawn = prepared.body.filter(({ src }) => diagrams.has(src));
  const images = new Map(drawn.map(({ src, image }): [string, PlacedImage] => [src, { ...image, url: src }]));
  return render(toSource(post), { theme, settings, links, images: new Map([...images, ...placed]) });
}

export function fileOf({ read }: Scene): { readonly file: string } {
  return { file: read.at.path };
}

/** Waits, but not after the caller wants to stop. */
export async function pause(ms: number, stop: AbortSignal): Promise<void> {
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(ms, undefined, { signal: stop }).catch(() => undefined);
}

/** Ends at once with `waiting` when the caller does not want to wait or wants to stop. `time` in ms. */
export async function waitUntil({ run, read }: Scene, time: number): Promise<void> {
  for (;;) {
    const left = time - run.now();
    if (left <= 0) return;
    if (!run.wishes.wait || run.stop.aborted) {
      throw new WxsyncError('waiting', { args: { when: new Date(time).toISOString() } });
    }
    run.onStep({ kind: 'wait', path: read.at.path, seconds: Math.ceil(left / 1000) });
    await pause(Math.min(left, 1_000), run.stop);
  }
}
