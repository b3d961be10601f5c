// What git complained of, as one line for a person: who says the most, nothing that steers a terminal, no credential.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openGit, toDetail } from '../../src/local/git.ts';
import { fetchCommit, push } from '../../src/local/git-remote.ts';
import { createRemote, GIT_ENV, sh } from '../publish/repository.ts';

const ADVICE = '\nPlease make sure you have the correct access rights\nand the repository exists.\n';
const NO_READ = `fatal: Could not read from remote repository.\n${ADVICE}`;
const BOX = `remote: \nremote: ${'='.repeat(60)}\nremote: \n`;

describe('the line that says most', () => {
  test.each<[string, string, string]>([
    [
      'a deploy key to read only',
      `ERROR: The key is marked as read only.\n${NO_READ}`,
      'ERROR: The key is marked as read only.',
    ],
    [
      'a right to read only',
      `ERROR: Permission to o/r.git denied to me.\n${NO_READ}`,
      'ERROR: Permission to o/r.git denied to me.',
    ],
    [
      'the words of ssh',
      `Warning: Permanently added 'h'.\ngit@h: Permission denied (publickey).\n${NO_READ}`,
      'git@h: Permission denied (publickey).',
    ],
    ['nothing but git', NO_READ, 'fatal: Could not read from remote repository.'],
    [
      'a framed one',
      `${BOX}remote: ERROR: You may not push here.\n${BOX}${NO_READ}`,
      'remote: ERROR: You may not push here.',
    ],
    [
      'over https',
      "remote: Permission to o/r.git denied to me.\nfatal: unable to access 'https://h/o/r.git/': The requested URL returned error: 403\n",
      'remote: Permission to o/r.git denied to me.',
    ],
    [
      'a protected branch',
      "remote: error: GH006: Protected branch update failed.\nremote: \nTo h:o/r.git\n ! [remote rejected]\nerror: failed to push some refs to 'h'\n",
      'remote: error: GH006: Protected branch update failed.',
    ],
    [
      'words of a hook',
      "remote: main is protected\nerror: failed to push some refs to 'h'\n",
      'remote: main is protected',
    ],
    [
      'git alone',
      "warning: x\nfatal: unable to access 'https://h/': Could not resolve host: h\n",
      "fatal: unable to access 'https://h/': Could not resolve host: h",
    ],
    ['something else', '\nwords\n', 'words'],
    ['nothing', '', ''],
    ['no control character', 'remote: \u001b[31merror: no\u0007\u009b5m\u202e\r\n', 'remote: [31merror: no5m'],
  ])('%s', (_, stderr, detail) => {
    expect(toDetail(stderr)).toBe(detail);
  });
});

test('a ref of the remote that names a file and no commit is told, and not asked for again and again', async () => {
  const remote = createRemote({ 'a.md': 'words' });
  const ref = 'refs/wxsync/file';
  sh(remote.folder, 'update-ref', ref, sh(remote.folder, 'rev-parse', 'main:a.md').trim());
  await expect(fetchCommit(remote.clone().git, { remote: 'origin', ref })).rejects.toMatchObject({
    code: 'git-failed',
    args: { command: 'git fetch', detail: expect.stringMatching(/^no commit: refs\/wxsync\/file [0-9a-f]{40}$/) },
  });
});

test('a server behind ssh that lets nobody push: its own words, and no push to be tried again', async () => {
  const clone = createRemote({ 'a.md': 'words' }).clone();
  const ssh = join(clone.folder, '.git', 'ssh');
  mkdirSync(ssh);
  writeFileSync(join(ssh, 'ssh'), '#!/bin/sh\necho "ERROR: Permission to o/r.git denied to me." >&2\nexit 1\n');
  chmodSync(join(ssh, 'ssh'), 0o755);
  const git = openGit(clone.folder, { ...GIT_ENV, GIT_SSH: join(ssh, 'ssh') });
  const remote = 'ssh://me:canary@h.invalid/o/r.git?key=canary';
  const answer = await push(git, { remote, ref: 'refs/heads/main', commit: 'HEAD' });
  expect(answer).toEqual({ kind: 'denied', detail: 'ERROR: Permission to o/r.git denied to me.' });
});

test('addresses in complaints have neither credentials nor a query', async () => {
  const clone = createRemote({ 'a.md': 'words' }).clone();
  const { stderr } = await clone.git.run(['ls-remote', 'http://me:canary@127.0.0.1:9/o.git?key=canary']);
  expect(stderr).toMatch(/127\.0\.0\.1/);
  expect(stderr).not.toContain('canary');
});
