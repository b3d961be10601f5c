// POST /cgi-bin/draft/add: a new draft on every call, because WeChat knows no request id.
import { createEndpoint, type Rule, toEach } from '../endpoint.ts';
import { PAGES } from '../evidence.ts';
import { parseJsonBody } from '../json-body.ts';
import { createMediaId } from '../store.ts';
import { ARTICLE_RULES, type ArticleInput, toArticle, toArticleInput, toArticleSummary } from './article-rules.ts';
import { BODY_RULES, type JsonInput } from './body-rules.ts';

interface AddInput extends JsonInput {
  readonly articles: readonly ArticleInput[];
}

const MAX_ARTICLES = 8;

const LIST_RULES: readonly Rule<AddInput>[] = [
  {
    errcode: 44003,
    says: 'articles is missing, no list, or an empty one',
    confidence: 'observed',
    source: 'community thread 0004e493c98ba899711e22e9054400',
    refuses: ({ articles }) => articles.length === 0,
  },
  {
    errcode: 45008,
    says: 'there are more than 8 articles',
    confidence: 'assumed',
    source: `the figure: client libraries, no page states it; the code: ${PAGES.codes}`,
    refuses: ({ articles }) => articles.length > MAX_ARTICLES,
  },
];

export const draftAdd = createEndpoint<AddInput>({
  path: 'draft/add',
  method: 'POST',
  auth: 'token',
  effect: 'writes',
  async read(call, { links }) {
    const body = parseJsonBody(call.body);
    const list = body.fields?.['articles'];
    const values = Array.isArray(list) ? list.slice(0, MAX_ARTICLES + 1) : [];
    return { body, articles: await Promise.all(values.map((value) => toArticleInput(value, links))) };
  },
  rules: [...BODY_RULES, ...LIST_RULES, ...ARTICLE_RULES.map((rule) => toEach(toArticles, rule))],
  summarise: ({ articles }) => toArticleSummary(articles[0]),
  run({ articles }, { store, appId, now }) {
    const mediaId = createMediaId();
    const time = Math.floor(now() / 1000);
    store.drafts.put({
      appId,
      mediaId,
      serial: store.nextSerial(),
      createTime: time,
      updateTime: time,
      articles: articles.map(toArticle),
    });
    return { body: { media_id: mediaId, item: [] }, summary: { mediaId } };
  },
});

function toArticles({ articles }: AddInput): readonly ArticleInput[] {
  return articles;
}
