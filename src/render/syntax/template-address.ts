// Addresses that a site generator would compute, `{{ site.baseurl }}/a.png` and `{% post_url name %}`, as far as they can be told; knows no parser.
import { readTemplateTag } from './template-tag.ts';

export interface TemplateAddress {
  readonly href: string;
  /** The file may lie in any folder of the project. */
  readonly byName: boolean;
}

export interface TemplateLink {
  readonly raw: string;
  readonly isImage: boolean;
  readonly label: string;
  readonly title: string;
  /** What stands first in the address, and where in `raw`. */
  readonly expression: string;
  readonly start: number;
  /** Null: it cannot be told. */
  readonly address: TemplateAddress | null;
}

const EXPRESSION = String.raw`\{\{[^{}\n]{0,300}\}\}|\{%[^%\n]{0,300}%\}`;
const LINK = new RegExp(
  String.raw`^(!?)\[((?:[^[\]\\\n]|\\.){0,1000})\]\([ \t]*((?:${EXPRESSION})(?:${EXPRESSION}|[^\s()"{}]){0,1000})(?:[ \t]+"([^"\n]{0,1000})")?[ \t]*\)`,
);
const HEAD = new RegExp(String.raw`^[ \t]*(${EXPRESSION})(.*)$`, 's');
/** Where the site lies: the project itself. */
const SITE = /^\{\{-?\s*(?:site\.(?:url|baseurl|github\.url)|page\.root|root|base_?url)\s*-?\}\}$/i;
/** A path in quotes, with whatever is to be done to it. */
const QUOTED = /^\{\{-?\s*(?:"([^"]*)"|'([^']*)')\s*(?:\|[^{}]*)?-?\}\}$/;

/** `[words]({{ … }})` or `![alt]({% … %})` at the start of the text. */
export function readTemplateLink(source: string): TemplateLink | undefined {
  const [raw = '', bang = '', label = '', address = '', title = ''] = LINK.exec(source) ?? [];
  if (raw === '') return undefined;
  const start = raw.indexOf(address, bang.length + label.length + '[]('.length);
  const expression = HEAD.exec(address)?.[1] ?? '';
  return { raw, isImage: bang !== '', label, title, expression, start, address: readTemplateAddress(address) };
}

/** What an address that begins with an expression leads to; null when that is not known. One that has none is itself. */
export function readTemplateAddress(address: string): TemplateAddress | null {
  const [, expression = '', rest = ''] = HEAD.exec(address) ?? [];
  if (expression === '') return /\{[{%]/.test(address) ? null : { href: address.trim(), byName: false };
  if (SITE.test(expression)) return readTemplateAddress(rest);
  const quoted = QUOTED.exec(expression);
  if (quoted !== null) return { href: (quoted[1] ?? quoted[2] ?? '') + rest, byName: false };
  const tag = readTemplateTag(expression);
  const [first] = tag?.args ?? [];
  if (tag === undefined || first === undefined || first.name !== null) return null;
  switch (tag.name) {
    case 'asset_path':
      return { href: first.value, byName: false };
    // A path from the root of the project.
    case 'link':
      return { href: `/${first.value.replace(/^\/+/, '')}`, byName: false };
    case 'post_url':
    case 'post_path':
    // Of Hugo; its root is the folder of the contents, which has many names.
    case 'ref':
    case 'relref':
      return { href: first.value.replace(/^\/+/, '') + rest, byName: true };
    default:
      return null;
  }
}
