// POST /cgi-bin/draft/batchget: a page of the draft box, newest first.
import { type Call, createEndpoint } from '../endpoint.ts';
import { parseJsonBody } from '../json-body.ts';
import { BODY_RULES, PAGE_RULE, type PageInput, slicePage, toPage } from './body-rules.ts';
import { toNewsItems } from './news-item.ts';

export interface BoxInput extends PageInput {
  readonly isBare: boolean;
  readonly lagMs: number;
}

export function toBox(call: Call): BoxInput {
  const body = parseJsonBody(call.body);
  return { ...toPage(body), isBare: body.fields?.['no_content'] === 1, lagMs: call.lagMs };
}

export const draftBatchget = createEndpoint<BoxInput>({
  path: 'draft/batchget',
  method: 'POST',
  auth: 'token',
  effect: 'reads',
  read: toBox,
  rules: [...BODY_RULES, PAGE_RULE],
  async run(input, { store }) {
    const all = store.drafts.list(input.lagMs);
    const item = await Promise.all(
      slicePage(all, input).map(async (draft) => ({
        media_id: draft.mediaId,
        content: {
          news_item: await toNewsItems(draft, store, input.isBare ? 'no-content' : 'whole'),
          create_time: draft.createTime,
          update_time: draft.updateTime,
        },
        update_time: draft.updateTime,
      })),
    );
    return { body: { item, total_count: all.length, item_count: item.length } };
  },
});
