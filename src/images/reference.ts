// Reads an author's image reference as text: what kind it is and which paths it may mean; it never touches the disk or the network.
import { LIMITS } from '../facts/limits.ts';
import { fail, type ImageFailure } from './failure.ts';

/** Hosts whose pictures WeChat keeps as they are (facts: field reports, and the editor's own list of trusted hosts). */
const WECHAT_HOSTS: ReadonlySet<string> = new Set(['mmbiz.qpic.cn', 'mmbiz.qlogo.cn']);

/** Longest reference we read as a path or address, in UTF-16 units. */
const MAX_LENGTH = 4096;

export interface PathReference {
  readonly kind: 'path';
  /** True for `/images/x.png`: looked for under the site's public folders. */
  readonly fromSiteRoot: boolean;
  /** The path as it may be spelled on disk, `/`-separated, best first: as written, then without `?query` and `#hash`. */
  readonly spellings: readonly string[];
}

export type Reference =
  | PathReference
  | { readonly kind: 'remote'; readonly url: string }
  | { readonly kind: 'wechat'; readonly url: string }
  | { readonly kind: 'data'; readonly bytes: Uint8Array };

/** What no path may contain; the match is shown to the author. The first two are looked for as written, the rest decoded. */
const FORBIDDEN_WRITTEN: readonly RegExp[] = [/\\/, /%(?:2e|2f|5c|00)/i];
const FORBIDDEN_DECODED: readonly RegExp[] = [
  /[\u0000-\u001f\u007f]/,
  /\\/,
  /^~/,
  // Any colon: a scheme (file:), a drive (C:), an alternate stream of NTFS (a.png:ads).
  /^[a-z][a-z0-9+.-]*:/i,
  /:/,
  // Encoded twice.
  /%[0-9a-f]{2}/i,
  // Device names of Windows, with any extension.
  /(?<=^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|\/|$)/i,
];

/**
 * Reads one reference.
 * @returns the reference, or `image-bad-reference` with the offending text as `found`
 */
export function readReference(src: string): Reference | ImageFailure {
  const text = src.trim();
  if (/^data:/i.test(text)) return readData(text);
  if (text === '') return bad('""');
  if (text.length > MAX_LENGTH) return bad(`${text.slice(0, 20)}… (${text.length})`);
  if (/^(?:https?:)?\/\//i.test(text)) return readUrl(text);
  return readPath(text);
}

/** The reference as it may be shown: no query, no credentials, no control characters, no long tail. */
export function showReference(src: string): string {
  const text = src.trim();
  if (/^data:/i.test(text)) return `${text.slice(0, 24)}…`;
  const bare = /^(?:https?:)?\/\//i.test(text) ? text.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//') : text;
  const clean = bare.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
  return clean.length > 160 ? `${clean.slice(0, 160)}…` : clean;
}

function bad(found: string): ImageFailure {
  return fail('image-bad-reference', { found });
}

function readData(text: string): Reference | ImageFailure {
  const head = /^data:image\/[\w.+-]+((?:;[^,;]*)*),/i.exec(text);
  if (head === null) return bad(text.slice(0, 24));
  const body = text.slice(head[0].length);
  if (body.length > 2 * LIMITS.sourceImage.value) return bad(head[0]);
  const bytes = /;base64$/i.test(head[1] ?? '') ? Buffer.from(body, 'base64') : Buffer.from(decodeOnce(body));
  return bytes.length === 0 ? bad(head[0]) : { kind: 'data', bytes };
}

function readUrl(text: string): Reference | ImageFailure {
  const absolute = text.startsWith('//') ? `https:${text}` : text;
  // "https:///etc/passwd" would become the host "etc".
  if (/^https?:\/\/[\\/]/i.test(absolute)) return bad(absolute.slice(0, absolute.indexOf('/') + 3));
  if (!URL.canParse(absolute)) return bad(showReference(absolute));
  const url = new URL(absolute);
  if (url.username !== '' || url.password !== '') return bad('@');
  url.hash = '';
  const wechat = WECHAT_HOSTS.has(url.hostname) && url.port === '';
  return { kind: wechat ? 'wechat' : 'remote', url: url.href };
}

function readPath(text: string): Reference | ImageFailure {
  const written = [text, text.replace(/[?#].*$/s, '')];
  const decoded = written.map(decodeOnce);
  for (const [forms, rules] of [
    [written, FORBIDDEN_WRITTEN],
    [decoded, FORBIDDEN_DECODED],
  ] as const) {
    for (const form of forms) {
      for (const rule of rules) {
        const match = rule.exec(form)?.[0];
        if (match !== undefined) return bad(showCharacter(match));
      }
    }
  }
  const spellings = [...new Set(decoded)].filter((each) => each !== '');
  return { kind: 'path', fromSiteRoot: text.startsWith('/'), spellings };
}

/** `%20` → space, once; a text that is no valid encoding ("100%.png") means itself. */
function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function showCharacter(text: string): string {
  const code = text.charCodeAt(0);
  return code < 0x20 || code === 0x7f ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : text;
}
