// Each Markdown file of test/cases rendered and laid beside its HTML; WXSYNC_UPDATE_GOLDENS=1 writes the HTML anew.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Finding, FindingCode } from '../../src/facts/findings.ts';
import { parseHtml } from '../../src/render/html.ts';
import { readCases, readTheme, renderCase, renderText, SAMPLE, SPECIMEN } from './cases.ts';
import { faultsIn } from './corpus.ts';

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

describe('the page that WeChat gets', () => {
  test.each([...readCases(), SAMPLE, SPECIMEN])('$name', async ({ markdown, options }) => {
    for (const compact of [false, true]) {
      const settings = { ...options.settings, compact };
      const { html } = await renderText(markdown, { ...options, settings }, readTheme('default'));
      const page = parseHtml(html);
      expect(page).toHaveLength(1);
      expect(page.flatMap((node) => faultsIn(node))).toEqual([]);
    }
  });
});

describe('findings', () => {
  /** What stands in the source at a finding's place; at any other, a tag. */
  const AT: Partial<Record<FindingCode, (args: Finding['args']) => string>> = {
    'comment-inline': () => '%%',
    'comment-open': () => '%%',
    'container-open': ({ name }) => `:::${name}`,
    'container-unknown': ({ name }) => `:::${name}`,
    'embed-dropped': ({ target }) => `![[${target}`,
    'fence-open': ({ fence }) => String(fence),
    'footnote-missing': ({ label }) => `[^${label}]`,
    'footnote-repeated': ({ label }) => `[^${label}]:`,
    'footnote-unused': ({ label }) => `[^${label}]:`,
    'html-dropped': ({ tag }) => `<${tag}`,
    'html-removed': ({ tag }) => `<${tag}`,
    'language-unknown': ({ language }) => `\`\`\`${language}`,
    'link-dropped': ({ url }) => (String(url).endsWith('/tag') ? '{' : '['),
    'math-broken': () => '$',
    'math-open': ({ end }) => (end === '$$' ? '$$' : '\\['),
    'mdx-dropped': ({ text }) => String(text).slice(0, 6).replace('>', '').toLowerCase(),
    'nesting-too-deep': () => '>>>>',
    placeholder: ({ text }) => String(text).slice(0, 4).toLowerCase(),
    'post-link-unknown': ({ url }) => (String(url).endsWith('/tag') ? '{' : '['),
    'template-half': ({ tag }) => String(tag).toLowerCase(),
    'template-open': ({ tag }) => String(tag).split(' ')[0] ?? '',
    'template-stray': ({ tag }) => String(tag).split(' ')[0] ?? '',
    'template-tag': ({ tag }) => String(tag).split(' ')[0] ?? '',
    'table-cell-dropped': ({ text }) => String(text),
    'table-uneven': () => '|',
  };
  const seen = new Set<string>();

  test.each(readCases())('$name', async ({ markdown, options }) => {
    const lines = markdown.split('\n');
    const { findings } = await renderText(markdown, options);
    for (const { code, args, line, column } of findings) {
      seen.add(code);
      // A placeholder is a whole paragraph, its marks included.
      const source = (lines[line - 1] ?? '')
        .slice(column - 1)
        .replace(/^\*(?=（)/, '')
        .toLowerCase();
      const expected = AT[code]?.(args) ?? '<';
      expect([code, line, column, source.slice(0, expected.length)]).toEqual([code, line, column, expected]);
    }
  });

  test('each has a case that shows it', () => expect([...seen]).toEqual(expect.arrayContaining(Object.keys(AT))));
});
