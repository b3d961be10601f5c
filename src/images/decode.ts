// From the bytes of any picture to upright sRGB pixels of a wanted size, within bounds; it knows nothing of what they are for.
import type { SharpOptions } from 'sharp';
import { LIMITS } from '../facts/limits.ts';
import { readBmp } from './bmp.ts';
import { fail, type ImageFailure } from './failure.ts';
import { type ImageFormat, probeImage } from './probe.ts';
import { loadSharp } from './sharp.ts';
import { findSvgRoot } from './svg.ts';

/** A size in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The resolution of colour, beside that of light. */
export type Colour = 'full' | 'half';

/** A picture whose header was read and found sound; nothing is decoded yet. */
export interface Picture extends Size {
  readonly ok: true;
  readonly format: ImageFormat;
  /** Frames that can be decoded; 1 for an animation of a kind that cannot be. */
  readonly frames: number;
  readonly animated: boolean;
  /** Most cameras store colour at half the resolution. */
  readonly colour: Colour;
  /** What sharp reads, and how. */
  readonly input: Uint8Array;
  readonly options: SharpOptions;
}

/** Pixels of one frame: upright, sRGB, 8 bits a channel. */
export interface Pixels extends Size {
  readonly data: Buffer;
  readonly channels: 3 | 4;
  /** True when no pixel is transparent at all, whatever the channels. */
  readonly opaque: boolean;
}

/** sharp's own names, where they are not ours. */
const SHARP_NAMES: Readonly<Partial<Record<ImageFormat, string>>> = { jpg: 'jpeg', avif: 'heif', bmp: 'raw' };

/** Any warning of a decoder refuses the picture: a half picture must not go out. */
const SAFE = {
  failOn: 'warning',
  sequentialRead: true,
  limitInputPixels: LIMITS.sourcePixels.value,
} as const satisfies SharpOptions;

/** The longest side of a JPEG in libjpeg, in pixels. */
const MAX_SIDE = 65_500;

/** An SVG is drawn at twice its own size, for dense screens. */
const SVG_SCALE = 2;
const SVG_DENSITY = 72;

/** No byte of the file is shown: it may be no picture at all, but somebody's secret. */
const UNKNOWN = 'no known picture format';

/** Longest time for one picture in seconds; a drawing may ask for endless work. */
const SECONDS = 30;
const ANIMATION_SECONDS = 60;

/**
 * Reads and bounds a picture's header: known format, at most `LIMITS.sourcePixels`, the same format for our own probe
 * and for the decoder (so a file that is two things at once is refused).
 */
export async function openPicture(bytes: Uint8Array): Promise<Picture | ImageFailure> {
  const facts = probeImage(bytes);
  if (facts === null) return fail('image-not-an-image', { detail: UNKNOWN });
  const { format, animated } = facts;
  if (format === 'heic') return fail('image-format', { format: 'HEIC' });
  const early = tooManyPixels(facts.width ?? 0, facts.height ?? 0);
  if (early !== null) return early;

  const readable = toReadable(bytes, format);
  if (readable === null) return fail('image-format', { format: 'BMP (not 24 or 32 bits, or compressed)' });
  const { input, options } = readable;
  const sharp = await loadSharp();
  return attempt(async () => {
    const meta = await sharp(input, { ...options, limitInputPixels: false }).metadata();
    if (meta.format !== (SHARP_NAMES[format] ?? format)) {
      return fail('image-not-an-image', { detail: `${format} or ${meta.format}` });
    }
    const scale = format === 'svg' ? SVG_SCALE : 1;
    const width = Math.round(meta.autoOrient.width * scale);
    const height = Math.round(meta.autoOrient.height * scale);
    const frames = animated && (format === 'gif' || format === 'webp') ? (meta.pages ?? 1) : 1;
    const colour: Colour = meta.chromaSubsampling === '4:2:0' ? 'half' : 'full';
    return (
      tooManyPixels(width, height) ??
      ({ ok: true, format, width, height, frames, animated, colour, input, options } as const)
    );
  });
}

/** The picture's (first) frame in a wanted size. */
export async function readPixels(
  picture: Picture,
  size: Size,
): Promise<(Pixels & { readonly ok: true }) | ImageFailure> {
  const sharp = await loadSharp();
  const density = Math.max(1, (SVG_DENSITY * SVG_SCALE * size.width) / picture.width);
  const vector = picture.format === 'svg' ? { density } : {};
  return attempt(async () => {
    const { data, info } = await sharp(picture.input, { ...picture.options, ...vector })
      .autoOrient()
      .resize({ ...size, fit: 'fill' })
      .toColourspace('srgb')
      .timeout({ seconds: SECONDS })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const channels = info.channels === 4 ? 4 : 3;
    return { ok: true, data, channels, ...size, opaque: channels === 3 || isOpaque(data) } as const;
  });
}

/** All frames as one GIF in a wanted size, with their times; no metadata. */
export async function readAnimation(picture: Picture, size: Size): Promise<{ ok: true; bytes: Buffer } | ImageFailure> {
  const sharp = await loadSharp();
  return attempt(async () => {
    const limitInputPixels = LIMITS.animationPixels.value;
    // Undithered, frames of unchanged size keep their colours, in two thirds of the time.
    const dither = size.width === picture.width ? 0 : 1;
    const bytes = await sharp(picture.input, { ...picture.options, animated: true, limitInputPixels })
      .resize({ ...size, fit: 'fill' })
      .gif({ keepDuplicateFrames: true, dither })
      .timeout({ seconds: ANIMATION_SECONDS })
      .toBuffer();
    return { ok: true, bytes } as const;
  });
}

/**
 * The largest size of the same shape that is no wider than `maxWidth`, has no more than `maxPixels`, and that every
 * format can hold. Never enlarges.
 */
export function sizeWithin({ width, height }: Size, maxWidth: number, maxPixels: number): Size {
  const scale = Math.min(1, maxWidth / width, Math.sqrt(maxPixels / (width * height)), MAX_SIDE / height);
  // The small sum keeps 1439.9999 a 1440.
  const side = (length: number): number => Math.max(1, Math.floor(length * scale + 1e-6));
  return { width: side(width), height: side(height) };
}

/** What the decoder is given: an SVG less its DOCTYPE, a BMP's pixels, anything else as it is. */
function toReadable(bytes: Uint8Array, format: ImageFormat): Pick<Picture, 'input' | 'options'> | null {
  if (format === 'svg') {
    const text = new TextDecoder().decode(bytes);
    return { input: Buffer.from(text.slice(findSvgRoot(text) ?? 0)), options: SAFE };
  }
  if (format !== 'bmp') return { input: bytes, options: SAFE };
  const bmp = readBmp(bytes);
  if (bmp === null) return null;
  const { data, ...raw } = bmp;
  return { input: data, options: { ...SAFE, raw } };
}

function tooManyPixels(width: number, height: number): ImageFailure | null {
  const max = LIMITS.sourcePixels.value;
  return width * height > max ? fail('image-too-many-pixels', { width, height, max }) : null;
}

function isOpaque(data: Buffer): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}

/** A decoder that gives up is a fact about the picture. */
async function attempt<T>(work: () => Promise<T>): Promise<T | ImageFailure> {
  try {
    return await work();
  } catch (error) {
    const detail = error instanceof Error ? error.message.split('\n', 1)[0] : undefined;
    return fail('image-not-an-image', { detail: detail ?? 'unknown' });
  }
}
