// Where the output of a command goes: a pipe that is read slowly, one that is closed early, a file; real shells, real pipes.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fresh, toEnv } from './stage.ts';

const BIN = fileURLToPath(new URL('../../bin/wxsync.js', import.meta.url));
const site = fresh('output');
const paragraphs = Array.from({ length: 2000 }, (_, at) => `Paragraph ${at} of a page that is longer than a pipe.`);
writeFileSync(join(site, 'long.md'), `---\ntitle: Long\n---\n\n${paragraphs.join('\n\n')}\n`);
const COMMAND = `"${process.execPath}" "${BIN}" render long.md`;

function shell(line: string) {
  return spawnSync('sh', ['-c', line], { cwd: site, env: toEnv(), encoding: 'utf8', maxBuffer: 10_000_000 });
}

test('a pipe and a file get the whole page', () => {
  const { stdout } = shell(`${COMMAND} | dd bs=512 2>/dev/null`);
  expect(stdout).toMatch(/^<section.*Paragraph 1999 of.*<\/section>\n$/s);
  shell(`${COMMAND} > long.html`);
  expect(readFileSync(join(site, 'long.html'), 'utf8')).toBe(stdout);
});

test('a reader that closes early is no error', () => {
  const { stdout, stderr } = shell(`{ ${COMMAND}; echo "code $?" >&2; } | head -c 8`);
  expect([stdout, stderr.trim()]).toEqual(['<section', expect.stringMatching(/(?:^|\n)code 0$/)]);
});
