// The small readers of bytes: multipart parts, JSON bodies, formats, sizes, field lengths.
import { expect, test } from 'vitest';
import { countHalfWidths } from '../../src/sandbox/counting.ts';
import { parseJsonBody } from '../../src/sandbox/json-body.ts';
import { detectFormat, type ImageFormat, readSize, toNamedFormat } from '../../src/sandbox/media.ts';
import { parseUpload } from '../../src/sandbox/multipart.ts';
import { createJpeg, createPng, GIF, HEIC, MP3, MP4, WEBP } from './pictures.ts';

const BYTES = Buffer.from('\r\n--x\0\r\n', 'latin1');

test.each<[string, string, string]>([
  ['bytes that look like line breaks', '', ''],
  ['a preamble', 'preamble\r\n', ''],
  ['another part before', '--b\r\nContent-Disposition: form-data; name="description"\r\n\r\n{}\r\n', ''],
  ['another part after', '', '\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--b'],
])('a media part with %s', (_what, before, after) => {
  const head = `${before}--b\r\nContent-Disposition: form-data; name="media"; filename="封面.png"\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), BYTES, Buffer.from(`\r\n--b${after}--\r\n`)]);
  expect(parseUpload('multipart/form-data; boundary=b', body)).toEqual({ filename: '封面.png', bytes: BYTES });
});

test('a part without its closing delimiter is none', () => {
  const body = Buffer.from('--b\r\nContent-Disposition: form-data; name="media"; filename="a.png"\r\n\r\nabc');
  expect(parseUpload('multipart/form-data; boundary=b', body)).toBeNull();
});

test.each([
  ['{"a":"\\u4e2d"}', '\\u4e2d'],
  ['{"a":"\\\\u4e2d"}', '\\u4e2d'],
  ['{"a":"\\\\\\u4e2d"}', '\\\\u4e2d'],
  ['{"a":"\\n\\"\\/"}', '\n"/'],
  ['{"a":"中"}', '中'],
])('%s', (json, value) => {
  expect(parseJsonBody(Buffer.from(json)).fields).toEqual({ a: value });
});

test.each<[string | null, Buffer, string | null]>([
  ['png', createPng(1, 1), 'a.png'],
  ['jpg', createJpeg(1, 1), 'a.b.JPEG'],
  ['gif', GIF, 'a.gif'],
  ['webp', WEBP, 'a.webp'],
  ['heic', HEIC, 'a.heic'],
  ['mp4', MP4, 'a.mp4'],
  ['mp3', MP3, 'a.mp3'],
  [null, Buffer.from('<svg/>'), 'a.svg'],
  [null, Buffer.alloc(0), 'png'],
])('format %s by bytes and by name', (format, bytes, name) => {
  expect([detectFormat(bytes), toNamedFormat(name ?? '')]).toEqual([format, format]);
});

test.each<[ImageFormat, Buffer, number, number]>([
  ['png', createPng(640, 480), 640, 480],
  ['jpg', createJpeg(940, 400), 940, 400],
  ['gif', GIF, 2, 3],
  ['bmp', Buffer.from(`BM${'\0'.repeat(16)}\x05\0\0\0\xfa\xff\xff\xff`, 'latin1'), 5, 6],
])('size of a %s', (format, bytes, width, height) => {
  expect(readSize(format, bytes)).toEqual({ width, height });
});

test.each([
  ['abc', 3],
  ['é', 1],
  ['中文', 4],
  ['，', 2],
  ['😀', 4],
  ['\\u4e2d', 6],
])('%s counts %i half-width units', (text, units) => {
  expect(countHalfWidths(text)).toBe(units);
});
