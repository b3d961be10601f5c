// What leaves the two streams: inside GitHub no text starts a command and tokens are masked; elsewhere text is as it was.
import { expect, test } from 'vitest';
import type { Io } from '../../src/local/io.ts';
import { createSpeaker, type Speaker } from '../../src/report/speaker.ts';

const HOSTILE = '::set-output name=a::b';

function listen(env: Io['env'], speak: (speaker: Speaker) => void): { readonly out: string; readonly err: string } {
  let [out, err] = ['', ''];
  const stdout = { write: (text: string) => (out += text) };
  const stderr = { write: (text: string) => (err += text) };
  const io: Pick<Io, 'env' | 'stdout' | 'stderr'> = { env, stdout, stderr };
  speak(createSpeaker(io as Io, { lang: 'en', color: 'never', level: 'normal' }));
  return { out, err };
}

const GITHUB = { GITHUB_ACTIONS: 'true' };

test.each<[string, (speaker: Speaker) => void, string]>([
  ['tell', (speaker) => speaker.tell(HOSTILE), `| ${HOSTILE}\n`],
  ['talk', (speaker) => speaker.talk(`  ${HOSTILE}`), `|   ${HOSTILE}\n`],
  ['complain', (speaker) => speaker.complain('x ##[error]y'), 'x ## [error]y\n'],
  ['progress', (speaker) => speaker.progress(HOSTILE), `| ${HOSTILE}\n`],
  ['annotate', (speaker) => speaker.annotate('::error::x'), '::error::x\n'],
  ['out', (speaker) => speaker.out('{"title":"::x::"}'), '{"title":"::x::"}\n'],
])('%s in GitHub', (_, speak, expected) => {
  const { out, err } = listen(GITHUB, speak);
  expect(out + err).toBe(expected);
});

test('elsewhere text is as it was', () => {
  const { out, err } = listen({}, (speaker) => {
    speaker.tell(HOSTILE);
    speaker.talk(HOSTILE);
  });
  expect([out, err]).toEqual([`${HOSTILE}\n`, `${HOSTILE}\n`]);
});

test.each([
  ['a token that was fetched', { ...GITHUB }, '::add-mask::tok%25en-1234\n'],
  ['what the job was given, GitHub masks itself', { ...GITHUB, WECHAT_APP_SECRET: 'tok%en-1234' }, ''],
  ['elsewhere', { GITLAB_CI: 'true' }, ''],
])('a mask: %s', (_, env, expected) => {
  const { out, err } = listen(env, (speaker) => {
    speaker.keepSecret('tok%en-1234');
    speaker.out('tok%en-1234');
  });
  expect([out, err]).toEqual(['***\n', expected]);
});
