// Which Markdown the renderer is told that a post is written in.
import { expect, test } from 'vitest';
import { toSource } from '../../src/publish/source.ts';

test.each([
  ['a.md', 'markdown'],
  ['a.markdown', 'markdown'],
  ['a.mdx', 'mdx'],
  ['夹/A.MDX', 'mdx'],
  ['a.mdx.md', 'markdown'],
])('%s is %s', (path, dialect) => {
  const post = { path, body: '文', firstLine: 4, title: '题' };
  expect(toSource(post)).toEqual({ markdown: '文', firstLine: 4, title: '题', dialect });
});
