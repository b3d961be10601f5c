// Answers of each kind and the verdict on them; generated ones are in answer.property.test.ts.
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
});
