// From pixels to the bytes of a JPEG or PNG, and narrower until they are few enough; it knows no rule of WeChat.
import type { Sharp } from 'sharp';
import type { Colour, Pixels } from './decode.ts';
import { loadSharp } from './sharp.ts';

export interface Encoded {
  readonly bytes: Uint8Array;
  readonly format: 'jpg' | 'png';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Narrower than this is no help to a reader; the picture is given up. */
const MIN_WIDTH = 64;

/** Encodes, and as long as the result is not under `maxBytes`, makes the pixels narrower; null when that leads nowhere. */
export async function narrowUntil(
  pixels: Pixels,
  maxBytes: number,
  encode: (pixels: Pixels) => Promise<Encoded>,
): Promise<Encoded | null> {
  let current = pixels;
  for (;;) {
    const result = await encode(current);
    if (result.bytes.length < maxBytes) return result;
    // Bytes grow about as the area does; a little less, so that the next try is the last.
    const width = Math.floor(current.width * Math.min(0.9, 0.97 * Math.sqrt(maxBytes / result.bytes.length)));
    if (width < MIN_WIDTH) return null;
    current = await narrow(pixels, width);
  }
}

/** JPEG, by libjpeg's scale of quality; what is transparent becomes white. */
export async function encodeJpeg(pixels: Pixels, quality: number, colour: Colour): Promise<Encoded> {
  const chromaSubsampling = colour === 'full' ? '4:4:4' : '4:2:0';
  const image = await toSharp(pixels);
  const bytes = await image.flatten({ background: '#ffffff' }).jpeg({ quality, chromaSubsampling }).toBuffer();
  return { bytes, format: 'jpg', width: pixels.width, height: pixels.height };
}

/** Lossless. Level 9 was measured: 3 to 15 times the time of level 6 for 6 % fewer bytes. */
export async function encodePng(pixels: Pixels): Promise<Encoded> {
  const image = await toSharp(pixels);
  const bytes = await (pixels.opaque ? image.removeAlpha() : image)
    .png({ compressionLevel: 6, adaptiveFiltering: true })
    .toBuffer();
  return { bytes, format: 'png', width: pixels.width, height: pixels.height };
}

/** 256 colours with alpha. Effort 7 was measured: up to 20 times the time of effort 2 for the same size. */
export async function encodePalettePng(pixels: Pixels): Promise<Encoded> {
  const image = await toSharp(pixels);
  const bytes = await image.png({ palette: true, effort: 2, compressionLevel: 9 }).toBuffer();
  return { bytes, format: 'png', width: pixels.width, height: pixels.height };
}

async function narrow(pixels: Pixels, width: number): Promise<Pixels> {
  const height = Math.max(1, Math.round((pixels.height * width) / pixels.width));
  const image = await toSharp(pixels);
  const data = await image.resize({ width, height, fit: 'fill' }).raw().toBuffer();
  return { ...pixels, data, width, height };
}

async function toSharp({ data, width, height, channels }: Pixels): Promise<Sharp> {
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels } });
}
