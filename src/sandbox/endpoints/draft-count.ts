// GET /cgi-bin/draft/count: how many drafts the box holds.
import { createEndpoint } from '../endpoint.ts';

export const draftCount = createEndpoint({
  path: 'draft/count',
  method: 'GET',
  auth: 'token',
  effect: 'reads',
  read: () => null,
  rules: [],
  run: (_input, { store }) => ({ body: { total_count: store.drafts.list().length } }),
});
