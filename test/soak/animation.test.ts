// Animations over the limits of bytes and pixels: some seconds of encoding each.
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { fit, noise, plain, repeatFrame } from '../images/samples.ts';

const note = { code: 'image-first-frame', args: { max: LIMITS.material.value } };

test('an animation with more bytes than WeChat takes gives its first frame, and says so', async () => {
  const frame = noise(900, 700);
  const [there, back] = [await frame.png().toBuffer(), await frame.rotate(180).png().toBuffer()];
  const two = await sharp([there, back], { join: { animated: true } })
    .gif({ effort: 1, dither: 0 })
    .toBuffer();
  expect(await fit(repeatFrame(two, 7))).toMatchObject({ format: 'jpg', endpoint: 'uploadimg', note });
}, 120_000);

test('an animation with more pixels than we decode gives its first frame, and says so', async () => {
  const frame = await plain(5_000, 4_000, '#123456').gif({ effort: 1 }).toBuffer();
  expect(await fit(repeatFrame(frame, 6))).toMatchObject({ format: 'png', width: 1440, endpoint: 'uploadimg', note });
});
