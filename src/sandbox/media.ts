// File formats by their first bytes, and an image's size from its header; it decodes nothing and judges nothing.

export type ImageFormat = 'png' | 'jpg' | 'gif' | 'bmp';
export type Format = ImageFormat | 'webp' | 'heic' | 'mp3' | 'wma' | 'wav' | 'amr' | 'mp4';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `at` is the offset of `bytes` (latin-1). The first row that fits names the format. */
const SIGNATURES: readonly { readonly format: Format; readonly at: number; readonly bytes: string }[] = [
  { format: 'png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { format: 'jpg', at: 0, bytes: '\xff\xd8\xff' },
  { format: 'gif', at: 0, bytes: 'GIF87a' },
  { format: 'gif', at: 0, bytes: 'GIF89a' },
  { format: 'bmp', at: 0, bytes: 'BM' },
  { format: 'webp', at: 8, bytes: 'WEBP' },
  { format: 'wav', at: 8, bytes: 'WAVE' },
  { format: 'heic', at: 4, bytes: 'ftyphei' },
  { format: 'heic', at: 4, bytes: 'ftypmif1' },
  { format: 'mp4', at: 4, bytes: 'ftyp' },
  { format: 'amr', at: 0, bytes: '#!AMR' },
  { format: 'mp3', at: 0, bytes: 'ID3' },
  { format: 'mp3', at: 0, bytes: '\xff\xfb' },
  { format: 'wma', at: 0, bytes: '\x30\x26\xb2\x75' },
];

const EXTENSIONS: Readonly<Record<string, Format>> = {
  png: 'png',
  jpg: 'jpg',
  jpeg: 'jpg',
  gif: 'gif',
  bmp: 'bmp',
  webp: 'webp',
  heic: 'heic',
  mp3: 'mp3',
  wma: 'wma',
  wav: 'wav',
  amr: 'amr',
  mp4: 'mp4',
};

export const CONTENT_TYPES: Readonly<Record<ImageFormat, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  bmp: 'image/bmp',
};

/** The format the bytes say, or null. */
export function detectFormat(bytes: Buffer): Format | null {
  const head = bytes.toString('latin1', 0, 32);
  return SIGNATURES.find((row) => head.startsWith(row.bytes, row.at))?.format ?? null;
}

/** The format the name's extension says, or null. */
export function toNamedFormat(filename: string): Format | null {
  const extension = /\.([^./\\]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  return EXTENSIONS[extension] ?? null;
}

export function isImageFormat(format: Format | null): format is ImageFormat {
  return format !== null && format in CONTENT_TYPES;
}

/** Width and height in pixels from the header; null when the header is cut or names no area. */
export function readSize(format: ImageFormat, bytes: Buffer): Size | null {
  try {
    const size = SIZE_READERS[format](bytes);
    return size !== null && size.width > 0 && size.height > 0 ? size : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const SIZE_READERS: Readonly<Record<ImageFormat, (bytes: Buffer) => Size | null>> = {
  png: (bytes) =>
    bytes.toString('latin1', 12, 16) === 'IHDR'
      ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
      : null,
  gif: (bytes) => ({ width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }),
  bmp: (bytes) => ({ width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) }),
  jpg: readJpegSize,
};

/** Walks the segments to the frame header (SOF0–SOF15 without the three markers in between that are none). */
function readJpegSize(bytes: Buffer): Size | null {
  let at = 2;
  while (at < bytes.length) {
    if (bytes.readUInt8(at) !== 0xff) return null;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}
