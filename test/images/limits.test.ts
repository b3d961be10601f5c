// Pictures over WeChat's limits, and many damaged ones: what takes seconds, apart from the quick tests.

import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { fitBodyImage } from '../../src/images/fit.ts';
import { probeImage } from '../../src/images/probe.ts';
import { fit, noise, withByte } from './samples.ts';

/** No encoder makes noise smaller, and to try takes long. */
const PLAIN = { compressionLevel: 0 };

describe('over the limit', () => {
  const max = LIMITS.bodyImage.value;

  test('an opaque PNG becomes a JPEG, as wide as it was when that is enough', async () => {
    const soft = await noise(300, 200).resize(1400, 933).png().toBuffer();
    expect(soft.length).toBeGreaterThan(max);
    const image = await fit(soft);
    expect(image).toMatchObject({ format: 'jpg', width: 1400, height: 933, endpoint: 'uploadimg' });
    expect(image.bytes.length).toBeLessThan(max);
  });

  test('an alpha channel that hides nothing counts as opaque', async () => {
    expect((await fit(await noise(1400, 1000).ensureAlpha().png(PLAIN).toBuffer())).format).toBe('jpg');
  });

  test('a JPEG that stays too large is narrowed', async () => {
    const image = await fit(await noise(1440, 1440).jpeg({ quality: 100 }).toBuffer());
    expect(image.format).toBe('jpg');
    expect(image.width).toBeLessThan(1440);
    expect(image.width).toBe(image.height);
    expect(image.bytes.length).toBeLessThan(max);
    expect(image.bytes.length).toBeGreaterThan(0.6 * max);
  });

  test('a PNG with alpha stays one: fewer colours, then narrower', async () => {
    const image = await fit(await noise(1080, 1000, 4).png(PLAIN).toBuffer());
    expect(image.format).toBe('png');
    expect(probeImage(image.bytes)).toMatchObject({ alpha: true });
    expect(image.bytes.length).toBeLessThan(max);
    expect(image.width).toBeGreaterThan(540);
    expect(image.width).toBeLessThan(1080);
  });

  test('a picture no wider than a thread is given up', async () => {
    const thread = await noise(64, 66_000).png(PLAIN).toBuffer();
    expect(await fitBodyImage(thread, { maxWidth: 1440 })).toEqual({
      ok: false,
      code: 'image-cannot-fit',
      args: { max },
    });
  });
});

test('200 damaged files: each is refused or decoded, none throws', async () => {
  const [png, jpeg] = [await noise(200, 200).png().toBuffer(), await noise(200, 200).jpeg().toBuffer()];
  for (let index = 0; index < 200; index++) {
    const source = index % 2 === 0 ? png : jpeg;
    const damaged = withByte(source, 20 + Math.floor((index * source.length) / 210), index);
    const result = await fitBodyImage(damaged, { maxWidth: 100 });
    expect(result.ok || result.code.startsWith('image-')).toBe(true);
  }
});

test('the same bytes come out at every run', async () => {
  const source = await noise(300, 200).resize(1500, 1000).png(PLAIN).toBuffer();
  const [first, second] = [await fit(source), await fit(source)];
  expect(Buffer.from(first.bytes).equals(second.bytes)).toBe(true);
});
