// What every JSON endpoint asks of its body first, and how a list asks for its page.
import type { Rule } from '../endpoint.ts';
import { PAGES } from '../evidence.ts';
import type { JsonBody } from '../json-body.ts';
import type { Fields } from '../wire.ts';

export interface JsonInput {
  readonly body: JsonBody;
}

export const BODY_RULES: readonly Rule<JsonInput>[] = [
  {
    errcode: 44002,
    says: 'the body is empty',
    confidence: 'documented',
    source: PAGES.codes,
    refuses: ({ body }) => body.bytes === 0,
  },
  {
    errcode: 47001,
    says: 'the body is not a JSON object in UTF-8 without BOM',
    confidence: 'observed',
    source: `${PAGES.codes}; reports of GBK bodies`,
    refuses: ({ body }) => body.fields === null,
  },
];

/** A field as text, and null when it is something else. */
export function toText(fields: Fields | null, name: string): string | null {
  const value = fields?.[name];
  return typeof value === 'string' ? value : null;
}

export interface PageInput extends JsonInput {
  readonly offset: unknown;
  readonly count: unknown;
}

/** `offset` and `count` of a list. */
export function toPage(body: JsonBody): PageInput {
  return { body, offset: body.fields?.['offset'], count: body.fields?.['count'] };
}

export const PAGE_RULE: Rule<PageInput> = {
  errcode: 40097,
  says: 'offset is not a whole number from 0, or count is not one from 1 to 20',
  confidence: 'assumed',
  source: `the bounds: ${PAGES.draftList}; the code: nobody has reported one`,
  refuses: ({ offset, count }) => !isWhole(offset, 0, Number.MAX_SAFE_INTEGER) || !isWhole(count, 1, 20),
};

/** The slice of a list that a page asks for. */
export function slicePage<T>(items: readonly T[], { offset, count }: PageInput): readonly T[] {
  return items.slice(Number(offset), Number(offset) + Number(count));
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}
