// What a command loads before it does its work, as most of a short run is the loading of code: packages by the names of their chunks.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fresh, run, toEnv } from './stage.ts';

const SPY = new URL('loads.mjs', import.meta.url).href;
const PACKAGES = [
  'commander',
  'marked',
  'juice',
  'highlight',
  'mathjax',
  'undici',
  'form-data',
  'sharp',
  'tinyglobby',
] as const;
/** The file by which a package is known when it is loaded: a chunk of its own, or the package itself. */
const FILES: Readonly<Record<(typeof PACKAGES)[number], RegExp>> = {
  commander: /\/dist\/chunks\/program-/,
  marked: /\/dist\/chunks\/marked-/,
  juice: /\/dist\/chunks\/juice-/,
  highlight: /\/dist\/chunks\/core-/,
  mathjax: /\/dist\/chunks\/mathjax-/,
  undici: /\/dist\/chunks\/undici-/,
  'form-data': /\/dist\/chunks\/form-data-/,
  sharp: /\/node_modules\/sharp\//,
  tinyglobby: /\/dist\/chunks\/tinyglobby-/,
};

const [site, home] = [fresh('start'), fresh('home')];
writeFileSync(join(site, 'wxsync.config.json'), '{}');
writeFileSync(join(site, 'plain.md'), '---\ntitle: Plain\n---\n\nWords.\n');
writeFileSync(join(site, 'again.md'), '---\ntitle: Plain\n---\n\nOther words.\n');
writeFileSync(join(site, 'code.md'), '---\ntitle: Code\n---\n\n```js\nlet a = 1;\n```\n');
writeFileSync(join(site, 'math.md'), '---\ntitle: Math\n---\n\n$x$\n');
writeFileSync(join(site, 'done.md'), '---\ntitle: Done\nwechat_synced: true\n---\n\nWords.\n');

test.each([
  ['--version', []],
  ['--help', ['commander']],
  ['publish --help', ['commander']],
  ['publish done.md', ['commander']],
  ['check pl*.md', ['commander', 'marked', 'tinyglobby']],
  ['render plain.md -o plain.html', ['commander', 'marked']],
  ['render code.md -o code.html', ['commander', 'marked', 'highlight']],
  ['render math.md -o math.html', ['commander', 'marked', 'mathjax']],
  ['publish --sandbox plain.md', ['commander', 'marked', 'undici', 'form-data', 'sharp']],
  // Its cover is drawn by now.
  ['publish --sandbox again.md', ['commander', 'marked', 'undici', 'form-data']],
])('%s', async (line, packages) => {
  const loads = join(fresh('loads'), 'modules.txt');
  const env = toEnv({ NODE_OPTIONS: `--import=${SPY}`, LOADS: loads, WXSYNC_HOME: home });
  const { code, stderr } = await run(line.split(' '), { cwd: site, env });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const paths = readFileSync(loads, 'utf8').split('\n');
  expect(paths.some((path) => path.endsWith('/bin/wxsync.js'))).toBe(true);
  expect(PACKAGES.filter((name) => paths.some((path) => FILES[name].test(path)))).toEqual(packages);
});
