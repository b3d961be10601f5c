// WeChat's dark mode on the vectors that its own code gave: texts, grounds, lines, and what is inherited.
import { describe, expect, test } from 'vitest';
import { type Colour, darken, darkenGround, darkenLine, darkenText, toColour } from '../../src/render/darkmode.ts';
import { element, printNodes, text } from '../../src/render/tree.ts';

const colour = (value: string): Colour => toColour(value) ?? expect.unreachable(value);
const rgb = ({ r, g, b }: Colour): string => [r, g, b].join(',');
/** A grey by one number, or three. */
const dark = (value: string): string => (value.includes(',') ? value : `${value},${value},${value}`);

describe('text on the page', () => {
  test.each([
    ['#000', '163'],
    ['#333', '163'],
    ['#3f3f3f', '163'],
    ['#4a4a4a', '156'],
    ['#555', '145'],
    ['#595959', '141'],
    ['#666', '102'],
    ['#777', '119'],
    ['#888', '136'],
    ['#999', '153'],
    ['#aaa', '163'],
    ['#f5f5f5', '163'],
    ['#fff', '255'],
    ['#576b95', '87,107,149'],
    ['#1e6bb8', '30,107,184'],
    ['#d92142', '217,33,66'],
    ['#07c160', '7,193,96'],
    ['#0f4c81', '80,163,235'],
    ['#002fa7', '37,98,255'],
    ['#1b2a4a', '142,164,212'],
    ['#ffb11b', '227,158,24'],
    ['#f7df1e', '193,175,24'],
  ])('%s -> %s', (light, expected) => expect(rgb(darkenText(colour(light)))).toBe(dark(expected)));
});

describe('every way to say a colour', () => {
  test.each([
    ['Red', '255,0,0', 1],
    ['rebeccapurple', '102,51,153', 1],
    ['transparent', '0,0,0', 0],
    ['#0f08', '0,255,0', 0.533],
    ['rgb(100%, 0%, 50%)', '255,0,128', 1],
    ['rgb(1 2 3 / 50%)', '1,2,3', 0.5],
    ['rgba(300,-1,0,2)', '255,0,0', 1],
    ['hsl(0, 100%, 50%)', '255,0,0', 1],
    ['hsla(120deg 100% 25% / .2)', '0,128,0', 0.2],
    ['hsl(.5turn 100% 50%)', '0,255,255', 1],
    ['hsl(-120 100% 50%)', '0,0,255', 1],
  ])('%s is %s', (value, expected, alpha) => {
    expect([rgb(colour(value)), Number(colour(value).alpha.toFixed(3))]).toEqual([expected, alpha]);
  });

  test.each(['', 'solid', 'rgb(1,2)', 'rgb(1,2,3,4,5)', 'hsl(a, 1%, 1%)', '#12345', 'constructor'])(
    '%s is none',
    (value) => expect(toColour(value)).toBeNull(),
  );

  test.each([
    ['color:black', 'color:#a3a3a3'],
    ['color:hsl(0, 0%, 20%)', 'color:#a3a3a3'],
    ['border:1px solid red', 'border:1px solid #ff1700'],
    ['border:1px solid lightgray', 'border:1px solid #a3a3a3'],
    ['background:whitesmoke;color:black', 'background:#232323;color:#e6e6e6'],
    ['color:red;white-space:nowrap', 'color:#ff1700;white-space:nowrap'],
  ])('%s at night is %s', (style, expected) => {
    expect(printNodes(darken([element('p', [], { attrs: { style } })]))).toBe(`<p style="${expected}"></p>`);
  });
});

describe('grounds', () => {
  test.each([
    ['#fff', '25'],
    ['#fafafa', '30'],
    ['#f7f7f7', '33'],
    ['#f5f5f5', '35'],
    ['#eee', '42'],
    ['#f6f8fa', '189,190,192'],
    ['#f0f7ff', '186,191,197'],
    ['#fff7e6', '196,190,177'],
    ['#fef0f0', '198,187,187'],
    ['#e8f5e9', '184,194,185'],
    ['#282c34', '49,54,63'],
    ['#1e1e1e', '56'],
    ['#0d1117', '41,53,72'],
    ['#000', '56'],
    ['rgba(0,0,0,.05)', '56'],
    ['rgb(194,43,76)', '194,43,76'],
  ])('%s -> %s', (light, expected) => {
    expect(rgb(darkenGround(colour(light)) ?? expect.unreachable())).toBe(dark(expected));
  });

  test.each(['#fffc', '#f5f5f580', '#0008', '#0d111780'])('%s shines through as before', (light) => {
    expect(darkenGround(colour(light))?.alpha).toBe(colour(light).alpha);
  });

  test('one that is hardly there is left alone', () => expect(darkenGround(colour('rgba(0,0,0,.04)'))).toBeNull());
});

describe('text on a ground', () => {
  test.each([
    ['73,68,41', 'rgb(194,43,76)', '196,188,149'],
    ['#191919', '#fafafa', '205'],
    ['#191919', '#f6f8fa', '25'],
    ['#fff', '#0f4c81', '255'],
    ['#333', '#f7f7f7', '179'],
    ['#555', '#f7f7f7', '145'],
    ['#888', '#f7f7f7', '136'],
    ['#032f62', '#f7f7f7', '108,174,251'],
    ['#005cc5', '#f7f7f7', '7,123,255'],
    ['#22863a', '#f7f7f7', '80,211,112'],
    ['#6a737d', '#f7f7f7', '106,115,125'],
    ['#d73a49', '#f7f7f7', '215,58,73'],
    ['#e36209', '#f7f7f7', '227,98,9'],
    ['#333', '#f6f8fa', '51'],
    ['#d73a49', '#f6f8fa', '215,58,73'],
    ['#005cc5', '#f6f8fa', '0,92,197'],
    ['#888', '#f6f8fa', '94'],
    ['#c678dd', '#f6f8fa', '78,24,94'],
    ['#98c379', '#f6f8fa', '67,99,44'],
    ['#abb2bf', '#f6f8fa', '42,47,55'],
    ['#abb2bf', '#282c34', '171,178,191'],
    ['#c678dd', '#282c34', '198,120,221'],
    ['#98c379', '#282c34', '152,195,121'],
    ['#888', '#282c34', '136'],
    ['#5c6370', '#282c34', '115,124,140'],
    ['#d73a49', '#282c34', '239,65,81'],
    ['#333', '#282c34', '179'],
  ])('%s on %s -> %s', (light, ground, expected) => {
    const behind = darkenGround(colour(ground)) ?? expect.unreachable();
    const own = colour(light.includes(',') ? `rgb(${light})` : light);
    expect(rgb(darkenText(own, behind))).toBe(dark(expected));
  });
});

test('of a half-transparent ground counts what shines through', () => {
  const ground = (alpha: number): Colour => ({ ...colour('#a3a3a3'), alpha });
  expect(rgb(darkenText(colour('#333'), ground(1)))).toBe(dark('51'));
  expect(rgb(darkenText(colour('#333'), ground(0.1)))).toBe(dark('179'));
});

describe('lines', () => {
  test.each(['#eee', '#dbdbdb', '#000', 'rgba(0,0,0,.1)'])('%s', (light) => {
    const line = darkenLine(colour(light));
    expect([rgb(line), line.alpha]).toEqual([dark('163'), colour(light).alpha]);
  });
});

test('an article: a ground gives its text a colour, and what stands in it goes by that ground', () => {
  const article = element(
    'section',
    [
      element('p', [text('a')], { attrs: { style: 'color:#576b95;border-bottom:1px solid #eee' } }),
      element('section', [element('span', [text('b')], { attrs: { style: 'color:#333' } })], {
        attrs: { style: 'background-color:#f7f7f7' },
      }),
      element('svg', [element('path', [], { attrs: { style: 'fill:#000' } })]),
    ],
    { attrs: { style: 'color:#333' } },
  );
  expect(printNodes(darken([article]))).toBe(
    '<section style="color:#a3a3a3"><p style="color:#576b95;border-bottom:1px solid #a3a3a3">a</p>' +
      '<section style="background-color:#212121;color:#b3b3b3"><span style="color:#b3b3b3">b</span></section>' +
      '<svg><path style="fill:#000"></path></svg></section>',
  );
});
