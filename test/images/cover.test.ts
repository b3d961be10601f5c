// Covers: fitted from the author's picture or drawn from a title; decoded again to see what came out.
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { drawCover, fitCover } from '../../src/images/cover.ts';
import { probeImage } from '../../src/images/probe.ts';
import { animation, colourAt, noise, plain } from './samples.ts';

async function fit(bytes: Uint8Array, mark = 'wxs-1') {
  const result = await fitCover(bytes, { mark });
  if (!result.ok) throw new Error(result.code);
  return result.image;
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

  test('of the same picture differs by its mark, and by nothing else', async () => {
    const picture = await noise(40, 20).png().toBuffer();
    const [one, two] = [
      Buffer.from((await fit(picture, 'wxs-1')).bytes),
      Buffer.from((await fit(picture, 'wxs-2')).bytes),
    ];
    const at = one.indexOf(Buffer.from('\xff\xfe\x00\x07wxs-1', 'latin1'));
    expect(at).toBe(2);
    one.write('2', at + 8);
    expect(one.equals(two)).toBe(true);
  });

  test('of no picture is refused', async () => {
    expect(await fitCover(Buffer.from('KEY=1'), { mark: 'm' })).toMatchObject({
      ok: false,
      code: 'image-not-an-image',
    });
  });
});

describe('a drawn cover', () => {
  test.each(['年终总结', '<b>&"\'</b>', '', 'x'.repeat(2000), '\u0000\u0001\ufffe'])('%j', async (title) => {
    const { jpeg, width, height } = await drawCover({ title, mark: 'wxs-1' });
    expect([width, height]).toEqual([1800, 766]);
    expect(probeImage(jpeg)).toMatchObject({ format: 'jpg', width, height });
    expect(jpeg.length).toBeLessThan(LIMITS.cover.value);
    await sharp(jpeg, { failOn: 'warning' }).stats();
    expect(Buffer.from(jpeg).includes('wxs-1')).toBe(true);
  });

  test('is the same at every run, another for another title or mark', async () => {
    const draw = async (title: string, mark: string) =>
      Buffer.from((await drawCover({ title, mark })).jpeg).toString('base64');
    const [first, again, title, mark] = [
      await draw('一', 'm'),
      await draw('一', 'm'),
      await draw('二', 'm'),
      await draw('一', 'n'),
    ];
    expect(again).toBe(first);
    expect(new Set([first, title, mark]).size).toBe(3);
  });

  test.each([
    ['#d4380d', 'r'],
    ['#07c160', 'g'],
    ['#1677ff', 'b'],
  ])('takes the hue of %s', async (accent, strongest) => {
    const { jpeg } = await drawCover({ title: '', mark: 'm', accent });
    const { dominant } = await sharp(jpeg).stats();
    const { r, g, b } = dominant;
    expect(Object.entries({ r, g, b }).sort(([, x], [, y]) => y - x)[0]?.[0]).toBe(strongest);
  });

  test('takes nothing else for a colour', async () => {
    const draw = async (accent?: string) =>
      Buffer.from((await drawCover({ title: '一', mark: 'm', ...(accent === undefined ? {} : { accent }) })).jpeg);
    const plainCover = await draw();
    for (const accent of ['redd', '#fff', '#808080', '"/><image href="file:///etc/passwd"/>']) {
      expect((await draw(accent)).equals(plainCover)).toBe(true);
    }
  });

  test('keeps its title inside of the square that WeChat cuts out', async () => {
    const { jpeg } = await drawCover({
      title: '从零开始写一个编译器：词法分析、语法分析与代码生成的完整实践',
      mark: 'm',
    });
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
