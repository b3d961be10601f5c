// Draws diagrams: in a browser when one is there, else without, as far as that goes right. All of it is loaded for the first diagram.
import { LIMITS } from '../facts/limits.ts';
import type { BrowserAnswer, BrowserSetting, Canvas, FoundBrowser, Hearing, NoBrowser } from './browser.ts';
import type { Job } from './decoder.ts';
import type { Palette } from './diagram-colours.ts';
import { fail, type ImageFailure, type ImageNote } from './failure.ts';
import type { FitResult, FittedImage } from './fit.ts';

/** Part of the key of drawn diagrams in a cache: raise it whenever the same source would give other bytes. */
export const DRAWING_VERSION = 1;

export interface DiagramJob {
  /** mermaid's text. */
  readonly source: string;
  /** A theme's colour as CSS. */
  readonly accent: string;
  /** Pixels. */
  readonly maxWidth: number;
}

export interface DrawnDiagram {
  readonly ok: true;
  readonly image: FittedImage;
  readonly by: Renderer;
  /** Why it was not drawn as well as it might be; told once. */
  readonly note: ImageNote | null;
}

/** Why a diagram stays code. */
export interface DiagramFailure extends ImageFailure {
  /** Of the source, from 1, where that is known. */
  readonly line: number | null;
}

/** What draws, from the best on: names for a cache. */
export type Renderer = 'browser' | 'plain';

export interface Studio {
  /** Those that are here, though they may not work; starts nothing. */
  renderers(): Promise<readonly Renderer[]>;
  /** Never rejects but with the signal's reason, or with a bug. */
  draw(job: DiagramJob, signal?: AbortSignal): Promise<DrawnDiagram | DiagramFailure>;
  /** Ends the browser, if one was started. */
  close(): Promise<void>;
}

/** Single quotes, as it stands in attributes. Fonts of macOS, Windows and Linux that have Chinese. */
const FONTS =
  "'PingFang SC','Hiragino Sans GB','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','WenQuanYi Micro Hei',sans-serif";

/** After so many drawings that hang or crash it, the browser of a run is not started again. */
const MOST_LOST = 3;

export interface StudioOptions extends BrowserSetting {
  readonly hearing: Hearing;
  /** For one drawing. */
  readonly timeoutMs?: number;
}

/** A studio whose browser starts with the first diagram, and serves all that follow. */
export function openStudio({ hearing, timeoutMs = LIMITS.diagramTime.value, ...where }: StudioOptions): Studio {
  let looking: Promise<FoundBrowser> | null = null;
  let opening: Promise<Canvas | null> | null = null;
  /** Why there is no browser though one is installed, and whether that was told. */
  let trouble: { readonly detail: string; told: boolean } | null = null;
  let lost = 0;
  let last: Promise<unknown> = Promise.resolve();

  const look = () => {
    looking ??= import('./browser.ts').then(({ findBrowser }) => findBrowser(where));
    return looking;
  };
  const open = async (): Promise<Canvas | null> => {
    const found = await look();
    if (found.is === 'missing' || trouble !== null || lost >= MOST_LOST) return null;
    const { openCanvas } = await import('./browser.ts');
    opening ??= openCanvas(found.path, hearing).catch((error: unknown) => {
      trouble = { detail: `${found.path}: ${toReason(error)}`, told: false };
      return null;
    });
    return opening;
  };
  const close = async () => {
    const canvas = await opening;
    opening = null;
    await canvas?.close();
  };
  const drawOn = async (canvas: Canvas, job: DiagramJob, signal: AbortSignal | undefined): Promise<BrowserAnswer> => {
    const { source } = job;
    const palette = await toPalette(job.accent);
    const answer = await race(canvas.draw({ source, palette, fonts: FONTS }), timeoutMs, signal);
    if (answer !== null) return answer;
    lost++;
    await close();
    signal?.throwIfAborted();
    return { is: 'too-much' };
  };

  const draw = async (job: DiagramJob, signal: AbortSignal | undefined): Promise<DrawnDiagram | DiagramFailure> => {
    signal?.throwIfAborted();
    if (job.source.length > LIMITS.diagram.value) return TOO_MUCH;
    const canvas = await open();
    if (canvas === null) {
      const found = await look();
      const known = found.is === 'missing' ? found.why : { lacks: found.path };
      const news = trouble?.told === false ? trouble.detail : null;
      const drawn = await drawPlainly(job, { why: news === null ? known : { lacks: news }, signal });
      if (trouble !== null) trouble.told = true;
      return !drawn.ok || news === null
        ? drawn
        : { ...drawn, note: { code: 'diagram-browser', args: { detail: news } } };
    }
    const answer = await drawOn(canvas, job, signal);
    switch (answer.is) {
      case 'drawn':
        return toDrawn('browser', await fitInJail({ kind: 'body', bytes: answer.png, maxWidth: job.maxWidth }, signal));
      case 'broken':
        return toFailure(
          fail('diagram-broken', { detail: answer.detail, problem: answer.problem, name: answer.name }),
          toSourceLine(job.source, answer.line),
        );
      case 'font':
        return toFailure(fail('diagram-font', { text: answer.text }));
      case 'too-much':
        return TOO_MUCH;
    }
  };

  return {
    async renderers() {
      return (await look()).is === 'there' ? ['browser', 'plain'] : ['plain'];
    },
    draw(job, signal) {
      const drawn = last.then(() => draw(job, signal));
      last = drawn.catch(() => undefined);
      return drawn;
    },
    close,
  };
}

/** What drawing would say of a diagram, as far as it can be known without; null when it may go. */
export async function foreseeDiagram(source: string, where: BrowserSetting): Promise<DiagramFailure | null> {
  if (source.length > LIMITS.diagram.value) return TOO_MUCH;
  const { findBrowser } = await import('./browser.ts');
  const browser = await findBrowser(where);
  if (browser.is === 'there') return null;
  const { readPlain } = await import('./plain-lines.ts');
  const read = readPlain(source);
  return read.ok ? null : toUndrawn(read.found, browser.why);
}

async function drawPlainly(
  { source, accent, maxWidth }: DiagramJob,
  { why, signal }: { readonly why: NoBrowser; readonly signal: AbortSignal | undefined },
): Promise<DrawnDiagram | DiagramFailure> {
  const { readPlain } = await import('./plain-lines.ts');
  const read = readPlain(source);
  if (!read.ok) return toUndrawn(read.found, why);
  const job = {
    kind: 'diagram',
    source: read.source,
    palette: await toPalette(accent),
    fonts: FONTS,
    maxWidth,
  } as const;
  return toDrawn('plain', await fitInJail(job, signal));
}

async function toPalette(accent: string): Promise<Palette> {
  return (await import('./diagram-colours.ts')).toPalette(accent);
}

async function fitInJail(job: Job, signal: AbortSignal | undefined): Promise<FitResult> {
  return (await import('./jail.ts')).JAIL.fit(job, signal);
}

function toUndrawn(found: string, why: NoBrowser): DiagramFailure {
  return toFailure(fail('diagram-no-renderer', { found: found.slice(0, 60), ...why }));
}

/** Of a diagram that is one of too many, too large, or takes too long. */
export const TOO_MUCH: DiagramFailure = toFailure(
  fail('diagram-too-much', {
    chars: LIMITS.diagram.value,
    all: LIMITS.diagramsPerPost.value,
    seconds: LIMITS.diagramTime.value / 1000,
    pixels: LIMITS.sourcePixels.value / 1_000_000,
  }),
);

/** What the decoder says of a picture is, of one that we drew ourselves, that it was too much. */
function toDrawn(by: Renderer, result: FitResult): DrawnDiagram | DiagramFailure {
  if (result.ok) return { ok: true, image: result.image, by, note: null };
  return result.code.startsWith('image-') ? TOO_MUCH : toFailure(result);
}

function toFailure(failure: ImageFailure, line: number | null = null): DiagramFailure {
  return { ...failure, line };
}

/** The line of the source that mermaid means, which counts without front matter, comments and empty lines at the start. */
function toSourceLine(source: string, line: number): number | null {
  const front = /^\s*---[ \t]*\n[\s\S]*?\n---[ \t]*\n/.exec(source)?.[0] ?? '';
  const before = front.split('\n').length - 1;
  const rest = source.slice(front.length).split('\n');
  const counted = rest.flatMap((text, index) => (/^\s*%%(?!\{)/.test(text) ? [] : [{ text, at: before + index + 1 }]));
  const first = counted.findIndex(({ text }) => text.trim() !== '');
  const index = Math.min(Math.max(first, 0) + line, counted.length) - 1;
  return line > 0 ? (counted[index]?.at ?? null) : null;
}

/** What a browser said when it ended, which the error quotes; else the error's first line. */
function toReason(error: unknown): string {
  const message = error instanceof Error ? error.message.replace(/\u001b\[[\d;]*m/g, '') : String(error);
  const said = /\[err\] (.*)/.exec(message)?.[1] ?? message.split('\n')[0] ?? '';
  return said
    .replace(/^\[[^\]]*\] *|^browserType\.launch: /g, '')
    .trim()
    .slice(0, 160);
}

/** The answer; null when it does not come in time, when the signal says to stop, or when the page was lost. */
async function race<T>(work: Promise<T>, timeoutMs: number, signal: AbortSignal | undefined): Promise<T | null> {
  let end: () => void = () => undefined;
  const ended = new Promise<null>((resolve) => {
    end = () => resolve(null);
  });
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener('abort', end);
  try {
    return await Promise.race([work.catch(() => null), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
