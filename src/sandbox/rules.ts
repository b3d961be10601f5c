// Every belief about WeChat that this sandbox acts on, as one table for the evidence page; it decides nothing.
import type { ContentRule } from './content/rule.ts';
import { STAGE_RULES, STAGES, type Stage } from './content/stages.ts';
import type { RuleFacts } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { type Evidence, groupDigits, PAGES } from './evidence.ts';
import { DAILY_QUOTAS } from './quotas.ts';

/** What is asked of every call before its endpoint sees it, in this order. */
export const GATEWAY_RULES: readonly (RuleFacts & { readonly status?: number })[] = [
  {
    errcode: 0,
    status: 412,
    says: 'a POST without Content-Length (chunked) is answered 412 with an empty body',
    confidence: 'observed',
    source: 'community thread 000a6ca7ae4988a4d9f949d4456800; w7corp/easywechat issues 2172 and 2191',
  },
  {
    errcode: 40066,
    says: 'the path is unknown',
    confidence: 'observed',
    source: 'community thread 0000c4191400908a54fd25d065d000',
  },
  { errcode: 43001, says: 'the endpoint wants GET', confidence: 'documented', source: PAGES.codes },
  { errcode: 43002, says: 'the endpoint wants POST', confidence: 'documented', source: PAGES.stableToken },
  {
    errcode: 41001,
    says: 'access_token is missing; the token is looked at before the body',
    confidence: 'observed',
    source: 'live probes without credentials, 2026-09',
  },
  {
    errcode: 40014,
    says: 'access_token has characters or a length no token has',
    confidence: 'assumed',
    source: `the code: ${PAGES.codes}; which strings get it is not known`,
  },
  {
    errcode: 40001,
    says: 'access_token is unknown, or a newer one replaced it',
    confidence: 'observed',
    source: `live probes without credentials, 2026-09; ${PAGES.tokenOverlap}`,
  },
  { errcode: 42001, says: 'access_token is older than 7,200 s', confidence: 'documented', source: PAGES.token },
  { errcode: 45009, says: 'the calls of the day are used up', confidence: 'documented', source: PAGES.quotas },
];

/** How it behaves where nothing is refused. */
export const BEHAVIOURS: readonly (Evidence & { readonly says: string })[] = [
  {
    says: '/token gives a new token each time; the former works five minutes more',
    confidence: 'documented',
    source: PAGES.tokenOverlap,
  },
  {
    says: 'stable_token repeats its token until five minutes before the end, apart from /token',
    confidence: 'documented',
    source: PAGES.stableToken,
  },
  {
    says: 'force_refresh voids the token at once, 20 times a day and 30 s apart; beyond that the same token comes back',
    confidence: 'assumed',
    source: `the bounds: an older page of stable_token; the answer beyond them is a guess`,
  },
  {
    says: 'the quota day starts at 00:00 in Shanghai',
    confidence: 'assumed',
    source: 'no page names the hour',
  },
  {
    says: '\\uXXXX escapes in a request stay six characters, in what is stored and in what is counted',
    confidence: 'documented',
    source: `${PAGES.draftAdd} (warning at title and author)`,
  },
  {
    says: 'a digest that was not sent comes back as the first 54 characters of the visible text',
    confidence: 'documented',
    source: PAGES.draftAdd,
  },
  {
    says: 'draft/get empties src of each image and gives the address in data-src',
    confidence: 'observed',
    source: 'two publishers, 2026',
  },
  {
    says: 'crops come back in cover_info.crop_percent_list as strings',
    confidence: 'observed',
    source: 'one publisher, 2026',
  },
  {
    says: 'a draft or picture is in the lists at once; the fault lag=MS shows them later',
    confidence: 'assumed',
    source: 'no page speaks of a delay, no publisher has reported one',
  },
  { says: 'lists are newest first', confidence: 'assumed', source: 'practice; no page states the order' },
  {
    says: 'batchget_material names a file as it was uploaded',
    confidence: 'assumed',
    source: PAGES.listMaterial,
  },
  { says: 'the same bytes uploaded twice get two addresses', confidence: 'assumed', source: 'not reported' },
];

export interface RuleRow extends Evidence {
  readonly area: 'gateway' | 'endpoint' | Stage | 'quota' | 'behaviour';
  /** Endpoint path, rule of a content stage, or empty. */
  readonly subject: string;
  readonly errcode: number | null;
  readonly says: string;
}

/** The whole table, area by area, each in the order in which it is applied. */
export function listRules(): readonly RuleRow[] {
  const row = (area: RuleRow['area'], subject: string, errcode: number | null, facts: Evidence & { says: string }) => ({
    area,
    subject,
    errcode,
    says: facts.says,
    confidence: facts.confidence,
    source: facts.source,
  });
  return [
    ...GATEWAY_RULES.map((rule) => row('gateway', '', rule.errcode === 0 ? null : rule.errcode, rule)),
    ...ENDPOINTS.flatMap(({ path, rules }) => rules.map((rule) => row('endpoint', path, rule.errcode, rule))),
    ...STAGES.flatMap((stage) =>
      Object.entries<ContentRule>(STAGE_RULES[stage]).map(([id, rule]) => row(stage, id, rule.refusal ?? null, rule)),
    ),
    ...Object.entries(DAILY_QUOTAS).map(([path, quota]) =>
      row('quota', path, 45009, { ...quota, says: `${groupDigits(quota.calls)} calls a day` }),
    ),
    ...BEHAVIOURS.map((rule) => row('behaviour', '', null, rule)),
  ];
}
