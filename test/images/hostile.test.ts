// Pictures made to harm: bombs within bounds, drawings with entities, files that are two things at once; only what was drawn leaves.
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/facts/limits.ts';
import { fitCover } from '../../src/images/cover.ts';
import { openPicture } from '../../src/images/decode.ts';
import { fitBodyImage } from '../../src/images/fit.ts';
import { createJail } from '../../src/images/jail.ts';
import { animation, bmp, noise, plain, pngBomb, pngSaying, withChunk } from './samples.ts';

const CANARY = 'CANARY-7f3a';
const SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
const draw = (inner: string, before = '') => Buffer.from(`${before}<svg ${SVG} width="40" height="20">${inner}</svg>`);
const join = (...parts: readonly (string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));

let png: Buffer;
let jpeg: Buffer;
let gif: Buffer;
beforeAll(async () => {
  png = await noise(9, 9).png().toBuffer();
  jpeg = await noise(9, 9).jpeg().toBuffer();
  gif = await plain(9, 9, '#ff0000').gif().toBuffer();
});

/** A segment of a JPEG behind its first two bytes. */
const withSegment = (marker: number, text: string) =>
  join(jpeg.subarray(0, 2), Uint8Array.of(0xff, marker, 0, text.length + 2), text, jpeg.subarray(2));

describe('of a file that is two things at once, only the picture leaves', () => {
  const local = `PK\x03\x04\x14\0\0\0\0\0${'\0'.repeat(16)}\x05\0\0\0x.txt${CANARY}`;
  const end = `PK\x05\x06${'\0'.repeat(18)}`;
  test.each<[string, () => Buffer | Promise<Buffer>]>([
    ['PNG and ZIP', () => join(png, local, end)],
    ['JPEG and ZIP', () => join(jpeg, local, end)],
    ['GIF and ZIP', () => join(gif, local, end)],
    ['PNG and JPEG', () => join(png, jpeg, CANARY)],
    ['PNG with a script in its text', () => withChunk(png, 'tEXt', join(`Comment\0<script>${CANARY}</script>`))],
    ['PNG with a packed text', () => withChunk(png, 'zTXt', join('Comment\0\0', deflateSync(CANARY)))],
    ['PNG with a chunk of its own', () => withChunk(png, 'prVt', join(CANARY))],
    ['JPEG with PHP in a comment', () => withSegment(0xfe, `<?php ${CANARY} ?>`)],
    ['JPEG with a page in EXIF', () => withSegment(0xe1, `Exif\0\0<html>${CANARY}</html>`)],
    ['JPEG with a note of a program', () => withSegment(0xed, `Photoshop 3.0\0${CANARY}`)],
    ['GIF and script, behind the end', () => join(gif, `*/=1;alert('${CANARY}')//`)],
    ['GIF and script, in a comment', () => join(gif.subarray(0, -1), `!\xfe\x0b${CANARY}\0;`)],
    [
      'animated GIF with a comment',
      async () => {
        const two = await animation('gif', { width: 8, height: 8, colours: ['#ff0000', '#00ff00'] });
        return join(two.subarray(0, -1), `!\xfe\x0b${CANARY}\0;`);
      },
    ],
    ['BMP and a page', () => join(bmp({ bits: 24, rows: 'up' }), `<html>${CANARY}</html>`)],
    ['WebP and a page', async () => join(await noise(9, 9).webp().toBuffer(), `<html>${CANARY}</html>`)],
    ['TIFF and a page', async () => join(await noise(9, 9).tiff().toBuffer(), `<html>${CANARY}</html>`)],
    ['AVIF and a page', async () => join(await noise(16, 16).avif().toBuffer(), `<html>${CANARY}</html>`)],
    ['SVG with a script', () => draw(`<script>${CANARY}</script><rect width="9" height="9"/>`)],
    ['SVG with a handler', () => draw(`<rect width="9" height="9" onload="${CANARY}"/>`)],
    ['SVG with metadata', () => draw(`<metadata>${CANARY}</metadata><title>${CANARY}</title>`)],
    [
      'SVG with a page',
      () => draw(`<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">${CANARY}</body></foreignObject>`),
    ],
    ['SVG behind a comment', () => draw('', `<!-- ${CANARY} -->`)],
    ['SVG with an entity nobody uses', () => draw('', `<!DOCTYPE svg [<!ENTITY x "${CANARY}">]>`)],
    ['SVG with a stylesheet', () => draw('', `<?xml-stylesheet href="http://127.0.0.1:1/${CANARY}"?>`)],
  ])('%s', async (_what, make) => {
    const source = await make();
    const body = await fitBodyImage(source, { maxWidth: 1440 });
    const cover = await fitCover(source);
    for (const result of [body, cover]) {
      // What a decoder warns of is refused, which is as good.
      if (result.ok) expect(Buffer.from(result.image.bytes).includes(CANARY)).toBe(false);
      else expect(result.code).toBe('image-not-an-image');
      expect(JSON.stringify({ ...result, image: null })).not.toContain(CANARY);
    }
  });

  test('most of them are pictures, and do leave', async () => {
    const sources = [
      join(png, local, end),
      withSegment(0xfe, CANARY),
      join(gif, CANARY),
      draw(`<script>${CANARY}</script>`),
    ];
    for (const source of sources) expect(await fitBodyImage(source, { maxWidth: 40 })).toMatchObject({ ok: true });
  });
});

describe('no picture at all, whatever its name', () => {
  test.each([
    ['environment', `WECHAT_APP_SECRET=${CANARY}\n`],
    ['a key', `-----BEGIN OPENSSH PRIVATE KEY-----\n${CANARY}`],
    ['git config', `[remote "origin"]\n\turl = https://x:${CANARY}@example.com/\n`],
    ['users', `root:x:0:0:${CANARY}:/root:/bin/sh\n`],
    ['JSON', `{"token":"${CANARY}"}`],
    ['a page', `<!doctype html><svg>${CANARY}</svg>`],
    ['PDF', `%PDF-1.7\n${CANARY}`],
    ['a script', `#!/bin/sh\n${CANARY}`],
    ['ZIP', `PK\x03\x04${CANARY}`],
    ['PostScript', `%!PS-Adobe-3.0 EPSF-3.0\n${CANARY}`],
    ['a program', `\x7fELF${CANARY}`],
    ['the first bytes of a PNG, then a secret', `\x89PNG\r\n\x1a\n${CANARY}`],
    ['the first bytes of a JPEG, then a secret', `\xff\xd8\xff\xe0\0\x10JFIF\0${CANARY}`],
    ['the first bytes of a GIF, then a secret', `GIF89a${CANARY}`],
    ['the first bytes of a WebP, then a secret', `RIFF\0\0\0\0WEBPVP8 ${CANARY}`],
    ['the first bytes of a TIFF, then a secret', `II*\0${CANARY}`],
    ['the first bytes of a BMP, then a secret', `BM\0\0\0\0\0\0\0\0${CANARY}`],
    ['the first bytes of an AVIF, then a secret', `\0\0\0\x10ftypavif\0\0\0\0${CANARY}`],
  ])('%s', async (_what, text) => {
    const result = await fitBodyImage(Buffer.from(text, 'latin1'), { maxWidth: 1440 });
    expect(result).toMatchObject({ ok: false });
    expect(JSON.stringify(result)).not.toContain(CANARY);
  });
});

describe('pixels are counted before they are decoded', () => {
  const max = LIMITS.sourcePixels.value;
  const gifSaying = (width: number, height: number) => {
    const copy = Buffer.from(gif);
    copy.writeUInt16LE(width, 6);
    copy.writeUInt16LE(height, 8);
    return copy;
  };
  const bmpSaying = (width: number, height: number) => {
    const copy = bmp({ bits: 24, rows: 'up' });
    copy.writeInt32LE(width, 18);
    copy.writeInt32LE(height, 22);
    return copy;
  };
  test.each<[number, number, boolean]>([
    [7_999, 5_000, false],
    [8_000, 5_000, false],
    [8_001, 5_000, true],
    [65_535, 65_535, true],
  ])('%i × %i', async (width, height, tooMany) => {
    for (const make of [pngSaying, gifSaying, bmpSaying]) {
      const opened = await openPicture(make(width, height));
      expect(!opened.ok && opened.code === 'image-too-many-pixels').toBe(tooMany);
      if (tooMany) expect(opened).toMatchObject({ args: { width, height, max } });
    }
  });

  test.each([
    ['a PNG of more than any computer holds', () => pngSaying(0x7fffffff, 0x7fffffff)],
    ['an SVG', () => Buffer.from(`<svg ${SVG} width="1e6" height="1e6"/>`)],
    ['an SVG by its viewBox', () => Buffer.from(`<svg ${SVG} viewBox="0 0 1e6 1e6"/>`)],
  ])('%s', async (_what, make) => {
    const opened = await openPicture(make());
    expect(opened.ok ? 'ok' : opened.code).toMatch(/^image-(?:too-many-pixels|not-an-image)$/);
  });
});

describe('drawings that never end', () => {
  const big = (inner: string) => Buffer.from(`<svg ${SVG} width="1400" height="1400">${inner}</svg>`);

  test('are given up: uses of uses, pixel bombs inside, filters over filters', async () => {
    const jail = createJail({ timeoutMs: 2_500, maxBytes: 400_000_000 });
    const uses = Array.from({ length: 30 }, (_, at) => `<g id="a${at + 1}">${`<use href="#a${at}"/>`.repeat(2)}</g>`);
    const bomb = `<image width="40" height="20" href="data:image/png;base64,${pngBomb(16_000, 16_000).toString('base64')}"/>`;
    const filtered = '<rect width="100%" height="100%" filter="url(#f)"/>'.repeat(200);
    const drawings = [
      `<defs><g id="a0"><rect width="9" height="9"/></g>${uses.join('')}</defs><use href="#a30"/>`,
      bomb.repeat(4),
      `<filter id="f"><feGaussianBlur stdDeviation="99999"/></filter>${filtered}`,
    ];
    const fits = drawings.map((inner) => jail.fit({ kind: 'body', bytes: big(inner), maxWidth: 1440 }));
    expect(await Promise.all(fits)).toMatchObject(drawings.map(() => ({ ok: false, code: 'image-too-heavy' })));
  });

  test.each([
    ['a use of itself', '<g id="a"><use href="#a"/><rect width="9" height="9"/></g>', 'drawn'],
    ['depth', '<g>'.repeat(200_000), 'image-not-an-image'],
    ['entities declared behind the root', '<!DOCTYPE a [<!ENTITY b "c">]>&b;', 'image-not-an-image'],
    ['an entity nobody declared', '<text>&b;</text>', 'image-not-an-image'],
  ])('or refused at once: %s', async (_what, inner, outcome) => {
    const result = await fitBodyImage(big(inner), { maxWidth: 1440 });
    expect(result.ok ? 'drawn' : result.code).toBe(outcome);
  });
});
