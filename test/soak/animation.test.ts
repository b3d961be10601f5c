// An animation over 10 MB: some seconds of encoding.
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { fit, noise, repeatFrame } from '../images/samples.ts';

const note = { code: 'image-first-frame', args: { max: LIMITS.material.value } };

test('an animation with more bytes than WeChat takes gives its first frame, and says so', async () => {
  const frame = noise(900, 700);
  const [there, back] = [await frame.png().toBuffer(), await frame.rotate(180).png().toBuffer()];
  const two = await sharp([there, back], { join: { animated: true } })
    .gif({ effort: 1, dither: 0 })
    .toBuffer();
  expect(await fit(repeatFrame(two, 7))).toMatchObject({ format: 'jpg', endpoint: 'uploadimg', note });
}, 120_000);
