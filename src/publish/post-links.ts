// Where links between posts lead on the author's own site: the files they name are read for their addresses, nothing is asked of a network.
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toFields } from '../article/fields.ts';
import { parsePost } from '../article/post.ts';
import type { Args } from '../errors.ts';
import type { Finding } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import { createNameSearch, type FindByName } from '../images/by-name.ts';
import type { Config } from '../local/config-keys.ts';
import { readRegularFile } from '../local/files.ts';
import { isInside, type Place, toPosixPath } from '../local/project.ts';
import { type RenderOptions, type RenderSource, render, type WechatHtml } from '../render/render.ts';

/** So many different links of one post are looked up. */
const LOOKUPS = 200;
/** What a link may leave out of the name of a post's file, as the routers of site generators let it. */
const ENDINGS = ['', '.md', '.markdown', '.mdx', '/index.md', '/index.mdx', '/README.md'] as const;

/** The same of a link that is a name; a note may say its ending. */
const NAME_ENDINGS = ['.md', '.markdown', '.mdx', ''] as const;

/** The post that links. */
export interface Linking {
  /** Absolute. */
  readonly file: string;
  readonly place: Place;
  readonly config: Pick<Config, 'siteUrl' | 'permalink'>;
}

export interface LinkedPage {
  readonly page: WechatHtml;
  /** Relative addresses as the author wrote them, without what follows `?` or `#`, to full ones. */
  readonly links: ReadonlyMap<string, string>;
}

/** Renders; a post that links to others is rendered once more with their addresses. */
export async function renderLinked(source: RenderSource, options: RenderOptions, from: Linking): Promise<LinkedPage> {
  const page = await render(source, options);
  const { links, hints } = await findAddresses(page.findings, from);
  const linked = links.size === 0 ? page : await render(source, { ...options, links });
  const findings = linked.findings.map((each) => {
    const hint = each.code === 'post-link-unknown' ? hints.get(String(each.args['url'])) : undefined;
    return hint === undefined ? each : { ...each, args: { ...each.args, ...hint } };
  });
  return { page: { ...linked, findings }, links };
}

interface Addresses {
  readonly links: ReadonlyMap<string, string>;
  /** What a finding adds of a link whose address is not known: `missing`, the post itself, or the `setting` that would tell. */
  readonly hints: ReadonlyMap<string, Args>;
}

async function findAddresses(findings: readonly Finding[], from: Linking): Promise<Addresses> {
  const unknown = findings.filter(({ code }) => code === 'post-link-unknown');
  const isByName = new Map(unknown.map(({ args }) => [String(args['url']), args['by'] === 'name']));
  const search = createNameSearch(from.place.root);
  const links = new Map<string, string>();
  const hints = new Map<string, Args>();
  const hasSite = from.config.siteUrl !== null;
  for (const [href, byName] of [...isByName].slice(0, LOOKUPS)) {
    const found = (await findLinked(href, from)) ?? (byName ? await findNamed(href, from, search) : null);
    if (found !== null && found.address !== null) links.set(href, found.address);
    else if (found === null && (hasSite || !href.startsWith('/'))) hints.set(href, { missing: href });
    else if (!hasSite) hints.set(href, { setting: 'siteUrl' });
  }
  return { links, hints };
}

/** What a link names; one that is hidden on the site has no address there. */
interface Linked {
  readonly address: string | null;
}

/** The post that a link names; of another path from the site's root, that of the site. Null when nothing is there. */
async function findLinked(href: string, from: Linking): Promise<Linked | null> {
  const { file, place, config } = from;
  const isFromRoot = href.startsWith('/');
  const path = join(isFromRoot ? place.root : dirname(file), decode(href).replace(/\.html?$/i, ''));
  for (const ending of ENDINGS) {
    const named = path.replace(/\/$/, '') + ending;
    const bytes = await readInside(named, place.root);
    if (bytes !== null) return toLinked(named, bytes, from);
  }
  return isFromRoot && config.siteUrl !== null ? { address: toSiteAddress(href, config.siteUrl) } : null;
}

/** The one post of that name, in whatever folder, as Obsidian finds it. Of several none is meant. */
async function findNamed(href: string, from: Linking, search: FindByName): Promise<Linked | null> {
  for (const ending of NAME_ENDINGS) {
    const [named, ...others] = await search(decode(href) + ending);
    if (named === undefined) continue;
    const bytes = others.length === 0 ? await readInside(named, from.place.root) : null;
    return bytes === null ? { address: null } : toLinked(named, bytes, from);
  }
  return null;
}

async function toLinked(file: string, bytes: Uint8Array, { place, config }: Linking): Promise<Linked> {
  const { siteUrl, permalink } = config;
  const { post } = await parsePost({ bytes, path: toPosixPath(place.home, file) });
  if (post === null || post.draftMark !== null) return { address: null };
  return { address: toFields(post, { siteUrl, permalink }).fields.sourceUrl };
}

function decode(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}

/** As a browser on the site would read it; null for what leads elsewhere. */
function toSiteAddress(href: string, siteUrl: string): string | null {
  if (!URL.canParse(href, siteUrl)) return null;
  const url = new URL(href, siteUrl);
  return url.origin === new URL(siteUrl).origin ? url.href : null;
}

/** A Markdown file of the project, links followed; null for anything else. */
async function readInside(path: string, root: string): Promise<Uint8Array | null> {
  if (!/\.(?:md|markdown|mdx)$/i.test(path) || path.includes('\0')) return null;
  const real = await realpath(path).catch(() => null);
  if (real === null || !isInside(await realpath(root), real)) return null;
  const read = readRegularFile(real, LIMITS.postFile.value);
  return read.kind === 'ok' ? read.bytes : null;
}
