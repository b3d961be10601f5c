// Rules about a whole post and its page that publishing holds too, as data: each looks at one thing.
import type { Post } from '../article/post.ts';
import { FINDINGS, type Finding, type Place } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import type { WechatHtml } from '../render/render.ts';
import { type Rule, runRules } from './rule.ts';

/** What a rule may look at. */
export interface Checked {
  readonly post: Post;
  readonly page: WechatHtml;
  /** Named by its own path: then a mark such as `draft: true` does not hide it. */
  readonly named: boolean;
}

export const RULES: readonly Rule<Checked>[] = [
  {
    code: 'kind-unsupported',
    test: ({ post }) => (post.kind === 'news' ? [] : [{ at: post.kindPlace, args: { kind: post.kind } }]),
  },
  {
    // An article needs something to read: WeChat answers 44003 to an empty one.
    code: 'body-empty',
    test: ({ page, post }) => (page.text.trim() === '' && page.images.length === 0 ? [{ at: bodyOf(post) }] : []),
  },
  {
    code: 'html-too-long',
    test: ({ page, post }) => {
      const length = new TextEncoder().encode(page.html).length;
      const max = LIMITS.content.value;
      return length > max ? [{ at: bodyOf(post), args: { length, max } }] : [];
    },
  },
  {
    code: 'html-long',
    test: ({ page, post }) => {
      const { length } = page.html;
      const max = LIMITS.contentLong.value;
      return length > max ? [{ at: bodyOf(post), args: { length, max } }] : [];
    },
  },
  {
    code: 'too-many-images',
    test: ({ page, post }) => {
      const count = new Set(page.images.map((image) => image.src)).size;
      const max = LIMITS.imagesPerPost.value;
      return count > max ? [{ at: bodyOf(post), args: { count, max } }] : [];
    },
  },
  {
    code: 'draft-named',
    test: ({ post: { draftMark }, named }) =>
      named && draftMark !== null ? [{ at: draftMark, args: { key: draftMark.key, value: draftMark.value } }] : [],
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
  return runRules(RULES, checked);
}

function bodyOf(post: Post): Place {
  return { line: post.firstLine, column: 1 };
}
