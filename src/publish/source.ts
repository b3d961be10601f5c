// A post as the renderer is given it; it knows nothing of either.
import type { Post } from '../article/post.ts';
import type { RenderSource } from '../render/render.ts';

export function toSource(post: Pick<Post, 'path' | 'body' | 'firstLine' | 'title'>): RenderSource {
  const dialect = /\.mdx$/i.test(post.path) ? 'mdx' : 'markdown';
  return { markdown: post.body, firstLine: post.firstLine, title: post.title, dialect };
}
