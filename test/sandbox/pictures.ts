// Small files for upload tests: real headers, and bodies that nothing decodes.

/** A PNG header of that size, then `fill` bytes. */
export function createPng(width: number, height: number, fill = 0): Buffer {
  const header = Buffer.alloc(33);
  header.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return Buffer.concat([header, Buffer.alloc(fill)]);
}

/** A JPEG whose frame header follows an APP0 and a comment segment, then `fill` bytes. */
export function createJpeg(width: number, height: number, fill = 0): Buffer {
  const comment = Buffer.from('\xff\xfe\x00\x06wxs!', 'latin1');
  const frame = Buffer.from('\xff\xc2\x00\x0b\x08\x00\x00\x00\x00\x01\x01\x11\x00', 'latin1');
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  const head = Buffer.from('\xff\xd8\xff\xe0\x00\x04\x00\x00', 'latin1');
  return Buffer.concat([head, comment, frame, Buffer.alloc(fill)]);
}

export const GIF = Buffer.from('GIF89a\x02\x00\x03\x00\x00\x00\x00', 'latin1');
export const WEBP = Buffer.from('RIFF\x1a\x00\x00\x00WEBPVP8 ', 'latin1');
export const HEIC = Buffer.from('\x00\x00\x00\x18ftypheic\x00\x00\x00\x00', 'latin1');
export const MP4 = Buffer.from('\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00', 'latin1');
export const MP3 = Buffer.from('ID3\x03\x00', 'latin1');
