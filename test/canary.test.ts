// The watch itself: each form of a secret is seen, other text is not, and every stage of the suite is under it.
import { describe, expect, test } from 'vitest';
import { APP_SECRET, findLeak, refuseLeaks, refuseLeaksOf } from './canary.ts';
import { runHere } from './cli/here.ts';
import { fresh, run, toEnv } from './cli/stage.ts';
import { runBash } from './cli/workflow.ts';

const TOKEN = '9N_sandboxc2VjcmV0LXRva2VuLW9mLXRoZS1zYW5kYm94';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe.each([
  ['AppSecret', APP_SECRET],
  ['access token', TOKEN],
])('the %s is seen', (what, secret) => {
  test.each([
    ['raw', secret],
    ['raw', secret.slice(0, 20)],
    ['raw', `https://127.0.0.1/cgi-bin/draft/add?access_token=${secret}&x=1`],
    ['URL-encoded', [...secret].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('')],
    ['escaped', [...secret].map((each) => `\\u00${each.charCodeAt(0).toString(16)}`).join('')],
    ['hex', Buffer.from(secret).toString('hex')],
    ['base64', base64(secret)],
    ['base64', base64(`a${secret}`)],
    ['base64', base64(`ab${secret}z`)],
    ['base64', Buffer.from(`{"token":"${secret}"}`).toString('base64url')],
  ])('%s: %s', (form, text) => {
    expect(findLeak(`before ${text} after`)).toBe(`the ${what}, ${form}`);
    expect(() => refuseLeaks('here', { stderr: `one\ntwo ${text}\n` })).toThrow(/^here: .* in stderr: two /);
  });
});

test.each([
  '',
  'a canary',
  'http://mmbiz.qpic.cn/mmbiz_png/9N_c2VjcmV0LXRva2VuLW9mLXRoZS1zYW5kYm94LWFuLWlkLW9mLWEtcGljdHVyZQ/0',
  'wx0123456789abcdef',
  'AppSecret ***',
  'sha256:0123456789abcdef0123456789abcdef',
])('not in %j', (text) => expect(findLeak(text)).toBeNull());

test('a mask of GitHub may hold it, the line after it may not', () => {
  expect(() => refuseLeaks('here', { stderr: `::add-mask::${TOKEN}\nplain\n` })).not.toThrow();
  expect(() => refuseLeaks('here', { stderr: `::add-mask::x\n${TOKEN}\n` })).toThrow();
});

test('what lies in an error is seen', () => {
  const cause = Object.defineProperty(new Error('x'), 'config', { value: { url: `?t=${TOKEN}` }, enumerable: false });
  expect(() => refuseLeaksOf('here', new Error('plain', { cause }))).toThrow(/access token/);
  expect(() => refuseLeaksOf('here', new Error('plain', { cause: new Error('plain') }))).not.toThrow();
});

/** A path that is not there is repeated; it is no secret of this environment, so that nothing of ours hides it. */
const TELLS = ['publish', `${APP_SECRET}.md`];

test.each<[string, () => Promise<unknown>]>([
  ['a process', () => run(TELLS, { cwd: fresh('leak') })],
  ['a run in this process', () => runHere(TELLS, { cwd: fresh('leak'), env: toEnv() })],
  ['a step of a workflow', () => runBash(['-c', `echo ${APP_SECRET}`], { cwd: fresh('leak'), env: toEnv() })],
])('%s that tells it fails its test', async (_, work) => {
  await expect(work()).rejects.toThrow(/the AppSecret, raw in /);
});
