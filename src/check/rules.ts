// Rules about a whole post and its page, as data: each looks at one thing and says at most one finding.
import type { Post } from '../article/post.ts';
import { FINDINGS, type Finding, finding, type Place } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import type { WechatHtml } from '../render/render.ts';

/** What a rule may look at. */
export interface Checked {
  readonly post: Post;
  readonly page: WechatHtml;
  /** Named by its own path: then a mark such as `draft: true` does not hide it. */
  readonly named: boolean;
}

export type Rule = (checked: Checked) => Finding | null;

export const RULES: readonly Rule[] = [
  ({ post }) =>
    post.kind === 'news' ? null : finding('kind-unsupported', { line: 1, column: 1 }, { kind: post.kind }),

  // An article needs something to read: WeChat answers 44003 to an empty one.
  ({ page, post }) =>
    page.text.trim() === '' && page.images.length === 0 ? finding('body-empty', bodyOf(post)) : null,

  ({ page, post }) => {
    const bytes = new TextEncoder().encode(page.html).length;
    const max = LIMITS.content.value;
    return bytes > max ? finding('html-too-long', bodyOf(post), { length: bytes, max }) : null;
  },

  ({ page, post }) => {
    const length = page.html.length;
    const max = LIMITS.contentLong.value;
    return length > max ? finding('html-long', bodyOf(post), { length, max }) : null;
  },

  ({ page, post }) => {
    const count = new Set(page.images.map((image) => image.src)).size;
    const max = LIMITS.imagesPerPost.value;
    return count > max ? finding('too-many-images', bodyOf(post), { count, max }) : null;
  },

  ({ post, named }) => {
    const mark = post.draftMark;
    return named && mark !== null ? finding('draft-named', mark, { key: mark.key, value: mark.value }) : null;
  },
];

/** A project's own severities; what is an error for everybody stays one, because publishing would fail. */
export function applyChecks(
  findings: readonly Finding[],
  checks: Readonly<Record<string, 'off' | 'warn' | 'error'>>,
): readonly Finding[] {
  return findings.flatMap((each) => {
    const wish = checks[each.code];
    if (wish === undefined || FINDINGS[each.code] === 'error') return [each];
    return wish === 'off' ? [] : [{ ...each, severity: wish === 'warn' ? 'warning' : 'error' } as const];
  });
}

export function checkPost(checked: Checked): readonly Finding[] {
  return RULES.map((rule) => rule(checked)).filter((each) => each !== null);
}

function bodyOf(post: Post): Place {
  return { line: post.firstLine, column: 1 };
}
