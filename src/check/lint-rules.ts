// Rules that only `wxsync check` holds, as data: what would publish but reads, looks or works worse than meant.
import type { Post } from '../article/post.ts';
import type { Finding, Place } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { isArticleLink } from '../facts/markup.ts';
import { type PageSettings, toShownUrl } from '../render/pass.ts';
import { isSameAddress } from '../render/passes/notes.ts';
import { findRepeated } from '../render/passes/title.ts';
import { findLeadImage, type ImageReference } from '../render/render.ts';
import { AUTHOR_RULES } from './author-rules.ts';
import type { Heading, Link, Outline } from './outline.ts';
import { type Hit, type Rule, runRules } from './rule.ts';

/** A picture at the first place that uses it, with what its header says; null where the header says nothing. */
export interface PictureFacts extends Place {
  /** As it may be shown. */
  readonly src: string;
  readonly bytes: number;
  readonly format: string | null;
  /** Pixels. */
  readonly width: number | null;
  readonly height: number | null;
  readonly animated: boolean;
}

/** A picture that publishing would fetch. */
export interface RemotePicture extends Place {
  readonly src: string;
  readonly host: string;
}

/** What these rules may look at. */
export interface Linted {
  readonly post: Post;
  readonly settings: Pick<PageSettings, 'links'>;
  readonly outline: Outline;
  /** In document order, repeated ones too; each `src` as it may be shown. */
  readonly images: readonly ImageReference[];
  /** Every picture of this project, each once; the cover is one of them. */
  readonly pictures: readonly PictureFacts[];
  /** The picture that becomes the cover, when it is one of this project. */
  readonly cover: PictureFacts | null;
  /** Pictures from hosts that config `images.allowHosts` does not name. */
  readonly unlisted: readonly RemotePicture[];
  /** Characters of the article's HTML: now, and with config `compact` where that would shorten a long one, else null. */
  readonly lengths: { readonly now: number; readonly compact: number | null };
  /** Whether this is a CI run, which fetches only from listed hosts. */
  readonly ci: boolean;
}

/** A cover of another shape is worth a word when less than this part of it is seen. */
const SEEN_PART = 2 / 3;

/** Animations that are sent as such; of all others the first frame is taken. */
const MOVING: readonly (string | null)[] = ['gif', 'webp'];

export const LINT_RULES: readonly Rule<Linted>[] = [
  {
    code: 'title-from-file',
    test: ({ post }) => (post.titleFrom === 'file' ? [{ at: post.titlePlace, args: { title: post.title } }] : []),
  },
  {
    code: 'cover-missing',
    test: ({ post, images }) => {
      const lead = findLeadImage(images);
      const instead = lead === null ? { kind: 'drawn-cover' } : { src: lead.src };
      return post.cover === null ? [{ at: { line: 1, column: 1 }, args: instead }] : [];
    },
  },
  {
    code: 'cover-small',
    test: ({ cover }) => {
      if (cover === null || cover.width === null || cover.height === null || cover.format === 'svg') return [];
      const [minWidth, minHeight] = [LIMITS.coverWidth.value, LIMITS.coverHeight.value];
      const { src, width, height } = cover;
      return width < minWidth || height < minHeight
        ? [{ at: cover, args: { src, width, height, minWidth, minHeight } }]
        : [];
    },
  },
  {
    // Only of a cover that was chosen: a picture of the text has its own reasons for its shape.
    code: 'cover-ratio',
    test: ({ post, cover }) => {
      if (post.cover === null || cover === null || cover.width === null || cover.height === null) return [];
      const { src, width, height } = cover;
      const ratio = LIMITS.coverRatio.value;
      const seen = Math.min(width / height / ratio, (ratio * height) / width);
      return seen < SEEN_PART
        ? [{ at: cover, args: { src, width, height, ratio, percent: Math.round(seen * 100) } }]
        : [];
    },
  },
  {
    code: 'image-not-an-image',
    test: ({ pictures }) =>
      pictures
        .filter(({ format }) => format === null)
        .map((each) => ({ at: each, args: { src: each.src, detail: 'no known picture format' } })),
  },
  {
    code: 'image-format',
    test: ({ pictures }) =>
      pictures
        .filter(({ format }) => format === 'heic')
        .map((each) => ({ at: each, args: { src: each.src, format: 'HEIC' } })),
  },
  {
    code: 'image-too-many-pixels',
    test: ({ pictures }) =>
      pictures.flatMap((each) => {
        const { src, width, height } = each;
        const max = LIMITS.sourcePixels.value;
        const tooMany = width !== null && height !== null && width * height > max;
        return tooMany ? [{ at: each, args: { src, width, height, max } }] : [];
      }),
  },
  {
    code: 'image-first-frame',
    test: ({ pictures }) =>
      pictures
        .filter(({ animated, format }) => animated && !MOVING.includes(format))
        .map((each) => ({ at: each, args: { src: each.src, max: LIMITS.material.value } })),
  },
  {
    code: 'animation-big',
    test: ({ pictures }) => {
      const max = LIMITS.material.value;
      return pictures
        .filter(({ animated, format, bytes }) => animated && MOVING.includes(format) && bytes > max)
        .map((each) => ({ at: each, args: { src: each.src, bytes: each.bytes, max } }));
    },
  },
  { code: 'image-host-unlisted', test: ({ unlisted, ci }) => (ci ? [] : unlisted.map(toHostHit)) },
  { code: 'image-host-not-allowed', test: ({ unlisted, ci }) => (ci ? unlisted.map(toHostHit) : []) },
  {
    code: 'html-near',
    test: ({ post, lengths: { now, compact } }) =>
      compact === null
        ? []
        : [
            {
              at: { line: post.firstLine, column: 1 },
              args: { length: now, compact, max: LIMITS.contentLong.value },
            },
          ],
  },
  {
    code: 'alt-missing',
    test: ({ images }) =>
      images.filter(({ alt }) => alt.trim() === '').map((each) => ({ at: each, args: { src: each.src } })),
  },
  {
    code: 'heading-empty',
    test: ({ outline }) =>
      outline.headings.filter(({ text, hasPicture }) => text === '' && !hasPicture).map((at) => ({ at })),
  },
  {
    code: 'heading-jump',
    test: (linted) => {
      const headings = toBodyHeadings(linted);
      return headings.flatMap((each, index) => {
        const from = headings[index - 1]?.level ?? each.level;
        return each.level > from + 1 ? [{ at: each, args: { from, to: each.level } }] : [];
      });
    },
  },
  {
    code: 'heading-many-h1',
    test: ({ outline }) => {
      const headings = outline.headings.filter(({ level }) => level === 1);
      const [, second] = headings;
      return second === undefined ? [] : [{ at: second, args: { count: headings.length } }];
    },
  },
  { code: 'link-noted', test: (linted) => (linted.settings.links === 'notes' ? toLostLinks(linted) : []) },
  { code: 'link-lost', test: (linted) => (linted.settings.links === 'text' ? toLostLinks(linted) : []) },
  {
    // A table of contents would say the same many times, so the first place speaks for all.
    code: 'link-in-page',
    test: ({ outline }) => {
      const inside = outline.links.filter(({ href }) => /^#./.test(href.trim()));
      const [first] = inside;
      return first === undefined ? [] : [{ at: first, args: { count: inside.length } }];
    },
  },
  ...AUTHOR_RULES,
];

export function lintPost(linted: Linted): readonly Finding[] {
  return runRules(LINT_RULES, linted);
}

function toHostHit(picture: RemotePicture): Hit {
  return { at: picture, args: { src: picture.src, host: picture.host } };
}

/** Headings as readers get them, without the one that repeats the title. */
function toBodyHeadings({ post, outline }: Linted): readonly Heading[] {
  const repeated = findRepeated(outline.blocks, post.title)?.at;
  return outline.headings.filter(({ line }) => line !== repeated?.line);
}

/** Addresses that readers cannot follow, each at its first place; one that is its own text is not lost. */
function toLostLinks({ outline }: Linted): readonly Hit[] {
  const first = new Map<string, Link>();
  for (const link of outline.links) {
    const href = link.href
      .trim()
      .replace(/^\/\//, 'https://')
      .replace(/^http:(?=\/\/mp\.weixin\.qq\.com\/)/i, 'https:');
    const isLost = /^(?:https?|ftp|mailto|tel):/i.test(href) && !isArticleLink(href);
    const isNamed = link.label !== '' && !isSameAddress(link.label, href);
    if (isLost && isNamed && !first.has(href)) first.set(href, link);
  }
  return [...first].map(([href, link]) => ({ at: link, args: { url: toShownUrl(href) } }));
}
