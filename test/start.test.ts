// The loader of the built command: every file once, and what V8 made of it taken only where it fits.
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findCompiled, openCode, toCompiledName } from '../src/start.ts';

const FILES = {
  'main.js': `const { twice } = require('./parts/twice.js'); const { join } = require('node:path');
exports.say = () => join(twice('a'), __filename.slice(-7)); exports.parts = require('./parts/twice.js');`,
  'parts/twice.js': `const main = require('../main.js'); exports.seen = Object.keys(main);
exports.twice = (text) => text + text;`,
};

/** `salt`: V8 remembers what it compiled by name and text, so no two tests have the same. */
function build(salt: string, files: Readonly<Record<string, string>> = FILES): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-start-')));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${text} // ${salt}`);
  }
  return folder;
}

interface Main {
  say(): string;
  readonly parts: { readonly seen: readonly string[] };
}

/** What V8 makes of the files, by name. */
function compile(salt: string): ReadonlyMap<string, Buffer> {
  // As long and not the same: all that V8 asks of a text is its length, and what it has seen it would remember.
  const code = openCode(build(salt.toUpperCase()));
  (code.load('main.js') as Main).say();
  return new Map([...code.scripts].map(([name, script]) => [name, script.createCachedData()]));
}

test('a file is loaded once, also in a circle, and finds what is Node’s', () => {
  const code = openCode(build('once'));
  const main = code.load('main.js') as Main;
  expect(main.say()).toBe(join('aa', 'main.js'));
  expect(main.parts.seen).toEqual([]);
  expect(code.load('parts/twice.js')).toBe(main.parts);
  expect([...code.scripts.keys()]).toEqual(['main.js', 'parts/twice.js']);
});

test.each<[what: string, change: (compiled: Buffer) => Buffer | null, rejected: boolean | undefined]>([
  ['what V8 made of it', (compiled) => compiled, false],
  ['nothing', () => null, undefined],
  ['an empty file', () => Buffer.alloc(0), true],
  ['another thing', () => Buffer.from('const a = 1;'.repeat(100)), true],
  ['a part', (compiled) => compiled.subarray(0, -8), true],
  ['another V8’s', (compiled) => Buffer.concat([compiled.subarray(0, 4), Buffer.alloc(4), compiled.subarray(8)]), true],
])('beside the code lies %s', (what, change, rejected) => {
  const folder = build(what);
  mkdirSync(findCompiled(folder));
  for (const [name, compiled] of compile(what)) {
    const bytes = change(compiled);
    if (bytes !== null) writeFileSync(join(findCompiled(folder), toCompiledName(name)), bytes);
  }
  const code = openCode(folder);
  expect((code.load('main.js') as Main).say()).toBe(join('aa', 'main.js'));
  expect([...code.scripts.values()].map(({ cachedDataRejected }) => cachedDataRejected)).toEqual([rejected, rejected]);
});

test('what was made of other text is not taken', () => {
  const folder = build('same', { ...FILES, 'main.js': `exports.say = () => 'changed';` });
  mkdirSync(findCompiled(folder));
  for (const [name, compiled] of compile('same'))
    writeFileSync(join(findCompiled(folder), toCompiledName(name)), compiled);
  expect((openCode(folder).load('main.js') as Main).say()).toBe('changed');
});
