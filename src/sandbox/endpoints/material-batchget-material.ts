// POST /cgi-bin/material/batchget_material: a page of the library, newest first.
import { createEndpoint } from '../endpoint.ts';
import { PAGES } from '../evidence.ts';
import { parseJsonBody } from '../json-body.ts';
import { BODY_RULES, PAGE_RULE, type PageInput, slicePage, toPage, toText } from './body-rules.ts';

interface ListInput extends PageInput {
  readonly type: string | null;
  readonly lagMs: number;
}

const TYPES: readonly (string | null)[] = ['image', 'video', 'voice', 'news'];

export const materialBatchgetMaterial = createEndpoint<ListInput>({
  path: 'material/batchget_material',
  method: 'POST',
  auth: 'token',
  effect: 'reads',
  read: (call) => {
    const body = parseJsonBody(call.body);
    return { ...toPage(body), type: toText(body.fields, 'type'), lagMs: call.lagMs };
  },
  rules: [
    ...BODY_RULES,
    {
      errcode: 40004,
      says: 'type is not image, video, voice or news',
      confidence: 'documented',
      source: PAGES.listMaterial,
      refuses: ({ type }) => !TYPES.includes(type),
    },
    PAGE_RULE,
  ],
  run(input, { store }) {
    // A thumb is an image of the library; no list of its own is documented.
    const all = store.materials
      .list(input.lagMs)
      .filter(({ type }) => type === input.type || (type === 'thumb' && input.type === 'image'));
    const item = slicePage(all, input).map(({ mediaId, name, updateTime, url }) => ({
      media_id: mediaId,
      name,
      update_time: updateTime,
      ...(url === '' ? {} : { url }),
    }));
    return { body: { item, total_count: all.length, item_count: item.length } };
  },
});
