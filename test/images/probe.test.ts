// Format and size from the first bytes, for every format, for files cut anywhere, and for what only looks like a picture.
import { describe, expect, test } from 'vitest';
import { isWholeHead, probeImage } from '../../src/images/probe.ts';
import { findSvgRoot } from '../../src/images/svg.ts';
import { animation, bmp, noise, plain, pngSaying, withChunk } from './samples.ts';

const colours = ['#ff0000', '#00ff00'];
const gifLoop = { width: 8, height: 6, colours };
const text = (value: string) => Buffer.from(value);
const brand = (...brands: string[]) =>
  Buffer.from(`\0\0\0${String.fromCharCode(8 + 4 * brands.length)}ftyp${brands.join('')}`, 'latin1');

describe('what a header says', () => {
  const still = { animated: false };
  test.each([
    ['png', () => noise(7, 5).png().toBuffer(), { width: 7, height: 5, alpha: false, ...still }],
    ['png', () => noise(7, 5, 4).png().toBuffer(), { width: 7, height: 5, alpha: true, ...still }],
    ['png', () => plain(7, 5, '#ff0000', 0.5).png({ palette: true }).toBuffer(), { width: 7, height: 5, alpha: true }],
    ['png', () => pngSaying(16_000, 16_000), { width: 16_000, height: 16_000 }],
    ['png', () => withChunk(pngSaying(9, 9), 'acTL', Buffer.alloc(8)), { width: 9, height: 9, animated: true }],
    ['jpg', () => noise(7, 5).jpeg().toBuffer(), { width: 7, height: 5, alpha: false, ...still }],
    ['jpg', () => noise(7, 5).jpeg({ progressive: true }).toBuffer(), { width: 7, height: 5 }],
    [
      'jpg',
      () =>
        noise(7, 5)
          .withExif({ IFD0: { Copyright: 'x'.repeat(3000) } })
          .jpeg()
          .toBuffer(),
      { width: 7, height: 5 },
    ],
    ['gif', () => plain(7, 5, '#ff0000').gif().toBuffer(), { width: 7, height: 5, ...still }],
    ['gif', () => animation('gif', gifLoop), { width: 8, height: 6, animated: true }],
    ['webp', () => noise(7, 5).webp().toBuffer(), { width: 7, height: 5, alpha: false, ...still }],
    ['webp', () => noise(7, 5, 4).webp().toBuffer(), { width: 7, height: 5, alpha: true, ...still }],
    ['webp', () => noise(7, 5).webp({ lossless: true }).toBuffer(), { width: 7, height: 5, alpha: false, ...still }],
    ['webp', () => noise(7, 5, 4).webp({ lossless: true }).toBuffer(), { width: 7, height: 5, alpha: true, ...still }],
    ['webp', () => animation('webp', gifLoop), { width: 8, height: 6, animated: true }],
    ['bmp', () => bmp({ bits: 24, rows: 'up' }), { width: 2, height: 2, alpha: null, ...still }],
    ['bmp', () => bmp({ bits: 32, rows: 'down' }), { width: 2, height: 2 }],
    ['avif', () => noise(16, 16).avif().toBuffer(), { width: null, height: null }],
    ['avif', () => brand('mif1', '\0\0\0\0', 'avif', 'heic'), { width: null }],
    ['heic', () => brand('heic', '\0\0\0\0', 'mif1', 'heic'), { width: null }],
    ['tiff', () => noise(7, 5).tiff().toBuffer(), { width: null, height: null }],
    ['tiff', () => text('MM\0*\0\0\0\x08'), { width: null }],
    ['svg', () => text('<svg xmlns="http://www.w3.org/2000/svg"/>'), { width: null }],
    [
      'svg',
      () => text('\uFEFF<?xml version="1.0"?>\n<!-- > --><!DOCTYPE svg [<!ENTITY a "]>">]>\n<svg>'),
      { width: null },
    ],
  ])('%s', async (format, make, facts) => {
    expect(probeImage(await make())).toMatchObject({ format, ...facts });
  });
});

test.each([
  ['nothing', ''],
  ['a web page', '<!doctype html><html><body><svg></svg></body></html>'],
  ['text', 'hello <svg>'],
  ['other XML', '<?xml version="1.0"?><svgx/>'],
  ['an unfinished comment', '<!-- <svg>'],
  ['an unfinished doctype', '<!DOCTYPE svg [ <!ENTITY x "'],
  ['half a magic number', '\x89PNG'],
  ['a text that begins with BM', 'BMW is a car'],
  ['a video', '\0\0\0\x10ftypisomisom'],
  ['a sound', 'RIFF\x10\0\0\0WAVEfmt '],
  ['a program', '\x7fELF\x02\x01\x01'],
  ['environment', 'WECHAT_APP_SECRET=0123456789'],
])('no picture: %s', (_what, value) => {
  expect(probeImage(Buffer.from(value, 'latin1'))).toBeNull();
});

test('a header with a side of zero is no picture', () => {
  expect(probeImage(pngSaying(0, 5))).toBeNull();
});

test('a file cut at any byte never throws and never reads behind its end', async () => {
  const whole = await Promise.all([
    noise(9, 9, 4).png().toBuffer(),
    noise(9, 9).jpeg().toBuffer(),
    noise(9, 9, 4).webp().toBuffer(),
    noise(9, 9).avif().toBuffer(),
    animation('gif', gifLoop),
    bmp({ bits: 24, rows: 'up' }),
  ]);
  for (const bytes of whole) {
    const facts = probeImage(bytes);
    for (let length = 0; length < Math.min(bytes.length, 600); length++) {
      const cut = probeImage(bytes.subarray(0, length));
      if (cut !== null && cut.width !== null)
        expect({ ...cut, animated: null, alpha: null }).toEqual({ ...facts, animated: null, alpha: null });
    }
  }
});

test('a long prolog is scanned once, not for ever', () => {
  const prolog = '<!--a-->'.repeat(200_000);
  expect(findSvgRoot(`${prolog}<svg>`)).toBe(prolog.length);
  expect(findSvgRoot(`${prolog}<sv>`)).toBeNull();
});

describe('whether the first bytes are enough', () => {
  const long = Buffer.alloc(900);
  test.each<[what: string, make: () => Promise<Buffer> | Buffer, least: number, whole: boolean]>([
    ['a PNG up to its pixels', () => noise(7, 5).png().toBuffer(), 64, true],
    ['a PNG cut before them', () => withChunk(pngSaying(9, 9), 'iTXt', long), 200, false],
    ['a JPEG with its frame', () => noise(7, 5).jpeg().toBuffer(), 400, true],
    ['a JPEG cut before it', () => noise(7, 5).jpeg().toBuffer(), 30, false],
    ['a GIF, whose frames are anywhere', () => animation('gif', gifLoop), 60, false],
    ['a WebP', () => animation('webp', gifLoop), 60, true],
    ['nothing known', () => text('hello'), 5, false],
  ])('%s', async (_, make, least, whole) => {
    const bytes = await make();
    const head = bytes.subarray(0, least);
    expect(isWholeHead(head, probeImage(head))).toBe(whole);
    if (whole) expect(probeImage(head)).toEqual(probeImage(bytes));
  });
});
