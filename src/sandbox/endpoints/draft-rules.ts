// What every endpoint that names a draft reads and asks first.
import type { Call, Rule } from '../endpoint.ts';
import { PAGES } from '../evidence.ts';
import { parseJsonBody } from '../json-body.ts';
import { type JsonInput, toText } from './body-rules.ts';

export interface DraftIdInput extends JsonInput {
  readonly mediaId: string | null;
}

export function toDraftId(call: Call): DraftIdInput {
  const body = parseJsonBody(call.body);
  return { body, mediaId: toText(body.fields, 'media_id') };
}

export const DRAFT_RULE: Rule<{ readonly mediaId: string | null }> = {
  errcode: 40007,
  says: 'media_id names no draft of this account (deleted and published ones are none)',
  confidence: 'documented',
  source: `${PAGES.draftGet}; ${PAGES.draftDelete}`,
  refuses: ({ mediaId }, { store }) => mediaId === null || store.drafts.get(mediaId) === null,
};
