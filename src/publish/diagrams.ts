// Has a post's diagrams drawn, from the cache where the same ones were drawn before; what cannot be drawn stays code, with a finding.
import { applyChecks } from '../check/rules.ts';
import { type Finding, finding } from '../facts/findings.ts';
import { LIMITS } from '../facts/limits.ts';
import type { BrowserSetting } from '../images/browser.ts';
import { decodeFitted, encodeFitted, type FittedImage, RULE_VERSION } from '../images/fit.ts';
import { type DiagramFailure, DRAWING_VERSION, foreseeDiagram, type Studio, TOO_MUCH } from '../images/studio.ts';
import { type Cache, sha256 } from '../local/cache.ts';
import type { Config } from '../local/config-keys.ts';
import type { Diagram } from '../render/render.ts';
import type { Theme } from '../render/theme.ts';
import { readAccent } from '../render/theme-vars.ts';

/** A picture of the body, as it will be sent. */
export interface BodyImage {
  /** The author's reference, or a diagram's key. */
  readonly src: string;
  readonly image: FittedImage;
}

export interface DrawOptions {
  /** Null draws nothing and says nothing. */
  readonly studio: Studio | null;
  readonly cache: Cache;
  readonly theme: Theme;
  readonly config: Pick<Config, 'images' | 'checks'>;
  readonly signal: AbortSignal;
}

export interface Drawn {
  readonly images: readonly BodyImage[];
  /** Each at the place of its diagram, or at the line in it that is wrong. */
  readonly findings: readonly Finding[];
}

/** Draws each diagram once. Rejects only with the signal's reason, or with a bug. Writes nothing but the cache. */
export async function drawDiagrams(diagrams: readonly Diagram[], options: DrawOptions): Promise<Drawn> {
  const { studio, config } = options;
  if (studio === null) return { images: [], findings: [] };
  const results = new Map<string, FittedImage | DiagramFailure>();
  const images: BodyImage[] = [];
  const findings: Finding[] = [];
  for (const diagram of diagrams) {
    const { key, source } = diagram;
    const known = results.get(key);
    const result =
      known ?? (results.size < LIMITS.diagramsPerPost.value ? await drawCached(source, studio, options) : TOO_MUCH);
    results.set(key, result);
    const note = 'ok' in result ? result : result.note;
    if (note !== null) findings.push(finding(note.code, toPlace(diagram, result), note.args));
    if (!('ok' in result) && known === undefined) images.push({ src: key, image: result });
  }
  return { images, findings: applyChecks(findings, config.checks) };
}

/** What drawing would say, as far as it can be known without: too many or too long, or nothing here that draws one. */
export async function foreseeDiagrams(
  diagrams: readonly Diagram[],
  where: BrowserSetting,
): Promise<readonly Finding[]> {
  const keys = [...new Set(diagrams.map(({ key }) => key))];
  const findings = diagrams.map(async (diagram) => {
    const isLate = keys.indexOf(diagram.key) >= LIMITS.diagramsPerPost.value;
    const failure = isLate ? TOO_MUCH : await foreseeDiagram(diagram.source, where);
    return failure === null ? [] : [finding(failure.code, diagram, failure.args)];
  });
  return (await Promise.all(findings)).flat();
}

async function drawCached(
  source: string,
  studio: Studio,
  { cache, theme, config, signal }: DrawOptions,
): Promise<FittedImage | DiagramFailure> {
  const { maxWidth } = config.images;
  const accent = readAccent(theme);
  const toKey = (renderer: string) =>
    `diagram ${sha256(source)} ${accent} ${maxWidth} ${renderer} ${DRAWING_VERSION} ${RULE_VERSION}`;
  const [best = 'plain'] = await studio.renderers();
  // A better one than can be drawn here may have been drawn where this cache was filled.
  for (const renderer of best === 'browser' ? ['browser'] : ['browser', 'plain']) {
    const cached = await cache.get(toKey(renderer));
    const before = cached === null ? null : decodeFitted(cached);
    if (before !== null) return before;
  }
  const drawn = await studio.draw({ source, accent, maxWidth }, signal);
  if (!drawn.ok) return drawn;
  await cache.put(toKey(drawn.by), encodeFitted(drawn.image));
  return drawn.note === null ? drawn.image : { ...drawn.image, note: drawn.note };
}

/** A line inside of the block, when it is known; the source begins below the line that opens it. */
function toPlace({ line, column }: Diagram, result: FittedImage | DiagramFailure) {
  const inside = 'ok' in result ? result.line : null;
  return inside === null ? { line, column } : { line: line + inside, column: 1 };
}
