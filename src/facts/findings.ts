// What can be said about a post, as one table of codes and severities, and the one shape of a finding; the words live in report/.
import type { Args } from '../errors.ts';

export type Severity = 'error' | 'warning' | 'info';

/** Each finding's severity when nothing else is configured. An error stops the post before WeChat is called. */
export const FINDINGS = {
  // the file
  'not-utf8': 'error',
  'line-ends': 'error',
  'file-too-big': 'error',
  'not-a-file': 'error',
  'file-unreadable': 'error',
  'post-outside': 'error',
  'not-markdown': 'error',
  'path-twice': 'error',
  // front matter
  'front-matter-yaml': 'error',
  'front-matter-unterminated': 'error',
  'front-matter-executable': 'error',
  'front-matter-toml': 'error',
  'front-matter-not-a-map': 'error',
  'front-matter-too-big': 'error',
  'front-matter-late': 'error',
  'front-matter-colon': 'error',
  'flag-not-boolean': 'error',
  'flag-not-editable': 'error',
  'flag-misspelt': 'warning',
  'wechat-key-unknown': 'warning',
  'field-type': 'warning',
  'draft-named': 'warning',
  // lengths and fields as WeChat counts them
  'title-too-long': 'error',
  'digest-too-long': 'error',
  'digest-cut': 'warning',
  'author-too-long': 'error',
  'author-dropped': 'warning',
  'source-url-invalid': 'error',
  'source-url-dropped': 'warning',
  'kind-unsupported': 'error',
  'theme-unknown': 'error',
  'body-empty': 'error',
  'title-from-file': 'warning',
  // themes
  'theme-at-rule': 'error',
  'theme-syntax': 'error',
  'theme-selector': 'error',
  'theme-selector-refused': 'error',
  'theme-lost': 'error',
  'theme-var-unset': 'error',
  'theme-gradient': 'error',
  'theme-panel-tinted': 'error',
  'theme-line-hard': 'warning',
  'theme-contrast': 'error',
  'theme-lossy': 'warning',
  'theme-var-unknown': 'warning',
  'theme-var-refused': 'warning',
  // images
  'image-missing': 'error',
  'image-outside': 'error',
  'image-hidden': 'error',
  'image-bad-reference': 'error',
  'image-not-a-file': 'error',
  'image-unreadable': 'error',
  'image-not-an-image': 'error',
  'image-format': 'error',
  'image-too-big': 'error',
  'image-too-many-pixels': 'error',
  'image-cannot-fit': 'error',
  'image-crashes': 'error',
  'image-too-heavy': 'error',
  'image-host-not-allowed': 'error',
  'image-address-refused': 'error',
  'image-remote-refused': 'error',
  'image-remote-planned': 'info',
  'image-name-match': 'warning',
  'image-ambiguous': 'error',
  'image-first-frame': 'warning',
  'too-many-images': 'error',
  'image-host-unlisted': 'warning',
  'animation-big': 'warning',
  'alt-missing': 'info',
  'cover-missing': 'info',
  'cover-small': 'warning',
  'cover-ratio': 'warning',
  'cover-untitled': 'warning',
  // text and HTML
  placeholder: 'warning',
  'part-open': 'error',
  'part-unknown': 'warning',
  'fence-open': 'warning',
  'container-open': 'warning',
  'container-unknown': 'warning',
  'html-dropped': 'warning',
  'html-removed': 'warning',
  'html-hidden': 'warning',
  'style-dropped': 'info',
  'style-long': 'warning',
  'link-dropped': 'warning',
  'post-link-unknown': 'warning',
  'embed-dropped': 'warning',
  'template-tag': 'warning',
  'template-open': 'warning',
  'template-stray': 'warning',
  'template-half': 'warning',
  'mdx-dropped': 'warning',
  'card-invalid': 'warning',
  'video-many': 'warning',
  'comment-open': 'warning',
  'comment-inline': 'info',
  'footnote-missing': 'warning',
  'footnote-unused': 'warning',
  'footnote-repeated': 'warning',
  'table-cell-dropped': 'warning',
  'table-uneven': 'warning',
  'link-noted': 'info',
  'link-lost': 'warning',
  'link-in-page': 'info',
  'heading-empty': 'warning',
  'heading-jump': 'warning',
  'heading-many-h1': 'warning',
  'language-unknown': 'info',
  'math-broken': 'warning',
  'math-open': 'warning',
  'math-too-much': 'error',
  'diagram-broken': 'warning',
  'diagram-no-renderer': 'warning',
  'diagram-browser': 'warning',
  'diagram-font': 'warning',
  'diagram-too-much': 'warning',
  'html-near': 'info',
  'html-long': 'warning',
  'html-too-long': 'error',
  'nesting-too-deep': 'error',
  'nesting-redundant': 'warning',
  'width-fixed': 'warning',
  'contrast-low': 'warning',
  'table-nested': 'warning',
  // the run
  'preview-not-written': 'warning',
  'not-in-box': 'warning',
  'scan-cut': 'warning',
} as const satisfies Record<string, Severity>;

export type FindingCode = keyof typeof FINDINGS;

/** A place in a post: 1-based line and column (in UTF-16 units, as editors count). */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Something to say about a post. Data only: no words, no colour; never thrown. */
export interface Finding extends Place {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly args: Args;
}

/** Takes a finding on its way from where it is made. */
export type Report = (finding: Finding) => void;

/** A finding at a place, with the table's severity unless another is given. */
export function finding(code: FindingCode, at: Place, args: Args = {}, severity: Severity = FINDINGS[code]): Finding {
  return { code, severity, args, line: at.line, column: at.column };
}

/** For sorting: as they stand in the file. */
export function byPlace(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((each) => each.severity === 'error');
}
