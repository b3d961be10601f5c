// Covers: fitted from the author's picture or drawn from a title; decoded again to see what came out.
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { drawCover, fitCover, markJpeg } from '../../src/images/cover.ts';
import { probeImage } from '../../src/images/probe.ts';
import { animation, colourAt, noise, plain } from './samples.ts';

async function fit(bytes: Uint8Array) {
  const result = await fitCover(bytes);
  if (!result.ok) throw new Error(result.code);
  return result.image;
}

async function draw(title: string, accent?: string) {
  return Buffer.from((await drawCover({ title, ...(accent === undefined ? {} : { accent }) })).bytes);
}

describe('a fitted cover', () => {
  const frames = { width: 40, height: 20, colours: ['#ff0000', '#00ff00'] };
  test.each([
    ['PNG', () => noise(900, 383).png().toBuffer(), 900, 383],
    ['a wide one', () => plain(3600, 1532, '#123456').png().toBuffer(), 1800, 766],
    ['a long one', () => plain(1800, 9000, '#123456').png().toBuffer(), 1000, 5000],
    ['WebP', () => noise(40, 20).webp().toBuffer(), 40, 20],
    ['the first frame of a GIF', () => animation('gif', frames), 40, 20],
    ['SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>'), 80, 40],
  ])('%s', async (_what, make, width, height) => {
    const image = await fit(await make());
    expect(image).toMatchObject({ format: 'jpg', width, height, endpoint: 'add_material', note: null });
    const pixels = await sharp(image.bytes, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
    expect(pixels.info).toMatchObject({ width, height, channels: 3 });
  });

  test('is under its limit', async () => {
    const image = await fit(await noise(1800, 1200).png().toBuffer());
    expect(image.bytes.length).toBeLessThan(LIMITS.cover.value);
    expect(image.width).toBeGreaterThan(900);
  });

  test('has white where it was transparent', async () => {
    expect(await colourAt((await fit(await plain(8, 8, '#000000', 0).png().toBuffer())).bytes, 4, 4)).toBe('#ffffff');
  });

  test('of no picture is refused', async () => {
    expect(await fitCover(Buffer.from('KEY=1'))).toMatchObject({
      ok: false,
      code: 'image-not-an-image',
    });
  });
});

describe('a drawn cover', () => {
  test.each(['年终总结', '<b>&"\'</b>', '', 'x'.repeat(2000), '\u0000\u0001\ufffe'])('%j', async (title) => {
    const { bytes, ...facts } = await drawCover({ title });
    expect(facts).toEqual({ format: 'jpg', width: 1800, height: 766, endpoint: 'add_material', note: null });
    expect(probeImage(bytes)).toMatchObject({ format: 'jpg', width: 1800, height: 766 });
    expect(bytes.length).toBeLessThan(LIMITS.cover.value);
    await sharp(bytes, { failOn: 'warning' }).stats();
  });

  test('is the same at every run, another for another title', async () => {
    const [first, again, other] = [await draw('一'), await draw('一'), await draw('二')];
    expect(again.equals(first)).toBe(true);
    expect(other.equals(first)).toBe(false);
  });

  test.each([
    ['#d4380d', 'r'],
    ['#07c160', 'g'],
    ['#1677ff', 'b'],
  ])('takes the hue of %s', async (accent, strongest) => {
    const { dominant } = await sharp(await draw('', accent)).stats();
    const { r, g, b } = dominant;
    expect(Object.entries({ r, g, b }).sort(([, x], [, y]) => y - x)[0]?.[0]).toBe(strongest);
  });

  test('takes nothing else for a colour', async () => {
    const plainCover = await draw('一');
    for (const accent of ['redd', '#fff', '#808080', '"/><image href="file:///etc/passwd"/>']) {
      expect((await draw('一', accent)).equals(plainCover)).toBe(true);
    }
  });

  test('keeps its title inside of the square that WeChat cuts out', async () => {
    const jpeg = await draw('从零开始写一个编译器：词法分析、语法分析与代码生成的完整实践');
    const { data, info } = await sharp(jpeg).greyscale().raw().toBuffer({ resolveWithObject: true });
    const white = new Set<number>();
    data.forEach((value, at) => {
      if (value > 235) white.add(at % info.width);
    });
    expect(white.size).toBeGreaterThan(300);
    expect(Math.min(...white)).toBeGreaterThan((1800 - 766) / 2 + 20);
    expect(Math.max(...white)).toBeLessThan((1800 + 766) / 2 - 20);
  });
});

test('a mark makes two files of one picture, and the picture stays as it is', async () => {
  const picture = await noise(40, 20).jpeg().toBuffer();
  const [one, two] = [Buffer.from(markJpeg(picture, 'wxs-1')), Buffer.from(markJpeg(picture, 'wxs-2'))];
  expect(one.indexOf(Buffer.from('\xff\xfe\x00\x07wxs-1', 'latin1'))).toBe(2);
  const pixels = (jpeg: Buffer) => sharp(jpeg, { failOn: 'warning' }).raw().toBuffer();
  expect((await pixels(one)).equals(await pixels(picture))).toBe(true);
  one.write('2', 10);
  expect(one.equals(two)).toBe(true);
});
