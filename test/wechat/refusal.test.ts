// A refusal becomes the error whose sentence can be filled, in both languages, with clean text.
import { describe, expect, test } from 'vitest';
import { ERRCODES } from '../../src/facts/errcodes.ts';
import { errorsEn } from '../../src/report/messages.en.ts';
import { errorsZh } from '../../src/report/messages.zh.ts';
import { cleanErrmsg, findIp, type Refusal, toRefusalError } from '../../src/wechat/refusal.ts';
import { APP_ID, expectNoSecret, SECRET, TOKEN } from './fixture.ts';

const refusal = (part: Partial<Refusal>): Refusal => ({
  errcode: 40007,
  errmsg: 'invalid media_id',
  endpoint: '/cgi-bin/draft/add',
  appId: APP_ID,
  src: 'pictures/a.png',
  secrets: [SECRET, TOKEN],
  ...part,
});

describe('which error', () => {
  test.each([
    ['/cgi-bin/draft/add', 40001, 'credentials-refused'],
    ['/cgi-bin/stable_token', 40001, 'secret-invalid'],
    ['/cgi-bin/token', 40001, 'secret-invalid'],
    ['/cgi-bin/stable_token', 40125, 'secret-invalid'],
    ['/cgi-bin/stable_token', 41004, 'secret-invalid'],
    ['/cgi-bin/stable_token', 40013, 'appid-invalid'],
    ['/cgi-bin/stable_token', 41002, 'appid-invalid'],
    ['/cgi-bin/stable_token', 40243, 'secret-frozen'],
    ['/cgi-bin/stable_token', 40164, 'ip-not-allowed'],
    ['/cgi-bin/stable_token', 89503, 'confirm-needed'],
    ['/cgi-bin/draft/add', 40014, 'credentials-refused'],
    ['/cgi-bin/draft/add', 42001, 'credentials-refused'],
    ['/cgi-bin/draft/add', 40007, 'cover-refused'],
    ['/cgi-bin/draft/add', 45002, 'field-too-long'],
    ['/cgi-bin/draft/add', 45009, 'quota-used-up'],
    ['/cgi-bin/draft/add', 45011, 'rate-limited'],
    ['/cgi-bin/draft/add', 45166, 'content-refused'],
    ['/cgi-bin/draft/add', 48001, 'api-unauthorized'],
    ['/cgi-bin/draft/add', 48004, 'account-limited'],
    ['/cgi-bin/draft/add', 53402, 'cover-refused'],
    ['/cgi-bin/draft/add', 88000, 'no-comment-right'],
    ['/cgi-bin/media/uploadimg', 40009, 'media-refused'],
    ['/cgi-bin/draft/add', 99999999, 'wechat-refused'],
  ])('%s answers %i: %s', (endpoint, errcode, code) => {
    expect(toRefusalError(refusal({ endpoint, errcode }))).toMatchObject({ code, errcode });
  });
});

test.each([...ERRCODES.keys(), 99999999])('every sentence about %i can be filled', (errcode) => {
  for (const endpoint of ['/cgi-bin/draft/add', '/cgi-bin/stable_token']) {
    const error = toRefusalError(refusal({ errcode, endpoint, errmsg: '' }));
    for (const words of [errorsEn[error.code], errorsZh[error.code]]) {
      const names = [...words.join(' ').matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
      for (const name of names) expect(`${name}: ${error.args[name] ?? ''}`).toMatch(/: .+/);
    }
  }
});

test.each([
  ['invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6aac0063-7ed08fb9-1250f724', '203.0.113.7'],
  ['invalid ip 203.0.113.7, not in whitelist hint: [x] rid: 1-2-3', '203.0.113.7'],
  ['invalid ip ::ffff:203.0.113.7, not in whitelist', '203.0.113.7'],
  ['invalid ip 2001:db8::7, not in whitelist rid: 6aac0063-7ed08fb9-1250f724', '2001:db8::7'],
  ['not in whitelist rid: 6aac0063-7ed08fb9-1250f724', null],
  ['', null],
])('the address in %j is %s', (errmsg, ip) => {
  expect(findIp(errmsg)).toBe(ip);
});

describe('cleanErrmsg', () => {
  test.each([
    ['plain', 'api unauthorized rid: 1-2-3', 'api unauthorized rid: 1-2-3'],
    ['escape codes', 'a\u001b]52;c;x\u0007b\r\n::set-env', 'a ]52;c;x b ::set-env'],
    ['direction marks', 'a\u202eb\u2028c', 'a b c'],
    ['a secret', `bad ${SECRET}!`, 'bad ***!'],
    ['a secret as in a URL', `bad ${encodeURIComponent(TOKEN)}!`, 'bad ***!'],
  ])('%s', (_name, errmsg, clean) => {
    expect(cleanErrmsg(errmsg, [SECRET, TOKEN, ''])).toBe(clean);
  });

  test('keeps the rid of a long text, whole letters, 200 at most', () => {
    const clean = cleanErrmsg(`${'😀'.repeat(300)} rid: 6aac0063-7ed08fb9-1250f724`, []);
    expect([...clean].length).toBeLessThanOrEqual(200);
    expect(clean).toMatch(/^(😀)+… rid: 6aac0063-7ed08fb9-1250f724$/u);
  });
});

test('an error holds no secret that WeChat echoed', () => {
  expectNoSecret(toRefusalError(refusal({ errmsg: `${SECRET} ${TOKEN} ${encodeURIComponent(TOKEN)}` })));
});
