// Reads the pixels of an uncompressed 24- or 32-bit BMP, which the image library cannot; it knows no other kind of BMP.

export interface BmpPixels {
  /** Rows from the top, `channels` bytes a pixel: red, green, blue and, with four, alpha. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
}

const UNCOMPRESSED = 0;
const BITFIELDS = 3;
/** The only masks of 32-bit files in practice: blue, green, red, alpha in this order of bytes. */
const MASKS = [0x00ff0000, 0x0000ff00, 0x000000ff] as const;

/** The pixels, or null when the file is cut short or of another kind. The caller has bounded width × height. */
export function readBmp(bytes: Uint8Array): BmpPixels | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 54 || view.getUint32(14, true) < 40) return null;
  const start = view.getUint32(10, true);
  const width = view.getInt32(18, true);
  const signedHeight = view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const masked =
    bits === 32 &&
    compression === BITFIELDS &&
    bytes.length >= 70 &&
    MASKS.every((mask, index) => view.getUint32(54 + 4 * index, true) === mask);
  if ((bits !== 24 && bits !== 32) || (compression !== UNCOMPRESSED && !masked)) return null;
  // Rows are padded to four bytes.
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (width <= 0 || height === 0 || start + stride * height > bytes.length) return null;

  const hasAlpha = masked && view.getUint32(14, true) >= 56 && view.getUint32(66, true) === 0xff000000;
  const channels = hasAlpha ? 4 : 3;
  const step = bits / 8;
  const data = new Uint8Array(width * height * channels);
  let to = 0;
  for (let row = 0; row < height; row++) {
    let from = start + stride * (signedHeight < 0 ? row : height - 1 - row);
    for (let column = 0; column < width; column++, from += step, to += channels) {
      data[to] = bytes[from + 2] ?? 0;
      data[to + 1] = bytes[from + 1] ?? 0;
      data[to + 2] = bytes[from] ?? 0;
      if (hasAlpha) data[to + 3] = bytes[from + 3] ?? 0;
    }
  }
  return { data, width, height, channels };
}
