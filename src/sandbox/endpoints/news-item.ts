// A stored article as draft/get and draft/batchget give it back.
import { createHash } from 'node:crypto';
import { toAutoDigest, toReadBack } from '../content/views.ts';
import type { SandboxArticle, SandboxDraft, Store } from '../store.ts';
import type { Fields } from '../wire.ts';

/** The draft as a list of `news_item`s. With `no-content` the key is left out, as documented for batchget. */
export async function toNewsItems(
  draft: SandboxDraft,
  store: Store,
  parts: 'whole' | 'no-content',
): Promise<readonly Fields[]> {
  return Promise.all(
    draft.articles.map(async (article, index) => ({
      title: article.title,
      author: article.author,
      digest: article.digest === '' ? await toAutoDigest(article.content) : article.digest,
      ...(parts === 'whole' ? { content: await toReadBack(article.content) } : {}),
      content_source_url: article.contentSourceUrl,
      thumb_media_id: article.thumbMediaId,
      show_cover_pic: 0,
      url: toPreviewUrl(draft, index),
      thumb_url: store.materials.get(article.thumbMediaId)?.url ?? '',
      need_open_comment: article.needOpenComment,
      only_fans_can_comment: article.onlyFansCanComment,
      article_type: 'news',
      ...toCoverInfo(article),
    })),
  );
}

function toPreviewUrl(draft: SandboxDraft, index: number): string {
  const hash = createHash('sha256').update(`${draft.mediaId} ${draft.updateTime} ${index}`).digest('hex');
  const account = Buffer.from(String(3_000_000_000 + Number.parseInt(hash.slice(0, 6), 16))).toString('base64');
  const mid = 100_000_000 + draft.serial;
  const sn = hash.slice(0, 32);
  return `http://mp.weixin.qq.com/s?__biz=${account}&mid=${mid}&idx=${index + 1}&sn=${sn}&chksm=${hash}#rd`;
}

/** Crops come back as strings in a list; without crops the key is left out. */
function toCoverInfo({ crop235, crop11 }: SandboxArticle): Fields {
  const rows = [
    { ratio: '2.35_1', crop: crop235 },
    { ratio: '1_1', crop: crop11 },
  ].filter(({ crop }) => crop !== '');
  if (rows.length === 0) return {};
  const crop_percent_list = rows.map(({ ratio, crop }) => {
    const [x1 = '', y1 = '', x2 = '', y2 = ''] = crop.split('_');
    return { ratio, x1, y1, x2, y2 };
  });
  return { cover_info: { crop_percent_list } };
}
