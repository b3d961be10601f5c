// Brings a body picture into what WeChat takes; pure on bytes, it knows no file, cache or network.
import { createHash } from 'node:crypto';
import { LIMITS } from '../facts/limits.ts';
import { openPicture, type Picture, type Pixels, readAnimation, readPixels, type Size, sizeWithin } from './decode.ts';
import { type Encoded, encodeJpeg, encodePalettePng, encodePng, narrowUntil } from './encode.ts';
import { fail, type ImageFailure, type ImageNote } from './failure.ts';
import type { ImageFormat } from './probe.ts';

/** Part of the cache key of fitted pictures: raise it whenever the same source would give other bytes. */
export const RULE_VERSION = 1;

export interface FittedImage {
  readonly bytes: Uint8Array;
  readonly format: 'jpg' | 'png' | 'gif';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Where it is uploaded: `media/uploadimg` takes jpg and png under 1 MB, animations go to `material/add_material`. */
  readonly endpoint: 'uploadimg' | 'add_material';
  readonly note: ImageNote | null;
}

export type FitResult = { readonly ok: true; readonly image: FittedImage } | ImageFailure;

/** JPEG when the source is one, or is a photograph's format; whatever has transparent pixels becomes PNG. */
const JPEG_SOURCES: ReadonlySet<ImageFormat> = new Set<ImageFormat>(['jpg', 'webp', 'avif']);

const GOOD = 92;
const SMALL = 85;

/**
 * Fits a body picture: at most `maxWidth` pixels wide, under WeChat's limits, upright, sRGB, without metadata.
 * Always decodes and encodes anew: the source's own bytes never go out. Transparency is kept, never flattened.
 * @returns the picture, or why it cannot be used (without `src`, which only the caller knows)
 */
export async function fitBodyImage(bytes: Uint8Array, { maxWidth }: { readonly maxWidth: number }): Promise<FitResult> {
  const picture = await openPicture(bytes);
  if (!picture.ok) return picture;
  const size = sizeWithin(picture, maxWidth, LIMITS.imagePixels.value);
  if (picture.animated) {
    const animation = await fitAnimation(picture, size);
    if (animation !== null) return { ok: true, image: animation };
  }
  const pixels = await readPixels(picture, size);
  if (!pixels.ok) return pixels;
  const still = pixels.opaque ? await fitOpaque(pixels, picture, bytes.length) : await fitTransparent(pixels);
  const max = LIMITS.material.value;
  const note = picture.animated ? { code: 'image-first-frame' as const, args: { max } } : null;
  return still === null
    ? fail('image-cannot-fit', { max: LIMITS.bodyImage.value })
    : { ok: true, image: { ...still, endpoint: 'uploadimg', note } };
}

/** All frames as GIF; null when they cannot be decoded (APNG), are too many pixels or too many bytes. */
async function fitAnimation(picture: Picture, size: Size): Promise<FittedImage | null> {
  const tooLarge = picture.frames * picture.width * picture.height > LIMITS.animationPixels.value;
  if (picture.frames < 2 || tooLarge) return null;
  const animation = await readAnimation(picture, size);
  if (!animation.ok || animation.bytes.length > LIMITS.material.value) return null;
  return { bytes: animation.bytes, format: 'gif', ...size, endpoint: 'add_material', note: null };
}

async function fitOpaque(pixels: Pixels, picture: Picture, sourceLength: number): Promise<Encoded | null> {
  const max = LIMITS.bodyImage.value;
  if (JPEG_SOURCES.has(picture.format)) {
    const good = await encodeJpeg(pixels, GOOD, picture.colour);
    const grew = picture.format === 'jpg' && good.bytes.length > sourceLength;
    if (good.bytes.length < max && !grew) return good;
  } else {
    const lossless = await encodePng(pixels);
    if (lossless.bytes.length < max) return lossless;
  }
  return narrowUntil(pixels, max, (narrower) => encodeJpeg(narrower, SMALL, picture.colour));
}

async function fitTransparent(pixels: Pixels): Promise<Encoded | null> {
  const lossless = await encodePng(pixels);
  const max = LIMITS.bodyImage.value;
  return lossless.bytes.length < max ? lossless : narrowUntil(pixels, max, encodePalettePng);
}

/** A fitted picture with its facts as one file for the cache; `decodeFitted` reads it back. */
export function encodeFitted({ bytes, ...facts }: FittedImage): Uint8Array {
  const head = JSON.stringify(facts);
  return Buffer.concat([Buffer.from(`${checksum(head, bytes)} ${head}\n`), bytes]);
}

/** The fitted picture of a cached file; null when the file is torn, cut short or of another kind. */
export function decodeFitted(file: Uint8Array): FittedImage | null {
  const end = file.indexOf(0x0a);
  const line = Buffer.from(file.subarray(0, Math.max(end, 0))).toString();
  const head = line.slice(line.indexOf(' ') + 1);
  const bytes = file.subarray(end + 1);
  // Whatever has the right checksum was written by encodeFitted.
  return line === `${checksum(head, bytes)} ${head}` ? { ...JSON.parse(head), bytes } : null;
}

/** sha256 in hex. */
function checksum(head: string, bytes: Uint8Array): string {
  return createHash('sha256').update(`wxsync fitted ${RULE_VERSION}\n${head}\n`).update(bytes).digest('hex');
}
