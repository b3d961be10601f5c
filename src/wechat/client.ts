// WeChat's draft API as typed methods over one private call; it knows nothing of posts, files, ledgers or the sandbox.
import { WxsyncError } from '../errors.ts';
import { isText, type Json, toObject } from './answer.ts';
import { type ClientOptions, createCaller, get, post } from './call.ts';
import { type Article, type RemoteDraft, toRemoteDraft, toRemoteDrafts, toSeconds, toWireArticle } from './draft.ts';
import { toFileBody } from './http.ts';

export type { ClientOptions, WireEvent } from './call.ts';
export type { Article, RemoteArticle, RemoteDraft } from './draft.ts';
export type { StoredToken, TokenStore } from './token.ts';

export interface Picture {
  readonly bytes: Uint8Array;
  /** What the bytes are; WeChat compares it with them. */
  readonly format: 'jpg' | 'png' | 'gif';
  /** File name without extension: letters, digits, `-`, `_`. */
  readonly name: string;
  /** What an error calls the picture; by default its file name. */
  readonly src?: string;
}

export interface Page {
  readonly offset: number;
  /** 1 to 20. */
  readonly count: number;
}

export interface LibraryImage {
  readonly mediaId: string;
  readonly name: string;
  /** Seconds since 1970; null when WeChat does not say. */
  readonly updateTime: number | null;
  readonly url: string;
}

/** One thing that was published, with the covers of its articles. */
export interface PublishedArticles {
  /** Seconds since 1970; null when WeChat does not say. */
  readonly updateTime: number | null;
  readonly coverIds: readonly string[];
}

export type AddOutcome =
  | { readonly kind: 'ok'; readonly mediaId: string }
  | { readonly kind: 'rejected'; readonly errcode: number; readonly error: WxsyncError }
  | { readonly kind: 'not-sent'; readonly error: WxsyncError }
  | { readonly kind: 'unknown'; readonly error: WxsyncError };

/**
 * Every method but `addDraft` rejects with a WxsyncError when its tries are used up, or with the signal's reason.
 * Endpoint facts: developers.weixin.qq.com/doc/subscription/api/, pages draftbox, material and base.
 */
export interface WechatClient {
  /** Asks for the token now, so that it overlaps other work. The promise may be left alone. */
  ready(): Promise<void>;
  /** A picture of an article's body (JPEG or PNG, below 1 MB). The URL is WeChat's, often `http:`. */
  uploadImage(picture: Picture): Promise<{ url: string }>;
  /** A permanent picture in the library (10 MB). */
  addMaterial(picture: Picture): Promise<{ mediaId: string; url: string }>;
  /**
   * Sends once; only a refused token makes it send again, since then nothing was done. `announce` is waited for right
   * before each send; what it throws comes through and nothing is sent.
   */
  addDraft(article: Article, announce?: () => Promise<void>): Promise<AddOutcome>;
  /**
   * Replaces a draft's first article. errcode 40007 speaks of the draft or of the cover; `getDraft` tells which.
   * `bad-answer` with status 501 is a firewall that takes the text for an attack and will not change its mind.
   */
  updateDraft(mediaId: string, article: Article): Promise<void>;
  /** Null: there is no such draft (40007); deleted or published. */
  getDraft(mediaId: string): Promise<RemoteDraft | null>;
  listDrafts(
    page: Page & { readonly content: 'with' | 'without' },
  ): Promise<{ total: number; items: readonly RemoteDraft[] }>;
  deleteDraft(mediaId: string): Promise<'deleted' | 'gone'>;
  countDrafts(): Promise<number>;
  listImages(page: Page): Promise<{ total: number; items: readonly LibraryImage[] }>;
  /** What was published, newest first in practice. Null: WeChat does not tell this account (personal and unverified ones). */
  listPublished(page: Page): Promise<{ total: number; items: readonly PublishedArticles[] } | null>;
  /** Addresses of the API; the cheapest call that shows whether the token is good. */
  domainIps(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Twenty articles of 1 MB each, escaped. */
const MAX_LIST = 64_000_000;
const NO_SUCH_ID = 40007;

/**
 * A client for one account. Opens nothing before the first call; holds its secrets where no inspection sees them.
 * Throws `setting-invalid` under a NODE_DEBUG that would print the token.
 */
export function createClient(options: ClientOptions): WechatClient {
  const { ready, call, callOnce, close } = createCaller(options);

  async function upload<T>(
    picture: Picture,
    endpoint: { path: string; query?: string; read: (value: Json) => T | null },
  ): Promise<T> {
    const fileName = `${picture.name.replace(/[^\w-]/g, '-')}.${picture.format}`;
    const body = await toFileBody(fileName, picture.bytes);
    return call({ method: 'POST', body, src: picture.src ?? fileName, ...endpoint });
  }

  return {
    ready,

    uploadImage: (picture) => upload(picture, { path: '/cgi-bin/media/uploadimg', read: readUrl }),

    addMaterial: (picture) =>
      upload(picture, {
        path: '/cgi-bin/material/add_material',
        query: '&type=image',
        read: (value) => {
          const mediaId = readMediaId(value);
          return mediaId === null ? null : { mediaId, url: readUrl(value)?.url ?? '' };
        },
      }),

    async addDraft(article, announce) {
      const outcome = await callOnce({
        ...post('/cgi-bin/draft/add', { articles: [toWireArticle(article, 'add')] }),
        connection: 'fresh',
        read: readMediaId,
        ...(announce && { announce }),
      });
      if (outcome.kind === 'ok') return { kind: 'ok', mediaId: outcome.value };
      const { retry: _never, ...ended } = outcome;
      return ended;
    },

    updateDraft: (mediaId, article) =>
      call({
        ...post('/cgi-bin/draft/update', { media_id: mediaId, index: 0, articles: toWireArticle(article, 'update') }),
        read: readDone,
      }).then(() => undefined),

    getDraft: (mediaId) =>
      orWhenGone(
        call({
          ...post('/cgi-bin/draft/get', { media_id: mediaId }),
          maxBytes: MAX_LIST,
          read: (value) => toRemoteDraft(mediaId, value),
        }),
        null,
      ),

    listDrafts: ({ offset, count, content }) =>
      call({
        ...post('/cgi-bin/draft/batchget', { offset, count, no_content: content === 'with' ? 0 : 1 }),
        maxBytes: MAX_LIST,
        read: (value) => readPage(value, toRemoteDrafts),
      }),

    deleteDraft: (mediaId) =>
      orWhenGone<'deleted' | 'gone'>(
        call({ ...post('/cgi-bin/draft/delete', { media_id: mediaId }), read: readDone }).then(() => 'deleted'),
        'gone',
      ),

    countDrafts: () => call({ ...get('/cgi-bin/draft/count'), read: ({ total_count }) => readCount(total_count) }),

    listImages: ({ offset, count }) =>
      call({
        ...post('/cgi-bin/material/batchget_material', { type: 'image', offset, count }),
        read: (value) => readPage(value, readImages),
      }),

    listPublished: ({ offset, count }) =>
      call({
        ...post('/cgi-bin/freepublish/batchget', { offset, count, no_content: 1 }),
        maxBytes: MAX_LIST,
        read: (value) => readPage(value, readPublished),
      }).catch(whenUnauthorized),

    domainIps: () =>
      call({
        ...get('/cgi-bin/get_api_domain_ip'),
        read: ({ ip_list }) => (Array.isArray(ip_list) ? ip_list.filter(isText) : null),
      }),

    close,
  };
}

/** Turns "no such id" into a value. */
async function orWhenGone<T>(work: Promise<T>, gone: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WxsyncError && error.errcode === NO_SUCH_ID) return gone;
    throw error;
  }
}

/** An account that may not read its publish list is an answer, not a failure. */
function whenUnauthorized(error: unknown): null {
  if (error instanceof WxsyncError && error.code === 'api-unauthorized') return null;
  throw error;
}

/** Endpoints that only do something say so with an errcode of their own. */
function readDone({ errcode }: Json): 'done' | null {
  return Number(errcode ?? Number.NaN) === 0 ? 'done' : null;
}

function readMediaId({ media_id }: Json): string | null {
  return isText(media_id) ? media_id : null;
}

function readUrl({ url }: Json): { url: string } | null {
  return isText(url) && /^https?:\/\//.test(url) ? { url } : null;
}

function readCount(value: unknown): number | null {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : null;
}

function readPage<T>(
  { item, total_count }: Json,
  readItems: (items: readonly unknown[]) => readonly T[] | null,
): { total: number; items: readonly T[] } | null {
  const items = Array.isArray(item) ? readItems(item) : null;
  const total = readCount(total_count);
  return items === null || total === null ? null : { total, items };
}

function readPublished(items: readonly unknown[]): readonly PublishedArticles[] | null {
  const drafts = toRemoteDrafts(items.map((item) => ({ media_id: 'published', ...toObject(item) })));
  return (
    drafts?.map(({ updateTime, articles }) => ({ updateTime, coverIds: articles.map(({ coverId }) => coverId) })) ??
    null
  );
}

function readImages(items: readonly unknown[]): readonly LibraryImage[] | null {
  const images = items.map((item) => {
    const { media_id, name, update_time, url } = toObject(item) ?? {};
    if (!isText(media_id)) return null;
    return {
      mediaId: media_id,
      name: isText(name) ? name : '',
      updateTime: toSeconds(update_time),
      url: isText(url) ? url : '',
    };
  });
  return images.every((image) => image !== null) ? images : null;
}
