// The studio where no browser is: what it draws and how the picture looks, what it leaves as code and says, and that it knows its bounds.
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { toPalette } from '../../src/images/diagram-colours.ts';
import { flatten } from '../../src/images/plain-diagram.ts';
import { openStudio } from '../../src/images/studio.ts';
import { toBrightness, toColour } from '../../src/render/darkmode.ts';
import { describeFinding, type Lang } from '../../src/report/words.ts';

const open = (chrome: string) =>
  openStudio({ env: { WXSYNC_CHROME: chrome }, platform: process.platform, hearing: 'caller' });
const none = open('none');
const broken = open('/nonexistent/chrome');
afterAll(async () => {
  await none.close();
  await broken.close();
});

const draw = (source: string, studio = none) => studio.draw({ source, accent: '#07c160', maxWidth: 1440 });

test('a drawing is a card at twice its size, readable by night', async () => {
  const drawn = await draw('flowchart LR\n  甲[写作] --> 乙[发布]');
  if (!drawn.ok) throw new Error(JSON.stringify(drawn));
  const { bytes, width, height, format } = drawn.image;
  expect([drawn.by, drawn.note, format, drawn.image.endpoint]).toEqual(['plain', null, 'png', 'uploadimg']);
  const { data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
  expect([at(0, 0)[3], at(width - 1, height - 1)[3], at(width >> 1, 6)]).toEqual([0, 0, [255, 255, 255, 255]]);
  // Edges, words and arrows, in the accent and in greys.
  const dark = new Set<string>();
  for (let index = 0; index < data.length; index += 4)
    if ((data[index + 1] ?? 255) < 160 && data[index + 3] === 255) dark.add(data.subarray(index, index + 3).join());
  expect(dark.size).toBeGreaterThan(8);
  expect(width).toBeGreaterThan(300);
});

test('the same diagram is the same picture', async () => {
  const source = 'sequenceDiagram\n  甲->>乙: 一 < 二';
  expect(await draw(source)).toEqual(await draw(source));
});

test.each<readonly [name: string, source: string, expected: object]>([
  ['a kind for browsers', 'gantt\n  title 题', { code: 'diagram-no-renderer', args: { found: 'gantt' } }],
  ['a line for browsers', 'graph TD\n  A --x B', { code: 'diagram-no-renderer', args: { found: 'A --x B' } }],
  ['nothing', '', { code: 'diagram-no-renderer' }],
  ['a long one', `graph TD\n  A[${'一'.repeat(20_000)}]`, { code: 'diagram-too-much', args: { chars: 20_000 } }],
  ['a wide one', `graph LR\n${'A --> B\n'.repeat(3)}A[${'宽'.repeat(12_000)}]`, { code: 'diagram-too-much' }],
])('%s stays code', async (_, source, expected) => {
  expect(await draw(source)).toMatchObject({ ok: false, line: null, ...expected });
});

describe('a browser that does not start', () => {
  test('is told of once, and drawing goes on without it', async () => {
    const [first, second, third] = await Promise.all(
      ['graph TD\n  A', 'graph TD\n  B', 'pie'].map((source) => draw(source, broken)),
    );
    expect(first).toMatchObject({ ok: true, by: 'plain', note: { code: 'diagram-browser' } });
    expect(JSON.stringify(first?.ok && first.note)).toContain('/nonexistent/chrome');
    expect(second).toMatchObject({ ok: true, by: 'plain', note: null });
    expect(third).toMatchObject({ code: 'diagram-no-renderer', args: { lacks: '/nonexistent/chrome' } });
  });
});

test('a setting that wants no browser is told as that', async () => {
  const failure = await draw('gantt\n  title 题');
  if (failure.ok) throw new Error('drawn');
  expect(failure.args).toEqual({ found: 'gantt', setting: 'WXSYNC_CHROME=none' });
  const at = { line: 1, column: 1, severity: 'warning' } as const;
  const told = (lang: Lang) => describeFinding({ code: failure.code, args: failure.args, ...at }, lang);
  expect([told('en'), told('zh')]).toEqual([
    expect.stringMatching(/it takes a browser to draw “gantt”, and WXSYNC_CHROME=none turns browsers off$/),
    expect.stringMatching(/“gantt” 要用浏览器来画，但 WXSYNC_CHROME=none 关掉了浏览器$/),
  ]);
});

test('a stop ends the waiting', async () => {
  const stop = new AbortController();
  stop.abort(new Error('stopped'));
  await expect(none.draw({ source: 'graph TD\n  A', accent: '', maxWidth: 1440 }, stop.signal)).rejects.toThrow(
    'stopped',
  );
});

test('no drawing asks for anything from elsewhere, nor for what only browsers have', () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" style="--bg:#fff"><style>@import url('https://fonts.example')</style><text fill="var(--_text)">="var(--x)"</text><path stroke="var(--_new)"/></svg>`;
  const flat = flatten(svg, { palette: toPalette('#07c160'), fonts: 'x' });
  expect(flat).not.toMatch(/style|url|fill="var|stroke="var/);
});

test.each(['#07c160', '#fff', '#ffff00', 'none', '', 'hsl(330, 80%, 45%)', '#000'])(
  'the colours of %s can be told apart',
  (accent) => {
    const { ink, line, border, fill, series } = toPalette(accent);
    const bright = (colour: string) => {
      const read = toColour(colour);
      return read === null ? Number.NaN : toBrightness(read);
    };
    for (const edge of [line, border]) expect(bright(edge)).toBeLessThan(200);
    for (const ground of [fill, ...series]) expect(bright(ground) - bright(ink)).toBeGreaterThan(80);
  },
);
