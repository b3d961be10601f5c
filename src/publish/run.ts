// What one run of publishing works with: account, wire, ledger, leases, clocks, wishes; handed to each post's story.

import type { Post } from '../article/post.ts';
import type { Studio } from '../images/studio.ts';
import type { Cache } from '../local/cache.ts';
import type { Clocks } from '../local/settings.ts';
import type { WrittenPage } from '../preview/file.ts';
import type { WechatClient } from '../wechat/client.ts';
import type { LeaseStore } from './lease.ts';
import type { Ledger } from './ledger.ts';
import type { Prepared, PrepareOptions } from './prepare.ts';
import type { PostFile, ReadPost } from './read.ts';
import type { Scan } from './scan.ts';

/** What the caller asked for. */
export interface Wishes {
  readonly update: boolean;
  /** Treats a true flag as false. */
  readonly force: boolean;
  /** Lets an edit made in WeChat be replaced. */
  readonly overwrite: boolean;
  /** Whether the flag is flipped at the end. */
  readonly flip: boolean;
  /** Waits out the quiet period after a lost answer; else the run ends with `waiting`. */
  readonly wait: boolean;
}

/** A thing that is happening now, for the progress line. */
export type Step = { readonly path: string } & (
  | { readonly kind: 'read' | 'prepare' | 'search' | 'cover' | 'draft' | 'update' | 'verify' | 'flip' | 'settle' }
  | { readonly kind: 'upload'; readonly done: number; readonly total: number }
  | { readonly kind: 'lease'; readonly pid: number; readonly host: string }
  | { readonly kind: 'wait'; readonly seconds: number }
);

/** What a post says of itself, before anything is rendered. */
export interface PostFacts {
  /** As in output. */
  readonly path: string;
  readonly title: string;
  readonly locale: string | null;
  /** With either end of line. */
  readonly snapshots: readonly string[];
  /** Not to be published from a folder. */
  readonly isHidden: boolean;
  readonly flag: Post['flag'];
  /** The text that it shows, as a fingerprint has it; rendered when first asked, null when there is none. */
  readonly readText: () => Promise<string | null>;
}

export interface Run {
  readonly appId: string;
  readonly client: WechatClient;
  readonly wishes: Wishes;
  readonly clocks: Clocks;
  /** The ledger of a post's place. */
  ledgerOf(at: PostFile): Ledger;
  /** hash(AppID, project id, path): the name of the post's lease and cover. */
  markOf(at: PostFile): string;
  readonly leases: LeaseStore;
  /** The posts of a post's project, as its config includes them; read once, when first asked. */
  postsOf(at: PostFile): Promise<readonly PostFacts[]>;
  /** The account as it was found after `since` (`performance.now()`); looked through again only when it must be. */
  scan(since: number): Promise<Scan>;
  readonly leaseWaitMs: number;
  /** Addresses of body images by the hash of the bytes that were sent. */
  readonly uploads: UploadMap;
  readonly fitted: Cache;
  /** Where diagrams are drawn; null: nowhere, as nothing will be sent. */
  readonly studio: Studio | null;
  /** Hosts pictures may come from; null: any public one. */
  allowHostsOf(at: PostFile): readonly string[] | null;
  /** Shows a published post on a page of its own, in a rehearsal; null otherwise. */
  readonly showPage: ((read: ReadPost, prepared: Prepared) => Promise<WrittenPage>) | null;
  /** Version of wxsync, for the entry. */
  readonly renderer: string;
  /** Aborted by the first Ctrl-C, its reason an `interrupted` error: finish a draft in flight, begin and wait for nothing. */
  readonly stop: AbortSignal;
  readonly now: () => number;
  readonly onStep: (step: Step) => void;
}

export interface UploadMap {
  get(key: string): Promise<{ readonly url: string } | null>;
  put(key: string, value: { readonly url: string }): Promise<void>;
}

/** How a run prepares a post: remote pictures are fetched, fitted ones come from the run's cache. */
export function toPrepareOptions(at: PostFile, run: Run): PrepareOptions {
  const { fitted: cache, studio, stop: signal } = run;
  return { cache, studio, mark: run.markOf(at), remote: 'fetch', allowHosts: run.allowHostsOf(at), signal };
}
