// Answers as anything may send them: how each is sorted, and what the client makes of it as the answer to draft/add.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { classifyAnswer } from '../../src/wechat/answer.ts';
import { ARTICLE, createTestClient, TOKEN } from './fixture.ts';
import { startScriptServer } from './script-server.ts';

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const text = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('', 'M1'));
const errcode = fc.oneof(
  fc.constantFrom(0, -1, '0', '-1', 40001, 45009, '45009', 1.5, null, true, [], {}),
  fc.integer(),
  fc.jsonValue({ maxDepth: 1 }),
);
const fields = fc.record(
  { errcode, errmsg: fc.oneof(text, fc.jsonValue({ maxDepth: 1 })), media_id: fc.oneof(text, text, errcode) },
  { requiredKeys: [] },
);
const good = fc.record(
  { media_id: fc.constant('M1'), errcode: fc.constantFrom(0, '0') },
  { requiredKeys: ['media_id'] },
);
/** As WeChat would write them, cut short, with a key named twice, and any bytes. */
const body = fc.oneof(
  good.map((value) => toBytes(JSON.stringify(value))),
  { weight: 4, arbitrary: fields.map((value) => toBytes(JSON.stringify(value))) },
  fc.tuple(fields, fc.nat(40)).map(([value, cut]) => toBytes(JSON.stringify(value).slice(0, cut))),
  fc.tuple(errcode, fields).map(([first, value]) => {
    return toBytes(
      JSON.stringify(value)
        .replace(/^\{/, `{"errcode":${JSON.stringify(first)},`)
        .replace(',}', '}'),
    );
  }),
  fc.json({ maxDepth: 2 }).map(toBytes),
  fc.uint8Array({ maxLength: 60 }),
);
const status = fc.oneof(
  { weight: 4, arbitrary: fc.constant(200) },
  fc.constantFrom(201, 206, 302, 307, 400, 404, 412, 429, 500, 501, 502, 503),
);

/** What an answer says, read again from its bytes in the simplest way; null: no JSON object. */
function read(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/** How often each verdict was reached. */
export type Tally = Readonly<Record<string, number>>;

/** Any answer becomes one verdict, and none better than it deserves. Throws when one does not. */
export function checkVerdicts(numRuns: number, seed: number): Tally {
  const tally: Record<string, number> = {};
  const property = fc.property(status, fc.string(), body, (code, type, bytes) => {
    const verdict = classifyAnswer(code, type, bytes);
    tally[verdict.kind] = (tally[verdict.kind] ?? 0) + 1;
    assert.ok(['ok', 'refused', 'bad'].includes(verdict.kind));
    if (verdict.kind === 'bad') return;
    const said = read(bytes);
    assert.ok(code === 200 && said !== null);
    if (verdict.kind === 'ok') assert.equal(Number(said['errcode'] ?? 0), 0);
    else assert.ok(verdict.errcode === Number(said['errcode']) && verdict.errcode !== 0);
  });
  fc.assert(property, { numRuns, seed });
  return tally;
}

/** The same over a socket: `ok` only with a media id, `rejected` only by a number that says so and with no media id. */
export async function checkSends(numRuns: number, seed: number): Promise<Tally> {
  const tally: Record<string, number> = {};
  let answer = { status: 200, body: Buffer.alloc(0), type: 'application/json' };
  const server = await startScriptServer({ onRequest: () => answer });
  const client = createTestClient(server.root);
  const property = fc.asyncProperty(status, body, async (code, bytes) => {
    answer = { ...answer, status: code, body: Buffer.from(bytes) };
    const outcome = await client.addDraft(ARTICLE);
    tally[outcome.kind] = (tally[outcome.kind] ?? 0) + 1;
    const { media_id: mediaId, errcode: said } = (code === 200 ? read(bytes) : null) ?? {};
    const isMade = typeof mediaId === 'string' && mediaId !== '';
    if (outcome.kind === 'ok') assert.ok(isMade && outcome.mediaId === mediaId && Number(said ?? 0) === 0);
    if (outcome.kind === 'rejected') {
      assert.ok(!isMade && outcome.errcode === Number(said) && outcome.errcode !== 0 && outcome.errcode !== -1);
    }
    assert.notEqual(outcome.kind, 'not-sent');
    assert.ok(!JSON.stringify(outcome).includes(TOKEN));
  });
  try {
    await fc.assert(property, { numRuns, seed });
  } finally {
    await client.close();
    await server.close();
  }
  return tally;
}
