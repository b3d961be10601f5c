// What becomes of each kind of picture on its way to WeChat, looked at from the outside: format, size, colour, bytes.
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { decodeFitted, encodeFitted, type FittedImage, fitBodyImage } from '../../src/images/fit.ts';
import { probeImage } from '../../src/images/probe.ts';
import { animation, bmp, colourAt, fit, halves, noise, plain, pngSaying, withByte, withChunk } from './samples.ts';

const SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
const svg = (inner: string, size = 'width="40" height="20"') => Buffer.from(`<svg ${SVG} ${size}>${inner}</svg>`);

describe('format and size', () => {
  const gif = { width: 40, height: 20, colours: ['#ff0000', '#00ff00', '#0000ff'] };
  test.each([
    ['a small PNG stays one', () => noise(40, 20).png().toBuffer(), 'png', 40, 20],
    ['a small JPEG stays one', () => noise(40, 20).jpeg().toBuffer(), 'jpg', 40, 20],
    ['a wide PNG is narrowed', () => plain(2880, 20, '#123456').png().toBuffer(), 'png', 1440, 10],
    ['a wide JPEG is narrowed', () => halves(3000, 2000).jpeg().toBuffer(), 'jpg', 1440, 960],
    ['a long picture keeps to 5 Mpx', () => plain(200, 32_000, '#123456').png().toBuffer(), 'png', 176, 28_284],
    ['16 bits become 8', () => plain(40, 20, '#123456').toColourspace('rgb16').png().toBuffer(), 'png', 40, 20],
    ['grey becomes colour', () => plain(40, 20, '#808080').toColourspace('b-w').png().toBuffer(), 'png', 40, 20],
    ['grey with alpha', () => plain(40, 20, '#808080', 0.5).toColourspace('b-w').png().toBuffer(), 'png', 40, 20],
    ['CMYK becomes sRGB', () => plain(40, 20, '#ff0000').toColourspace('cmyk').jpeg().toBuffer(), 'jpg', 40, 20],
    ['WebP → JPEG', () => noise(40, 20).webp().toBuffer(), 'jpg', 40, 20],
    ['WebP with alpha → PNG', () => noise(40, 20, 4).webp().toBuffer(), 'png', 40, 20],
    ['AVIF → JPEG', () => noise(40, 20).avif().toBuffer(), 'jpg', 40, 20],
    ['TIFF → PNG', () => noise(40, 20).tiff().toBuffer(), 'png', 40, 20],
    ['BMP → PNG', () => bmp({ bits: 24, rows: 'up' }), 'png', 2, 2],
    ['GIF of one frame → PNG', () => plain(40, 20, '#ff0000').gif().toBuffer(), 'png', 40, 20],
    ['GIF of three frames stays one', () => animation('gif', gif), 'gif', 40, 20],
    ['WebP of three frames → GIF', () => animation('webp', gif), 'gif', 40, 20],
    ['SVG → PNG at twice its size', () => svg('<rect width="9" height="9"/>'), 'png', 80, 40],
    ['SVG no wider than asked', () => svg('', 'width="1000" height="500"'), 'png', 1440, 720],
    ['SVG by its viewBox', () => svg('', 'viewBox="0 0 30 10"'), 'png', 60, 20],
    ['SVG of one pixel', () => svg('', 'width="1" height="1"'), 'png', 2, 2],
  ])('%s', async (_what, make, format, width, height) => {
    const image = await fit(await make());
    expect(image).toMatchObject({ format, width, height, note: null });
    expect(image.endpoint).toBe(format === 'gif' ? 'add_material' : 'uploadimg');
    expect(probeImage(image.bytes)).toMatchObject({ format, width, height });
  });
});

describe('colours', () => {
  test.each([
    ['PNG', () => plain(4, 4, '#336699').png().toBuffer(), '#336699'],
    ['16-bit PNG', () => plain(4, 4, '#336699').toColourspace('rgb16').png().toBuffer(), '#336699'],
    ['grey PNG', () => plain(4, 4, '#808080').toColourspace('b-w').png().toBuffer(), '#808080'],
    ['half-transparent PNG', () => plain(4, 4, '#336699', 0.5).png().toBuffer(), '#33669980'],
    ['half-transparent palette PNG', () => plain(4, 4, '#336699', 0.5).png({ palette: true }).toBuffer(), '#33669980'],
    ['fully transparent PNG', () => plain(4, 4, '#336699', 0).png().toBuffer(), '#33669900'],
    ['PNG with an alpha channel that hides nothing', () => plain(4, 4, '#336699', 1).png().toBuffer(), '#336699'],
    ['the same, resized', () => plain(400, 400, '#336699', 1).png().toBuffer(), '#336699'],
    ['BMP of 24 bits', () => bmp({ bits: 24, rows: 'up' }), '#ff0000'],
    ['BMP of 24 bits, top row first', () => bmp({ bits: 24, rows: 'down' }), '#ff0000'],
    ['BMP of 32 bits, whose fourth byte means nothing', () => bmp({ bits: 32, rows: 'up' }), '#ff0000'],
    ['BMP of 32 bits with alpha', () => bmp({ bits: 32, rows: 'up', alpha: 128 }), '#ff000080'],
    ['SVG on nothing', () => svg('<rect width="100%" height="100%" fill="#ff0000" fill-opacity="0.5"/>'), '#ff000080'],
    ['SVG that fills itself', () => svg('<rect width="100%" height="100%" fill="#336699"/>'), '#336699'],
  ])('%s', async (_what, make, colour) => {
    expect(await colourAt((await fit(await make(), 40)).bytes, 0, 0)).toBe(colour);
  });

  test('a wide-gamut profile is turned into sRGB and left out', async () => {
    const p3 = await plain(8, 8, '#ff0000').withIccProfile('p3').png().toBuffer();
    const { bytes } = await fit(p3);
    expect((await sharp(p3).metadata()).icc).toBeDefined();
    expect((await sharp(bytes).metadata()).icc).toBeUndefined();
    expect(await colourAt(bytes, 4, 4)).toMatch(/^#f[ef]0[0-9a-f]0[0-9a-f]$/);
  });
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i is applied, and all metadata left behind', async (orientation) => {
  const source = await halves(80, 40)
    .withExif({ IFD0: { Copyright: 'SECRET', Make: 'CAMERA' }, IFD3: { GPSLatitude: '1/1 2/1 3/1' } })
    .withMetadata({ orientation })
    .jpeg({ quality: 100 })
    .toBuffer();
  const upright = orientation < 5;
  const { bytes, width, height } = await fit(source);
  expect([width, height]).toEqual(upright ? [80, 40] : [40, 80]);
  const { exif, icc, iptc, xmp, orientation: left } = await sharp(bytes).metadata();
  expect([exif, icc, iptc, xmp, left]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(Buffer.from(bytes).includes('SECRET')).toBe(false);
  const red = await colourAt(
    bytes,
    orientation === 2 || orientation === 3 ? 70 : 5,
    orientation === 7 || orientation === 8 ? 75 : 5,
  );
  expect(red).toMatch(/^#f[c-f]0[0-3]0[0-3]$/);
});

test('text and times in a PNG are left behind', async () => {
  const source = withChunk(await noise(9, 9).png().toBuffer(), 'tEXt', Buffer.from('Comment\0SECRET'));
  expect(source.includes('SECRET')).toBe(true);
  expect(Buffer.from((await fit(source)).bytes).includes('SECRET')).toBe(false);
});

test('a file behind the picture does not go out with it', async () => {
  for (const picture of [await noise(9, 9).png().toBuffer(), await noise(9, 9).jpeg().toBuffer()]) {
    expect(Buffer.from((await fit(Buffer.concat([picture, Buffer.from('SECRET')]))).bytes).includes('SECRET')).toBe(
      false,
    );
  }
});

test('a JPEG that would grow at quality 92 is made at 85', async () => {
  const poor = await noise(400, 400).jpeg({ quality: 30 }).toBuffer();
  const { quality92, quality85 } = {
    quality92: await sharp(poor).jpeg({ quality: 92 }).toBuffer(),
    quality85: await sharp(poor).jpeg({ quality: 85 }).toBuffer(),
  };
  const image = await fit(poor);
  expect(quality92.length).toBeGreaterThan(poor.length);
  expect(Buffer.from(image.bytes).equals(quality85)).toBe(true);
});

describe('animations', () => {
  const colours = Array.from({ length: 12 }, (_, index) => `#${(index * 20).toString(16).padStart(2, '0')}0000`);

  test('keep all frames and times, also when narrowed', async () => {
    const source = await animation('gif', { width: 200, height: 100, colours: [...colours, '#000000', '#000000'] });
    const image = await fit(source, 100);
    expect(image).toMatchObject({ format: 'gif', width: 100, height: 50, endpoint: 'add_material', note: null });
    const { pages, delay, loop } = await sharp(image.bytes, { animated: true }).metadata();
    const before = await sharp(source, { animated: true }).metadata();
    expect({ pages, delay, loop }).toEqual({ pages: before.pages, delay: before.delay, loop: before.loop });
    expect(pages).toBeGreaterThan(11);
  });

  test('of a kind WeChat does not know give their first frame, and say so', async () => {
    const apng = withChunk(await noise(9, 9).png().toBuffer(), 'acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]));
    expect(await fit(apng)).toMatchObject({ format: 'png', note: { code: 'image-first-frame' } });
  });
});

describe('refused', () => {
  let png: Buffer;
  let jpeg: Buffer;
  beforeAll(async () => {
    png = await noise(200, 200).png().toBuffer();
    jpeg = await noise(200, 200).jpeg().toBuffer();
  });
  const huge = { width: 16_000, height: 16_000, max: LIMITS.sourcePixels.value };
  test.each([
    ['nothing', () => Buffer.alloc(0), 'image-not-an-image', { detail: 'no known picture format' }],
    ['a secret', () => Buffer.from('KEY=1'), 'image-not-an-image', { detail: 'no known picture format' }],
    ['half a PNG', () => png.subarray(0, png.length / 2), 'image-not-an-image', {}],
    ['half a JPEG', () => jpeg.subarray(0, jpeg.length / 2), 'image-not-an-image', {}],
    ['a PNG with a wrong checksum', () => withByte(png, 60, 1), 'image-not-an-image', {}],
    ['a JPEG header with noise behind it', () => Buffer.concat([jpeg.subarray(0, 700), png]), 'image-not-an-image', {}],
    ['a pixel bomb', () => pngSaying(16_000, 16_000), 'image-too-many-pixels', huge],
    ['an SVG as large as a bomb', () => svg('', 'width="8000" height="8000"'), 'image-too-many-pixels', huge],
    ['HEIC', () => Buffer.from('\0\0\0\x10ftypheic\0\0\0\0mif1', 'latin1'), 'image-format', { format: 'HEIC' }],
    ['a BMP cut short', () => bmp({ bits: 24, rows: 'up' }).subarray(0, 60), 'image-format', {}],
    ['a BMP of 8 bits', () => withByte(bmp({ bits: 24, rows: 'up' }), 28, 8), 'image-format', {}],
    [
      'an SVG that declares entities',
      () =>
        Buffer.from(
          `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg ${SVG} width="9" height="9"><text>&x;</text></svg>`,
        ),
      'image-not-an-image',
      {},
    ],
    [
      'an entity bomb',
      () =>
        Buffer.from(
          `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg ${SVG} width="9" height="9"><text>&b;</text></svg>`,
        ),
      'image-not-an-image',
      {},
    ],
    ['SVG that does not end', () => Buffer.from(`<svg ${SVG} width="9" height="9"><rect`), 'image-not-an-image', {}],
  ])('%s', async (_what, make, code, args) => {
    expect(await fitBodyImage(make(), { maxWidth: 1440 })).toMatchObject({ ok: false, code, args });
  });
});

describe('a drawing reaches nothing outside of itself', () => {
  const black = '<rect width="100%" height="100%" fill="#000000"/>';
  test.each([
    [
      'image by file address',
      `${black}<image width="40" height="20" xlink:href="file:///usr/share/pixmaps/debian-logo.png"/>`,
    ],
    ['image by path', `${black}<image width="40" height="20" href="/srv/x.png"/>`],
    [
      'image by relative path',
      `${black}<image width="40" height="20" href="examples/blog/public/images/cover-2026-trade.jpg"/>`,
    ],
    ['image from the network', `${black}<image width="40" height="20" href="http://127.0.0.1:1/x.png"/>`],
    [
      'XInclude of a text',
      `${black}<text y="15" fill="#fff"><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="file:///etc/passwd"/></text>`,
    ],
    ['use of a file', `${black}<use href="file:///tmp/x.svg#a"/>`],
    ['style import', `<style>@import url("file:///etc/passwd"); rect{fill:#000000}</style>${black}`],
    ['script', `${black}<script>document.documentElement.innerHTML=''</script>`],
    [
      'foreign object',
      `${black}<foreignObject width="40" height="20"><iframe src="file:///etc/passwd"/></foreignObject>`,
    ],
  ])('%s', async (_what, inner) => {
    const { bytes } = await fit(svg(inner));
    const { channels } = await sharp(bytes).stats();
    expect(channels.map(({ max }) => max)).toEqual([0, 0, 0]);
  });
});

describe('the cached form', () => {
  const image: FittedImage = {
    bytes: Uint8Array.from([10, 0, 255, 10]),
    format: 'png',
    width: 2,
    height: 1,
    endpoint: 'uploadimg',
    note: { code: 'image-first-frame', args: { max: 1 } },
  };

  test('comes back as it was', () => {
    const { bytes, ...facts } = decodeFitted(encodeFitted(image)) ?? {};
    expect({ ...facts, bytes: Uint8Array.from(bytes ?? []) }).toEqual(image);
  });

  test('is refused when a byte is missing or changed', () => {
    const file = Buffer.from(encodeFitted(image));
    for (let at = 0; at < file.length; at++) {
      expect(decodeFitted(file.subarray(0, at))).toBeNull();
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(decodeFitted(changed)).toBeNull();
    }
    expect(decodeFitted(Buffer.concat([file, Buffer.from([0])]))).toBeNull();
  });
});
