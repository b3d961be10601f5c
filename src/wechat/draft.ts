// Articles on the wire: ours into WeChat's fields, WeChat's drafts into ours; it knows no request and judges no content.
import { isText, type Json, toObject } from './answer.ts';

/** One article as it is sent. Lengths are WeChat's matter and were checked before. */
export interface Article {
  readonly title: string;
  readonly author: string | null;
  readonly digest: string | null;
  /** WeChat's HTML. */
  readonly content: string;
  readonly sourceUrl: string | null;
  /** Media id of the permanent picture that is the cover. */
  readonly coverId: string;
  /** Null says nothing about comments. */
  readonly comments: { readonly open: boolean; readonly fansOnly: boolean } | null;
  /** Parts of the cover as `X1_Y1_X2_Y2`, shares of width and height from the top left, at most six decimals. */
  readonly crops?: { readonly wide?: string; readonly square?: string };
  /** Fields of the remote draft that we do not manage (`RemoteArticle.rest`), sent back on update. */
  readonly carried?: Json;
}

export interface RemoteDraft {
  readonly mediaId: string;
  /** Seconds since 1970; null when WeChat does not say. */
  readonly createTime: number | null;
  readonly updateTime: number | null;
  readonly articles: readonly RemoteArticle[];
}

/** One article as WeChat keeps it; text that is missing (as `content` in a list without it) is empty. */
export interface RemoteArticle {
  readonly title: string;
  readonly author: string;
  readonly digest: string;
  readonly content: string;
  readonly sourceUrl: string;
  readonly coverId: string;
  /** A preview link that expires. */
  readonly url: string;
  readonly thumbUrl: string;
  readonly openComment: boolean;
  readonly fansOnly: boolean;
  /** Every field not named above, as it came. */
  readonly rest: Json;
}

/**
 * An article as draft/add and draft/update take it. On `add` an empty field stays out; on `update`, which replaces
 * the whole article, it is sent empty, so that nothing old survives.
 * Source: developers.weixin.qq.com/doc/subscription/api/draftbox/draftmanage/api_draft_add.html
 */
export function toWireArticle(article: Article, purpose: 'add' | 'update'): Json {
  const optional = (key: string, text: string | null): Json =>
    isText(text) ? { [key]: text } : purpose === 'update' ? { [key]: '' } : {};
  return {
    ...article.carried,
    title: article.title,
    ...optional('author', article.author),
    ...optional('digest', article.digest),
    content: article.content,
    ...optional('content_source_url', article.sourceUrl),
    thumb_media_id: article.coverId,
    ...(article.comments === null
      ? {}
      : {
          need_open_comment: Number(article.comments.open),
          only_fans_can_comment: Number(article.comments.fansOnly),
        }),
    ...(article.crops?.wide === undefined ? {} : { pic_crop_235_1: article.crops.wide }),
    ...(article.crops?.square === undefined ? {} : { pic_crop_1_1: article.crops.square }),
  };
}

/**
 * A draft from an answer of draft/get (`news_item` and times at the top) or an item of draft/batchget (inside
 * `content`). Null when it is not one.
 */
export function toRemoteDraft(mediaId: string, content: Json): RemoteDraft | null {
  const items = content['news_item'];
  if (!Array.isArray(items)) return null;
  const articles = items.map(toObject);
  if (!articles.every((item) => item !== null)) return null;
  return {
    mediaId,
    createTime: toSeconds(content['create_time']),
    updateTime: toSeconds(content['update_time']),
    articles: articles.map(toRemoteArticle),
  };
}

/** The items of a draft/batchget page. Null when one of them is not a draft. */
export function toRemoteDrafts(items: readonly unknown[]): readonly RemoteDraft[] | null {
  const drafts = items.map((item) => {
    const object = toObject(item);
    const content = toObject(object?.['content']);
    const mediaId = object?.['media_id'];
    if (content === null || !isText(mediaId)) return null;
    return toRemoteDraft(mediaId, { update_time: object?.['update_time'], ...content });
  });
  return drafts.every((draft) => draft !== null) ? drafts : null;
}

/** Seconds since 1970 from a number or numeric string; null for anything else. */
export function toSeconds(value: unknown): number | null {
  const seconds = isText(value) ? Number(value) : value;
  return typeof seconds === 'number' && Number.isSafeInteger(seconds) && seconds > 0 ? seconds : null;
}

function toRemoteArticle(item: Json): RemoteArticle {
  const {
    title,
    author,
    digest,
    content,
    content_source_url,
    thumb_media_id,
    url,
    thumb_url,
    need_open_comment,
    only_fans_can_comment,
    ...rest
  } = item;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const flag = (value: unknown): boolean => value === true || Number(value) === 1;
  return {
    title: text(title),
    author: text(author),
    digest: text(digest),
    content: text(content),
    sourceUrl: text(content_source_url),
    coverId: text(thumb_media_id),
    url: text(url),
    thumbUrl: text(thumb_url),
    openComment: flag(need_open_comment),
    fansOnly: flag(only_fans_can_comment),
    rest,
  };
}
