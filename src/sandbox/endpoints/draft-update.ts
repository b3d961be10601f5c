// POST /cgi-bin/draft/update: one article of a draft, replaced whole; the media id stays.
import { createEndpoint, OK, type Rule, toEach } from '../endpoint.ts';
import { PAGES } from '../evidence.ts';
import { isFields, parseJsonBody } from '../json-body.ts';
import { ARTICLE_RULES, type ArticleInput, toArticle, toArticleInput, toArticleSummary } from './article-rules.ts';
import { BODY_RULES, type JsonInput, toText } from './body-rules.ts';
import { DRAFT_RULE } from './draft-rules.ts';

interface UpdateInput extends JsonInput {
  readonly mediaId: string | null;
  readonly index: unknown;
  /** Null when `articles` is no object. */
  readonly article: ArticleInput | null;
}

const SHAPE_RULE: Rule<UpdateInput> = {
  errcode: 47001,
  says: 'articles is not one object (a list is refused)',
  confidence: 'observed',
  source: 'two publishers; draft/add takes a list, draft/update does not',
  refuses: ({ article }) => article === null,
};

const INDEX_RULE: Rule<UpdateInput> = {
  errcode: 40114,
  says: 'index is not the place of an article, counted from 0',
  confidence: 'documented',
  source: PAGES.draftUpdate,
  refuses: ({ mediaId, index }, { store }) => {
    const length = store.drafts.get(mediaId ?? '')?.articles.length ?? 0;
    return typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= length;
  },
};

export const draftUpdate = createEndpoint<UpdateInput>({
  path: 'draft/update',
  method: 'POST',
  auth: 'token',
  effect: 'writes',
  async read(call, { links }) {
    const body = parseJsonBody(call.body);
    const value = body.fields?.['articles'];
    return {
      body,
      mediaId: toText(body.fields, 'media_id'),
      index: body.fields?.['index'],
      article: isFields(value) ? await toArticleInput(value, links) : null,
    };
  },
  rules: [
    ...BODY_RULES,
    SHAPE_RULE,
    DRAFT_RULE,
    INDEX_RULE,
    ...ARTICLE_RULES.map((rule) => toEach(({ article }: UpdateInput) => (article === null ? [] : [article]), rule)),
  ],
  summarise: ({ mediaId, article }) => ({ mediaId: mediaId ?? '', ...toArticleSummary(article ?? undefined) }),
  run({ mediaId, index, article }, { store, now }) {
    const draft = store.drafts.get(mediaId ?? '');
    if (draft === null || article === null) throw new Error('a rule let an unknown draft pass');
    const articles = draft.articles.map((kept, at) => (at === index ? toArticle(article) : kept));
    store.drafts.put({ ...draft, articles, updateTime: Math.floor(now() / 1000) });
    return { body: OK };
  },
});
