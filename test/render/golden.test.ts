// Each Markdown file of test/cases rendered and laid beside its HTML; WXSYNC_UPDATE_GOLDENS=1 writes the HTML anew.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readTheme, renderCase } from './cases.ts';

const folder = new URL('../cases/', import.meta.url);
const names = readdirSync(folder).filter((file) => file.endsWith('.md'));
const isUpdate = process.env['WXSYNC_UPDATE_GOLDENS'] === '1';

test.each(names)('%s', async (name) => {
  // Structure is easier to read without a theme's styles; the cases named themed-… show those.
  const theme = readTheme(name.startsWith('themed-') ? 'default' : null);
  const actual = await renderCase(readFileSync(new URL(name, folder), 'utf8'), theme);
  const golden = new URL(name.replace(/\.md$/, '.html'), folder);
  if (isUpdate) writeFileSync(golden, actual);
  expect(actual).toBe(readFileSync(golden, 'utf8'));
});

test('every golden has its Markdown', () => {
  const goldens = readdirSync(folder).filter((file) => file.endsWith('.html'));
  expect(goldens.map((file) => file.replace(/html$/, 'md')).sort()).toEqual([...names].sort());
});
