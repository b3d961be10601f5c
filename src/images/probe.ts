// Tells a picture's format and size from its first bytes; it decodes no pixel and trusts no file name.
import { findSvgRoot } from './svg.ts';

export type ImageFormat = 'png' | 'jpg' | 'gif' | 'webp' | 'bmp' | 'avif' | 'heic' | 'tiff' | 'svg';

/** What the header says. Null = the header is not read for this format. */
export interface ImageFacts {
  readonly format: ImageFormat;
  /** Pixels as stored, before any orientation is applied. */
  readonly width: number | null;
  readonly height: number | null;
  /** More than one frame. */
  readonly animated: boolean;
  /** Whether pixels may be transparent. */
  readonly alpha: boolean | null;
}

type Reader = (bytes: Uint8Array, view: DataView) => Omit<ImageFacts, 'format'> | null;

/** How much text is searched for the root element of an SVG, in bytes. */
const SVG_PROLOG = 65_536;
const PNG_MAGIC = '\x89PNG\r\n\x1a\n';

const UNREAD = { width: null, height: null, animated: false, alpha: null } as const;

/**
 * Format and size of a picture; null when the bytes begin like no known format, or its header makes no sense.
 * Magic numbers and layouts: W3C PNG, ITU T.81 (JPEG), GIF89a, RFC 9649 (WebP), ISO 14496-12 `ftyp`, TIFF 6.0.
 */
export function probeImage(bytes: Uint8Array): ImageFacts | null {
  const format = probeFormat(bytes);
  if (format === null) return null;
  const read = READERS[format];
  if (read === undefined) return { format, ...UNREAD };
  try {
    const facts = read(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return facts === null || facts.width === 0 || facts.height === 0 ? null : { format, ...facts };
  } catch (error) {
    // The view was asked for bytes behind the end: cut short.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Whether the first bytes of a picture say all that the whole of it would: what `probeImage` found in them. A GIF's frames
 * lie all over it, and a PNG says until its pixels begin whether they move.
 */
export function isWholeHead(head: Uint8Array, facts: ImageFacts | null): boolean {
  if (facts === null || facts.format === 'gif') return false;
  return facts.format !== 'png' || readPngChunks(head).includes('IDAT');
}

/** Names of a PNG's chunks, in their order up to the pixels. */
function readPngChunks(bytes: Uint8Array): readonly string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names: string[] = [];
  for (let at = 8; at + 8 <= bytes.length && names.at(-1) !== 'IDAT'; at += 12 + view.getUint32(at)) {
    names.push(ascii(bytes, at + 4, at + 8));
  }
  return names;
}

function probeFormat(bytes: Uint8Array): ImageFormat | null {
  const head = ascii(bytes, 0, 12);
  if (head.startsWith(PNG_MAGIC)) return 'png';
  if (head.startsWith('\xff\xd8\xff')) return 'jpg';
  if (/^GIF8[79]a/.test(head)) return 'gif';
  if (/^RIFF.{4}WEBP/s.test(head)) return 'webp';
  if (/^.{4}ftyp/s.test(head)) return probeBrand(bytes);
  if (/^(?:II\*\0|MM\0\*)/.test(head)) return 'tiff';
  // "BM" alone is too little: the four reserved bytes are zero.
  if (/^BM.{4}\0\0\0\0/s.test(head)) return 'bmp';
  return findSvgRoot(new TextDecoder().decode(bytes.subarray(0, SVG_PROLOG))) === null ? null : 'svg';
}

/** The brands of an ISO media file (its major one, then the compatible ones) tell AVIF from HEIC. */
function probeBrand(bytes: Uint8Array): ImageFormat | null {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const brands = ascii(bytes, 8, Math.min(length, 128)).match(/.{4}/gs) ?? [];
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  return brands.some((brand) => /^(?:hei[cxms]|hev[cx]|mif1|msf1)$/.test(brand)) ? 'heic' : null;
}

const READERS: Readonly<Partial<Record<ImageFormat, Reader>>> = {
  png: (bytes, view) => {
    const chunks = readPngChunks(bytes);
    const colourType = view.getUint8(25);
    const alpha = chunks.includes('tRNS') || colourType === 4 || colourType === 6;
    return { width: view.getUint32(16), height: view.getUint32(20), animated: chunks.includes('acTL'), alpha };
  },
  jpg: (_bytes, view) => {
    for (let at = 2; view.getUint8(at) === 0xff; ) {
      const marker = view.getUint8(at + 1);
      // Start of frame, without the tables C4, C8, CC that share its range.
      if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
        return { width: view.getUint16(at + 7), height: view.getUint16(at + 5), animated: false, alpha: false };
      }
      // FF FF is a fill byte, not a segment.
      at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
    }
    return null;
  },
  gif: (bytes, view) => {
    const { frames, transparent } = walkGif(bytes, view);
    return {
      width: view.getUint16(6, true),
      height: view.getUint16(8, true),
      animated: frames > 1,
      alpha: transparent,
    };
  },
  webp: (bytes, view) => {
    const chunk = ascii(bytes, 12, 16);
    if (chunk === 'VP8X') {
      const flags = view.getUint8(20);
      const width = 1 + (view.getUint32(24, true) & 0xffffff);
      const height = 1 + (view.getUint32(27, true) & 0xffffff);
      return { width, height, animated: (flags & 0x02) !== 0, alpha: (flags & 0x10) !== 0 };
    }
    if (chunk === 'VP8L') {
      const size = view.getUint32(21, true);
      const alpha = ((size >>> 28) & 1) === 1;
      return { width: 1 + (size & 0x3fff), height: 1 + ((size >>> 14) & 0x3fff), animated: false, alpha };
    }
    if (chunk !== 'VP8 ') return null;
    const width = view.getUint16(26, true) & 0x3fff;
    return { width, height: view.getUint16(28, true) & 0x3fff, animated: false, alpha: false };
  },
  bmp: (_bytes, view) => {
    // The oldest header has 16-bit sizes; a negative height means rows from the top.
    const old = view.getUint32(14, true) === 12;
    const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
    const height = Math.abs(old ? view.getUint16(20, true) : view.getInt32(22, true));
    return width < 0 ? null : { width, height, animated: false, alpha: null };
  },
};

/** Counts frames up to the second, block by block; a file cut short has the frames that begin in it. */
function walkGif(bytes: Uint8Array, view: DataView): { readonly frames: number; readonly transparent: boolean } {
  let at = 13 + colourTable(view.getUint8(10));
  let frames = 0;
  let transparent = false;
  while (at + 10 <= bytes.length && frames < 2) {
    const block = view.getUint8(at);
    if (block === 0x2c) {
      frames++;
      at = skipSubBlocks(bytes, at + 11 + colourTable(view.getUint8(at + 9)));
    } else if (block === 0x21) {
      transparent ||= view.getUint8(at + 1) === 0xf9 && (view.getUint8(at + 3) & 1) === 1;
      at = skipSubBlocks(bytes, at + 2);
    } else break;
  }
  return { frames, transparent };
}

function colourTable(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1);
}

function skipSubBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] ?? 0) !== 0) at += 1 + (bytes[at] ?? 0);
  return at + 1;
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}
