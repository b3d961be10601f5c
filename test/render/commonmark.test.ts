// CommonMark's own 652 examples: our tree beside the specification's, our text beside marked's, our output inside the allow-list.
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { parseHtml } from '../../src/render/html.ts';
import { parseMarkdown } from '../../src/render/markdown.ts';
import { compare, DIFFERENCES, toShape } from './corpus.ts';

interface Example {
  readonly number: number;
  readonly section: string;
  readonly markdown: string;
  readonly html: string;
}

const { tests } = createRequire(import.meta.url)('commonmark-spec') as { readonly tests: readonly Example[] };
// The specification prints a tab as an arrow.
const EXAMPLES = tests.map((each) => ({
  ...each,
  markdown: each.markdown.replaceAll('→', '\t'),
  html: each.html.replaceAll('→', '\t'),
}));
const SECTIONS = [...new Set(EXAMPLES.map(({ section }) => section))];
const inSection = (name: string): readonly Example[] => EXAMPLES.filter(({ section }) => section === name);

test('all of them are here', () => expect(EXAMPLES.length).toBe(652));

describe('text and allow-list', () => {
  /** Examples whose text is another than marked's, for reasons of their own. */
  const OWN: Readonly<Record<number, { readonly why: string; readonly text: string }>> = {
    156: { why: 'an unfinished tag is text, not the end of the post', text: '<div id="foo" *hi*' },
    157: { why: 'an unfinished tag is text, not the end of the post', text: '<div class foo' },
    158: { why: 'an unfinished tag is text, not the end of the post', text: '<div *???-&&&-<--- *foo*' },
    163: { why: 'what stands inside a component is Markdown', text: 'bar' },
    171: { why: 'what a form field holds is no text of the post', text: '' },
    173: { why: 'a style that is never closed hides nothing', text: 'foo' },
    590: { why: 'a name in double brackets is a note of Obsidian', text: 'foo\nfoo: /url "title"' },
  };
  const counts = new Map<string, number>();

  test.each(SECTIONS)('%s', async (section) => {
    for (const { number, markdown } of inSection(section)) {
      const { ours, theirs, undone, faults } = await compare(markdown);
      expect([number, faults]).toEqual([number, []]);
      const own = OWN[number];
      if (own === undefined) {
        expect([number, undone === null ? ours : theirs]).toEqual([number, theirs]);
        for (const why of undone ?? []) counts.set(why, (counts.get(why) ?? 0) + 1);
      } else {
        expect([number, ours]).toEqual([number, own.text]);
        expect([number, theirs]).not.toEqual([number, own.text]);
      }
    }
  });

  test('no difference is wider than it was', () => {
    expect(DIFFERENCES.map(({ why }) => counts.get(why) ?? 0)).toEqual([1, 17, 10]);
  });
});

describe('structure, before any pass', () => {
  /** Examples whose tree is another than the specification's. */
  const OWN: Readonly<Record<string, readonly number[]>> = {
    'GFM finds bare addresses': [602, 608, 611],
    'a name in double brackets is a note of Obsidian': [590],
    'a tag that no post needs goes, and its text stays': [201, 491, 494, 524, 536],
  };
  const own = Object.values(OWN).flat();
  // Raw HTML is adopted tag by tag: test/cases shows how.
  const sections = SECTIONS.filter((section) => section !== 'HTML blocks' && section !== 'Raw HTML');

  test.each(sections)('%s', async (section) => {
    for (const { number, markdown, html } of inSection(section)) {
      const { root } = await parseMarkdown({ markdown, firstLine: 1 }, () => {});
      const ours = toShape(root.children);
      const theirs = toShape(parseHtml(html)).replace(/\n(?=<\/code><\/pre>)/g, '');
      if (own.includes(number)) expect([number, ours]).not.toEqual([number, theirs]);
      else expect([number, ours]).toEqual([number, theirs]);
    }
  });
});
