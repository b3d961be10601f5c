// Compares with WeChat's draft box: finds the draft of a lost send by its cover, and reads a draft back to verify it.
import { WxsyncError } from '../errors.ts';
import { LIMITS } from '../facts/limits.ts';
import type { RemoteArticle, RemoteDraft, WechatClient } from '../wechat/client.ts';
import { toBareText, toImageIds } from './fingerprint.ts';

const PAGE = LIMITS.listPage.value;

/** The draft that carries one of a post's covers, looked for through the whole box; `not` is known to be another one. */
export async function findDraftByCover(
  client: WechatClient,
  coverIds: readonly string[],
  not: string | null,
): Promise<RemoteDraft | null> {
  for (let offset = 0; ; offset += PAGE) {
    const { total, items } = await client.listDrafts({ offset, count: PAGE, content: 'without' });
    const found = items.find(({ mediaId, articles }) => {
      return mediaId !== not && articles.some(({ coverId }) => coverIds.includes(coverId));
    });
    if (found !== undefined) return found;
    if (items.length === 0 || offset + items.length >= total) return null;
  }
}

/** What must read back as it was sent. */
export interface Sent {
  /** The post, for what an error says. */
  readonly file: string;
  readonly title: string;
  readonly coverId: string;
  readonly content: string;
  /** The draft was read back before, so that its times say nothing of an edit. */
  readonly wasRead: boolean;
}

/**
 * Reads a draft back; null when it is not there. Throws `verify-failed` when nobody has touched it and title or cover
 * differ, `filtered` when images or text are missing then. What somebody has saved is not judged here.
 */
export async function verifyDraft(
  client: WechatClient,
  mediaId: string,
  sent: Sent,
): Promise<{ draft: RemoteDraft; article: RemoteArticle; isTouched: boolean } | null> {
  const fail = (detail: string) => new WxsyncError('verify-failed', { args: { file: sent.file, mediaId, detail } });
  const draft = await client.getDraft(mediaId);
  const article = draft?.articles[0];
  if (draft === null || article === undefined) return null;
  const isTouched = !sent.wasRead && (draft.updateTime ?? 0) > (draft.createTime ?? Number.POSITIVE_INFINITY);
  if (isTouched) return { draft, article, isTouched };
  if (article.title !== sent.title) throw fail(`title: ${article.title}`);
  if (article.coverId !== sent.coverId) throw fail('thumb_media_id');
  const images = [toImageIds(article.content).length, toImageIds(sent.content).length] as const;
  const text = [toBareText(article.content).length, toBareText(sent.content).length] as const;
  const missing = [
    images[0] < images[1] && `images ${images[0]}/${images[1]}`,
    text[0] < text[1] && `text ${text[0]}/${text[1]}`,
  ].filter(Boolean);
  if (missing.length > 0)
    throw new WxsyncError('filtered', { args: { file: sent.file, mediaId, detail: missing.join(', ') } });
  return { draft, article, isTouched };
}
