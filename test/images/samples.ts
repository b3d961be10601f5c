// Makes pictures of every kind for the tests, with sharp or byte by byte; nothing binary is kept in the repository.
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { type FittedImage, fitBodyImage } from '../../src/images/fit.ts';

/** Pixels that no encoder can make small, the same at every run. */
export function noise(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  const data = Buffer.alloc(width * height * channels);
  let state = 1;
  for (let at = 0; at < data.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[at] = state >>> 24;
  }
  return sharp(data, { raw: { width, height, channels } });
}

/** One colour; alpha from 0 to 1. */
export function plain(width: number, height: number, colour: string, alpha?: number): Sharp {
  const { r, g, b } = { r: hex(colour, 1), g: hex(colour, 3), b: hex(colour, 5) };
  const background = alpha === undefined ? { r, g, b } : { r, g, b, alpha };
  return sharp({ create: { width, height, channels: alpha === undefined ? 3 : 4, background } });
}

/** Left half red, right half blue: tells whether a picture was turned or mirrored. */
export function halves(width: number, height: number): Sharp {
  const blue = { create: { width: width / 2, height, channels: 3 as const, background: '#0000ff' } };
  return plain(width, height, '#ff0000').composite([{ input: blue, left: width / 2, top: 0 }]);
}

/** Frames of one colour each, 100 ms apart. */
export async function animation(
  format: 'gif' | 'webp',
  { width, height, colours }: { width: number; height: number; colours: readonly string[] },
): Promise<Buffer> {
  const frames = await Promise.all(colours.map((colour) => plain(width, height, colour).png().toBuffer()));
  const joined = sharp(frames, { join: { animated: true } });
  const delay = colours.map(() => 100);
  return format === 'gif'
    ? joined.gif({ delay, loop: 0 }).toBuffer()
    : joined.webp({ delay, lossless: true }).toBuffer();
}

/** The one frame of a GIF again and again, without the time to encode it. */
export function repeatFrame(gif: Buffer, times: number): Buffer {
  const flags = gif[10] ?? 0;
  const start = 13 + ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
  const frame = gif.subarray(start, gif.length - 1);
  return Buffer.concat([gif.subarray(0, start), ...Array.from({ length: times }, () => frame), Buffer.from([0x3b])]);
}

/** A PNG whose header says any size, with next to no data behind it. */
export function pngSaying(width: number, height: number): Buffer {
  return pngOf({ width, height, header: [8, 2, 0, 0, 0], data: Buffer.alloc(1000) });
}

/** A PNG bomb: white or black, all pixels there, a thousand of them to a byte. */
export function pngBomb(width: number, height: number): Buffer {
  return pngOf({ width, height, header: [1, 0, 0, 0, 0], data: Buffer.alloc((Math.ceil(width / 8) + 1) * height) });
}

function pngOf(png: { width: number; height: number; header: readonly number[]; data: Buffer }): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(png.width, 0);
  header.writeUInt32BE(png.height, 4);
  header.set(png.header, 8);
  const magic = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const data = pngChunk('IDAT', deflateSync(png.data));
  return Buffer.concat([magic, pngChunk('IHDR', header), data, pngChunk('IEND', Buffer.alloc(0))]);
}

/** The PNG with one more chunk after its header. */
export function withChunk(png: Uint8Array, type: string, data: Buffer): Buffer {
  return Buffer.concat([png.subarray(0, 33), pngChunk(type, data), png.subarray(33)]);
}

/** Node's flags for a decoder on which `withFault` has its effect. */
export const FAULTS = [`--import=${new URL('decoder-faults.mjs', import.meta.url).href}`];

/** The PNG with words in it that decoder-faults.mjs obeys. */
export function withFault(png: Uint8Array, fault: string): Buffer {
  return withChunk(png, 'tEXt', Buffer.from(`Comment\0FAULT ${fault}`));
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A BMP of red, green / blue, white: 2 × 2, rows padded as the format wants. */
export function bmp({ bits, rows, alpha }: { bits: 24 | 32; rows: 'up' | 'down'; alpha?: number }): Buffer {
  const masked = alpha !== undefined;
  const headerLength = masked ? 108 : 40;
  const header = Buffer.alloc(14 + headerLength);
  header.write('BM', 0, 'latin1');
  header.writeUInt32LE(header.length, 10);
  header.writeUInt32LE(headerLength, 14);
  header.writeInt32LE(2, 18);
  header.writeInt32LE(rows === 'up' ? 2 : -2, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(masked ? 3 : 0, 30);
  if (masked)
    [0x00ff0000, 0x0000ff00, 0x000000ff, 0xff000000].forEach(
      (mask, at) => void header.writeUInt32LE(mask, 54 + 4 * at),
    );
  const fourth = bits === 24 ? [] : [alpha ?? 0];
  const pad = bits === 24 ? [0, 0] : [];
  const top = [0, 0, 255, ...fourth, 0, 255, 0, ...fourth, ...pad];
  const bottom = [255, 0, 0, ...fourth, 255, 255, 255, ...fourth, ...pad];
  return Buffer.concat([header, Buffer.from(rows === 'up' ? [...bottom, ...top] : [...top, ...bottom])]);
}

/** The colour of one pixel as `#rrggbb` or `#rrggbbaa`. */
export async function colourAt(bytes: Uint8Array, x: number, y: number): Promise<string> {
  const pixel = await sharp(bytes).extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer();
  return `#${pixel.toString('hex')}`;
}

function hex(colour: string, at: number): number {
  return Number.parseInt(colour.slice(at, at + 2), 16);
}

/** Fits a picture that is expected to be a good one. */
export async function fit(bytes: Uint8Array, maxWidth = 1440): Promise<FittedImage> {
  const result = await fitBodyImage(bytes, { maxWidth });
  if (!result.ok) throw new Error(`${result.code} ${JSON.stringify(result.args)}`);
  return result.image;
}

/** A copy with one byte changed. */
export function withByte(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}
