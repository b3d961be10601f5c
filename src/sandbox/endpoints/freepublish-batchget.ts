// POST /cgi-bin/freepublish/batchget: a page of what was published, for accounts that may read it.
import { createEndpoint } from '../endpoint.ts';
import { PAGES } from '../evidence.ts';
import { BODY_RULES, PAGE_RULE, slicePage } from './body-rules.ts';
import { type BoxInput, toBox } from './draft-batchget.ts';
import { toNewsItems } from './news-item.ts';

export const freepublishBatchget = createEndpoint<BoxInput>({
  path: 'freepublish/batchget',
  method: 'POST',
  auth: 'token',
  effect: 'reads',
  read: toBox,
  rules: [
    {
      errcode: 48001,
      says: 'the account is personal or unverified (profile personal-unverified)',
      confidence: 'documented',
      source: `${PAGES.publishGuide}; measured by publishers 2025-09 and 2026-09`,
      refuses: (_input, { profile }) => profile === 'personal-unverified',
    },
    ...BODY_RULES,
    PAGE_RULE,
  ],
  async run(input, { store }) {
    const all = store.published.list(input.lagMs);
    const item = await Promise.all(
      slicePage(all, input).map(async (published) => {
        const news = await toNewsItems(published, store, input.isBare ? 'no-content' : 'whole');
        return {
          article_id: published.mediaId,
          content: {
            news_item: news.map((article) => ({ ...article, is_deleted: false })),
            create_time: published.createTime,
            update_time: published.updateTime,
          },
          update_time: published.updateTime,
        };
      }),
    );
    return { body: { item, total_count: all.length, item_count: item.length } };
  },
});
