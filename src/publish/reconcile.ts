// Compares with WeChat's draft box: finds the draft of a lost send by its cover, and judges a draft that was read back.
import { WxsyncError } from '../errors.ts';
import type { RemoteArticle, RemoteDraft, WechatClient } from '../wechat/client.ts';
import { toBareText, toImageIds } from './fingerprint.ts';
import { readBox } from './scan.ts';

/** The draft that carries one of a post's covers, looked for through the whole box; `not` is known to be another one. */
export async function findDraftByCover(
  client: WechatClient,
  coverIds: readonly string[],
  not: string | null,
): Promise<RemoteDraft | null> {
  const isIt = ({ mediaId, articles }: RemoteDraft) =>
    mediaId !== not && articles.some(({ coverId }) => coverIds.includes(coverId));
  return (await readBox(client, isIt)).find(isIt) ?? null;
}

/** What must read back as it was sent. */
export interface Sent {
  /** The post, for what an error says. */
  readonly file: string;
  readonly mediaId: string;
  readonly title: string;
  readonly coverId: string;
  readonly content: string;
}

/** Throws `verify-failed` when title or cover are not what was sent, `filtered` when images or text are missing. */
export function judgeDraft(article: RemoteArticle, { file, mediaId, title, coverId, content }: Sent): void {
  const fail = (detail: string) => new WxsyncError('verify-failed', { args: { file, mediaId, detail } });
  if (article.title !== title) throw fail(`title: ${article.title}`);
  if (article.coverId !== coverId) throw fail('thumb_media_id');
  const images = [toImageIds(article.content).length, toImageIds(content).length] as const;
  const text = [toBareText(article.content).length, toBareText(content).length] as const;
  const missing = [
    images[0] < images[1] && `images ${images[0]}/${images[1]}`,
    text[0] < text[1] && `text ${text[0]}/${text[1]}`,
  ].filter(Boolean);
  if (missing.length > 0) throw new WxsyncError('filtered', { args: { file, mediaId, detail: missing.join(', ') } });
}
