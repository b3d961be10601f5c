// POST /cgi-bin/draft/get: one draft, as WeChat keeps it.
import { createEndpoint } from '../endpoint.ts';
import { BODY_RULES } from './body-rules.ts';
import { DRAFT_RULE, type DraftIdInput, toDraftId } from './draft-rules.ts';
import { toNewsItems } from './news-item.ts';

export const draftGet = createEndpoint<DraftIdInput>({
  path: 'draft/get',
  method: 'POST',
  auth: 'token',
  effect: 'reads',
  read: toDraftId,
  rules: [...BODY_RULES, DRAFT_RULE],
  summarise: ({ mediaId }) => ({ mediaId: mediaId ?? '' }),
  async run({ mediaId }, { store }) {
    const draft = store.drafts.get(mediaId ?? '');
    if (draft === null) throw new Error('a rule let an unknown draft pass');
    const news_item = await toNewsItems(draft, store, 'whole');
    return { body: { news_item, create_time: draft.createTime, update_time: draft.updateTime } };
  },
});
