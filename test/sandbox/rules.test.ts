// The table of beliefs as such: each row complete, each errcode with words; and the walls around this folder.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ERRCODES } from '../../src/sandbox/errcodes.ts';
import { listRules } from '../../src/sandbox/rules.ts';

const ROOT = fileURLToPath(new URL('../../src/sandbox/', import.meta.url));
const FILES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

test('each belief says what, how sure and from where', () => {
  const rows = listRules();
  expect(rows.length).toBeGreaterThan(80);
  const gaps = rows.filter(
    ({ says, source, confidence }) =>
      says === '' || source === '' || !['documented', 'observed', 'assumed'].includes(confidence),
  );
  expect(gaps).toEqual([]);
});

test('each errcode that a rule gives has its text', () => {
  // The editor's refusals are answers of another page; nothing here gives them.
  const codes = listRules().flatMap(({ area, errcode }) => (errcode === null || area === 'editor' ? [] : [errcode]));
  expect(codes.filter((code) => ERRCODES[code] === undefined)).toEqual([]);
});

test.each(FILES)('%s imports Node, this folder, and htmlparser2 when first needed', (name) => {
  const source = readFileSync(ROOT + name, 'utf8');
  const imported = [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target = '']) => target);
  const depth = name.split('/').length - 1;
  const foreign = imported.filter((target) => {
    if (target.startsWith('node:')) return false;
    const isOwn = target.startsWith('./') || (depth > 0 && /^\.\.\/[^.]/.test(target));
    return !isOwn && !(target === 'htmlparser2' && source.includes("await import('htmlparser2')"));
  });
  expect(foreign).toEqual([]);
});
