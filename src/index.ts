// The library: the same functions that the commands call, for programs; documented in README "As a library".

import { toFields } from './article/fields.ts';
import { parsePost } from './article/post.ts';
import { checkPaths, toReport } from './commands/check.ts';
import { enter, type GlobalOptions, openSpeaker } from './commands/globals.ts';
import { publishPaths, toFailed } from './commands/publish.ts';
import type { PublishFlags } from './commands/publish-flags.ts';
import { toExpected } from './errors.ts';
import type { Finding } from './facts/findings.ts';
import { toPageSettings } from './local/config.ts';
import { DEFAULTS } from './local/config-keys.ts';
import { createIo } from './local/io.ts';
import { findPackageFolder } from './local/package.ts';
import { loadTheme, tellTheme } from './local/themes.ts';
import { toSource } from './publish/source.ts';
import { type Diagram, type ImageReference, type PlacedImage, render } from './render/render.ts';
import { type CheckDocument, toCheckDocument } from './report/check-report.ts';
import { type PublishDocument, toPublishDocument } from './report/publish-report.ts';

export { type ErrorCode, WxsyncError } from './errors.ts';
export type { Finding, FindingCode, Severity } from './facts/findings.ts';
export type { Diagram, ImageReference, PlacedImage } from './render/render.ts';
export type { CheckDocument } from './report/check-report.ts';
export type { PublishDocument } from './report/publish-report.ts';

export interface RenderPostOptions {
  /** A shipped theme's name, or the path of a CSS file. */
  readonly theme?: string;
  readonly themeVars?: Readonly<Record<string, string>>;
  readonly codeTheme?: string;
  /** Where the post's pictures are now, by the author's reference or a diagram's key. */
  readonly images?: ReadonlyMap<string, PlacedImage>;
  /** Addresses of other posts, by the author's relative link. */
  readonly links?: ReadonlyMap<string, string>;
}

export interface RenderedPost {
  readonly html: string;
  readonly title: string;
  /** The post's own, fitted to WeChat; else the beginning of its text. */
  readonly digest: string;
  readonly images: readonly ImageReference[];
  /** Its mermaid blocks: code where `images` of the options has no picture by the diagram's key. */
  readonly diagrams: readonly Diagram[];
  readonly findings: readonly Finding[];
}

/**
 * Renders a post (front matter and Markdown) to the HTML that WeChat keeps. Opens no picture and no network.
 * Throws `theme-missing`. A post that cannot be read gives empty HTML and an error among the findings.
 */
export async function renderPost(markdown: string, options: RenderPostOptions = {}): Promise<RenderedPost> {
  const { post, findings } = await parsePost({ bytes: new TextEncoder().encode(markdown), path: 'post.md' });
  if (post === null) return { html: '', title: '', digest: '', images: [], diagrams: [], findings };
  const theme = await loadTheme({
    name: options.theme ?? post.theme?.value ?? DEFAULTS.theme,
    codeTheme: options.codeTheme ?? DEFAULTS.codeTheme,
    vars: options.themeVars ?? {},
    root: findPackageFolder(),
    trusted: options.theme !== undefined,
  });
  const { images, links } = options;
  const page = await render(toSource(post), {
    theme,
    settings: toPageSettings(DEFAULTS),
    ...(images && { images }),
    ...(links && { links }),
  });
  const { fields, findings: told } = toFields(post);
  const { html } = page;
  return {
    html,
    title: post.title,
    digest: fields.digest ?? page.digest,
    images: page.images,
    diagrams: page.diagrams,
    findings: [...findings, ...told, ...page.findings, ...tellTheme(theme, post.theme ?? { line: 1, column: 1 })],
  };
}

/**
 * Checks one file as `wxsync check` does: offline, nothing changed, nothing printed.
 * An expected error is in the document; only a bug is thrown.
 */
export async function checkPost(file: string, options: GlobalOptions = {}): Promise<CheckDocument> {
  const io = createIo(process);
  const globals = { quiet: true, ...options };
  const wishes = { paths: [file], maxWarnings: null };
  const report = await enter(io, globals, file)
    .then((around) => checkPaths(around, wishes))
    .catch((error: unknown) => toReport({ files: [], error: toExpected(error) }, wishes));
  return toCheckDocument(report, openSpeaker(io, globals).lang);
}

export interface PublishPostOptions extends Partial<PublishFlags>, GlobalOptions {}

/**
 * Publishes one file as `wxsync publish` does, with this process's environment, and prints nothing.
 * An expected error is in the document; only a bug is thrown.
 */
export async function publishPost(file: string, options: PublishPostOptions = {}): Promise<PublishDocument> {
  const io = createIo(process);
  const globals = { quiet: true, ...options };
  const flags: PublishFlags = { maxNew: 20, wait: true, ...options };
  const report = await enter(io, globals, file)
    .then((around) => publishPaths(around, { flags, paths: [file], print: () => undefined }))
    .catch((error: unknown) => toFailed(toExpected(error), flags, io.env));
  return toPublishDocument(report, openSpeaker(io, globals).lang);
}
