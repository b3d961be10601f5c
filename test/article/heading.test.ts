// The first H1 of a body.
import { expect, test } from 'vitest';
import { findHeading } from '../../src/article/heading.ts';
import { runBounded } from './bounded.ts';

test.each<[body: string, text: string, line: number]>([
  ['# One', 'One', 0],
  ['\n\n   # Two #\n', 'Two', 2],
  ['#\tTab ## \r\n', 'Tab', 0],
  ['# C#', 'C#', 0],
  ['## Two\n# One', 'One', 1],
  ['#\n# After an empty one', 'After an empty one', 1],
  ['text\n# Without a blank line', 'Without a blank line', 1],
  ['Title\n=====', 'Title', 0],
  ['a\n\nTwo\nlines\n  ==  \r\n', 'Two lines', 2],
  ['    code\nText\n===', 'Text', 1],
  ['```\n# code\n```\n# Real', 'Real', 3],
  ['~~~~ md\n# code\n~~~\n```\n~~~~~\n# Real', 'Real', 5],
  ['``` not `a` fence\n# Real', 'Real', 1],
  ['<!-- # x -->\n# Real', 'Real', 1],
  ['<!--\n# x\n```\n--> # y\n# Real', 'Real', 4],
  ['%%\n# x\n\n# y\n%%\n# Real', 'Real', 5],
  ['# Real %%x%% 100%', 'Real 100%', 0],
  ['# Noted^[here *or* so] and[^1] there', 'Noted and there', 0],
  ['%% never closed\n# Real', 'Real', 1],
  ['%% never closed\n# Real\n\n`%%x`, 100%% more', 'Real', 1],
  ['> # quoted\n\n# Real', 'Real', 2],
  ['- a\n===\n\n# Real', 'Real', 3],
  ['> a\nb\n===\n\nReal\n=', 'Real', 4],
  ['| a |\n===\n\n# Real', 'Real', 3],
  ['text\n---\n===\n# Real', 'Real', 3],
  ['***\nReal\n===', 'Real', 1],
  ['    # code\n# Real', 'Real', 1],
  ['# **Bold** *it* _it_ ~~no~~ ==mark== `code`', 'Bold it it no mark code', 0],
  ['# [link](https://x.y/?a=b) ![alt](x.png)', 'link alt', 0],
  ['# a <b>b</b><br> c <!-- d --> {#id}', 'a b c', 0],
  ['# snake_case_name and 2*3*4', 'snake_case_name and 234', 0],
  ['# a * b \\* c \\# &lt;d&gt; &amp;amp;', 'a * b * c # <d> &amp;', 0],
  ['# **外贸人**的“生死局”', '外贸人的“生死局”', 0],
])('%j', (body, text, line) => {
  expect(findHeading(body)).toEqual({ text, line });
});

test.each([
  '',
  'text',
  '#hashtag',
  '## Two',
  '###### Six',
  '####### Seven',
  '===',
  '- a\n===',
  '```\n# open',
  '#',
  '\\# no',
  '    # code',
])('none: %j', (body) => {
  expect(findHeading(body)).toBeNull();
});

test.each([
  ['brackets', `# ${'['.repeat(400_000)}`],
  ['comments', `# ${'<!--'.repeat(100_000)}`],
  ['stars', `# ${'*a '.repeat(100_000)}`],
  ['blanks', `#${' '.repeat(400_000)}x\n${' '.repeat(400_000)}`],
  ['hashes', `# a${' #'.repeat(200_000)}`],
  ['rules', `${'- '.repeat(200_000)}x`],
  ['a long paragraph', 'a\n'.repeat(100_000)],
])('hostile text is read to its end: %s', (_, body) => {
  const heading = runBounded(() => findHeading(body));
  expect(heading?.text.length ?? 0).toBeLessThanOrEqual(1_000);
});
