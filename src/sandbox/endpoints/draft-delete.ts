// POST /cgi-bin/draft/delete: a draft leaves the box for good.
import { createEndpoint, OK } from '../endpoint.ts';
import { BODY_RULES } from './body-rules.ts';
import { DRAFT_RULE, type DraftIdInput, toDraftId } from './draft-rules.ts';

export const draftDelete = createEndpoint<DraftIdInput>({
  path: 'draft/delete',
  method: 'POST',
  auth: 'token',
  effect: 'writes',
  read: toDraftId,
  rules: [...BODY_RULES, DRAFT_RULE],
  summarise: ({ mediaId }) => ({ mediaId: mediaId ?? '' }),
  run({ mediaId }, { store }) {
    store.drafts.delete(mediaId ?? '');
    return { body: OK };
  },
});
