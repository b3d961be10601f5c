// Makes the cover: a JPEG of the author's picture, or one drawn from the title; it knows no post, cache or network.
import { createHash } from 'node:crypto';
import { LIMITS } from '../facts/limits.ts';
import { toColour, toHsl } from '../render/darkmode.ts';
import { openPicture, readPixels, sizeWithin } from './decode.ts';
import { encodeJpeg, narrowUntil } from './encode.ts';
import { fail } from './failure.ts';
import type { FitResult, FittedImage } from './fit.ts';
import { loadSharp } from './sharp.ts';
import { layTitle } from './title-lines.ts';

/** Widest cover, in pixels: twice what WeChat shows. */
const MAX_WIDTH = 1800;

/** A drawn cover: WeChat's 2.35 : 1, whose middle is also cut out as a square. */
const WIDTH = 1800;
const HEIGHT = 766;

/** The title's box inside of that square, in pixels. */
const TITLE_WIDTH = 690;

const GOOD = 92;
const SMALL = 85;

const FONTS =
  "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif";

/** Hues of drawn covers, in degrees, when no accent is given; the title chooses. */
const HUES = [162, 188, 206, 226, 258, 338, 12, 28] as const;

/** Fits a cover picture: JPEG, at most 1800 pixels wide, under `LIMITS.cover`, upright, sRGB, without metadata. */
export async function fitCover(bytes: Uint8Array): Promise<FitResult> {
  const picture = await openPicture(bytes);
  if (!picture.ok) return picture;
  const pixels = await readPixels(picture, sizeWithin(picture, MAX_WIDTH, LIMITS.imagePixels.value));
  if (!pixels.ok) return pixels;
  const max = LIMITS.cover.value;
  const good = await encodeJpeg(pixels, GOOD, picture.colour);
  const jpeg =
    good.bytes.length < max
      ? good
      : await narrowUntil(pixels, max, (narrower) => encodeJpeg(narrower, SMALL, picture.colour));
  if (jpeg === null) return fail('image-cannot-fit', { max });
  return { ok: true, image: { ...jpeg, endpoint: 'add_material', note: null } };
}

/**
 * Draws a cover of 1800 × 766 from the title, the same at every run on the same computer. Without a font that has
 * Chinese characters it carries no text and a note: boxes instead of a title would be worse than none.
 * @param accent a theme's colour, whose hue and saturation are taken; a grey and anything else is ignored
 */
export async function drawCover({
  title,
  accent,
}: {
  readonly title: string;
  readonly accent?: string;
}): Promise<FittedImage> {
  const sharp = await loadSharp();
  const hasFont = await hasChineseFont();
  const text = hasFont ? drawTitle(title) : '';
  const svg = Buffer.from(drawBackground(title, accent).replace('</svg>', `${text}</svg>`));
  const bytes = await sharp(svg).flatten().jpeg({ quality: GOOD, chromaSubsampling: '4:4:4' }).toBuffer();
  const note = hasFont ? null : { code: 'cover-untitled' as const, args: {} };
  return { bytes, format: 'jpg', width: WIDTH, height: HEIGHT, endpoint: 'add_material', note };
}

/**
 * The cover of one post: a mark (ASCII) in a comment segment behind the start of the image (ITU T.81, B.2.4.5), so that
 * equal pictures of two posts are different files.
 */
export function markJpeg(jpeg: Uint8Array, mark: string): Uint8Array {
  const text = Buffer.from(mark, 'latin1').subarray(0, 0xfffd);
  const head = Buffer.from([0xff, 0xfe, (text.length + 2) >> 8, (text.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, text, jpeg.subarray(2)]);
}

/** A deep gradient with large, faint rings and discs outside of the middle; the title's hash places them. */
function drawBackground(title: string, accent: string | undefined): string {
  const seeds = createHash('sha256').update(title).digest();
  const seed = (index: number): number => (seeds[index] ?? 0) / 255;
  const own = toTint(accent);
  const hue = own?.hue ?? HUES[(seeds[0] ?? 0) % HUES.length] ?? 206;
  const saturation = own?.saturation ?? 58;
  // A theme has one accent, so its ground stays nearer to it.
  const deep = (hue + 360 - (own === null ? 28 : 12)) % 360;
  const left = { x: 120 + 200 * seed(1), y: 560 + 160 * seed(2), r: 300 + 90 * seed(3) };
  const right = { x: 1520 + 200 * seed(4), y: 60 + 160 * seed(5), r: 330 + 90 * seed(6) };
  const discs = [left, right].map(
    ({ x, y, r }) =>
      `<circle cx="${x}" cy="${y}" r="${r}" fill="url(#disc)"/>` +
      [1.22, 1.46]
        .map(
          (k) =>
            `<circle cx="${x}" cy="${y}" r="${r * k}" fill="none" stroke="#fff" stroke-opacity=".09" stroke-width="2"/>`,
        )
        .join(''),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><defs>
<linearGradient id="ground" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl(${hue},${saturation}%,30%)"/><stop offset="1" stop-color="hsl(${deep},${saturation + 4}%,16%)"/></linearGradient>
<linearGradient id="disc" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl(${hue},70%,72%)" stop-opacity=".34"/><stop offset="1" stop-color="hsl(${hue},70%,60%)" stop-opacity=".03"/></linearGradient>
</defs><rect width="100%" height="100%" fill="url(#ground)"/>${discs.join('')}</svg>`;
}

function drawTitle(title: string): string {
  const { lines, fontSize } = layTitle(title, TITLE_WIDTH);
  const step = fontSize * 1.36;
  // The middle of the lines' x-height, a little above the middle of the picture to leave room for the bar.
  const first = HEIGHT / 2 - ((lines.length - 1) * step) / 2 + fontSize * 0.35 - 26;
  const texts = lines.map(
    (line, index) => `<text x="${WIDTH / 2}" y="${first + index * step}">${escapeXml(line)}</text>`,
  );
  const bar = first + (lines.length - 1) * step + fontSize * 0.7;
  return `<g font-family="${FONTS}" font-size="${fontSize}" font-weight="700" fill="#fff" text-anchor="middle">${texts.join('')}</g>
<rect x="${WIDTH / 2 - 44}" y="${bar}" width="88" height="7" rx="3.5" fill="#fff" fill-opacity=".72"/>`;
}

let chineseFont: Promise<boolean> | undefined;

/** Whether 一 is drawn as the flat stroke it is: a missing glyph is a tall box or nothing. Found out once. */
export function hasChineseFont(): Promise<boolean> {
  chineseFont ??= (async () => {
    const sharp = await loadSharp();
    const size = 64;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><text x="8" y="52" font-size="48" font-family="${FONTS}">一</text></svg>`;
    const alpha = await sharp(Buffer.from(svg)).extractChannel('alpha').raw().toBuffer();
    const first = alpha.findIndex((value) => value > 64);
    const last = alpha.findLastIndex((value) => value > 64);
    return first >= 0 && (last - first) / size < size / 6;
  })();
  return chineseFont;
}

/** Degrees and percent; a loud accent is a little calmer over so large a ground. Null for greys and for no colour. */
function toTint(accent: string | undefined): { readonly hue: number; readonly saturation: number } | null {
  const colour = toColour(accent ?? '');
  const { h, s } = colour === null ? { h: 0, s: 0 } : toHsl(colour);
  return !(s >= LEAST_SATURATION) ? null : { hue: Math.round(h), saturation: Math.round(Math.min(s, MOST_SATURATION)) };
}

/** Percent. */
const LEAST_SATURATION = 8;
const MOST_SATURATION = 66;

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
