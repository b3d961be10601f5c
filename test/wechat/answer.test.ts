// The classifier is total: any status, type and bytes become exactly one verdict, and never a better one than deserved.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyAnswer } from '../../src/wechat/answer.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('classifyAnswer', () => {
  test.each([
    ['{}', 'ok'],
    ['{"errcode":0}', 'ok'],
    ['{"errcode":"0"}', 'ok'],
    ['{"errcode":null}', 'ok'],
    ['{"url":"http:\\/\\/mmbiz.qpic.cn\\/x"}', 'ok'],
    ['{"errcode":40001,"errmsg":"no"}', 'refused'],
    ['{"errcode":-1}', 'refused'],
    ['{"errcode":"40001"}', 'refused'],
    ['{"errcode":40001,"errmsg":["no"]}', 'refused'],
    ['{"errcode":40001,"media_id":""}', 'refused'],
    ['{"errcode":40001,"media_id":"M"}', 'bad'],
    ['{"errcode":1.5}', 'bad'],
    ['{"errcode":1e400}', 'bad'],
    ['{"errcode":""}', 'bad'],
    ['{"errcode":"4e4"}', 'bad'],
    ['{"errcode":true}', 'bad'],
    ['{"errcode":[]}', 'bad'],
    ['', 'bad'],
    ['null', 'bad'],
    ['0', 'bad'],
    ['[]', 'bad'],
    ['{"errcode":0', 'bad'],
    ['callback({"errcode":0})', 'bad'],
  ])('%s is %s', (text, kind) => {
    expect(classifyAnswer(200, 'application/json', bytes(text)).kind).toBe(kind);
  });

  test.each([
    ['text/html; charset=utf-8', 'text/html, 5 bytes'],
    ['', 'no content type, 5 bytes'],
    ['\u001b[31m', 'no content type, 5 bytes'],
    [`text/${'x'.repeat(90)}`, `text/${'x'.repeat(40)}, 5 bytes`],
  ])('content type %j is told as %j', (type, detail) => {
    expect(classifyAnswer(502, type, bytes('<p>x<'))).toEqual({ kind: 'bad', detail });
  });

  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string().map(bytes),
    fc.json().map(bytes),
    fc
      .record(
        {
          errcode: fc.oneof(fc.jsonValue(), fc.integer(), fc.constant(0)),
          errmsg: fc.jsonValue(),
          media_id: fc.jsonValue(),
        },
        { requiredKeys: [] },
      )
      .map((value) => bytes(JSON.stringify(value))),
    fc.tuple(fc.json(), fc.nat(40)).map(([text, cut]) => bytes(text.slice(0, cut))),
  );

  test('any answer: one verdict; ok only for 200 and an object without errcode; nothing throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(200, 201, 301, 307, 404, 412, 500, 502),
        fc.string(),
        anyBytes,
        (status, type, body) => {
          const verdict = classifyAnswer(status, type, body);
          expect(['ok', 'refused', 'bad']).toContain(verdict.kind);
          if (verdict.kind === 'bad') return;
          expect(status).toBe(200);
          const value = JSON.parse(new TextDecoder().decode(body)) as { errcode?: unknown };
          if (verdict.kind === 'ok') expect(Number(value.errcode ?? 0)).toBe(0);
          else expect(verdict.errcode).toBe(Number(value.errcode));
        },
      ),
      { numRuns: 5000 },
    );
  });
});
