// Declarations in their shortest form, and which of them pass.
import { expect, test } from 'vitest';
import { filterStyle, parseStyle, printStyle } from '../../src/render/style.ts';
import { renderText } from './cases.ts';

test.each<readonly [css: string, short: string]>([
  ['color: #333333;', 'color:#333'],
  ['color: #AABBCC', 'color:#abc'],
  ['color: rgb(51, 51, 51)', 'color:#333'],
  ['color: #1a7794', 'color:#1a7794'],
  ['border: 1px solid rgba(0, 0, 0, 0.12)', 'border:1px solid rgba(0,0,0,.12)'],
  ['margin: 0px 0px 18px 0px', 'margin:0 0 18px'],
  ['margin: 0 0 18px; margin-bottom: 0', 'margin:0'],
  ['margin: 10px 20px 10px 20px', 'margin:10px 20px'],
  ['padding: 1px 2px 3px 4px; padding-left: 2px', 'padding:1px 2px 3px'],
  ['margin-top: 4px', 'margin-top:4px'],
  ['color: red; color: #111', 'color:#111'],
  ['letter-spacing: 0.034em', 'letter-spacing:.034em'],
  ['margin: 0 0 0 -24px', 'margin:0 0 0 -24px'],
  ['color: red !important', 'color:red'],
  ['background-color: transparent', ''],
  ['background-color: #f0f0f0; background: none', ''],
  ['background: #fff; background-color: transparent', 'background:#fff;background-color:transparent'],
  ['border-left: 3px solid #176b87; border: 0', ''],
  ['border-radius: 4px; border: 0', 'border-radius:4px'],
  ['margin-top: 4px; margin: 0 0 2px', 'margin:0 0 2px'],
  ['border: 0; border-left: 1px solid #111', 'border-left:1px solid #111'],
  ['', ''],
])('%s', (css, short) => {
  expect(printStyle(parseStyle(css), 'p')).toBe(short);
});

test.each<readonly [tag: string, css: string, short: string]>([
  ['section', 'margin:0;padding:0;border-radius:0', ''],
  ['section', 'margin-bottom:0;padding-left:0', ''],
  ['p', 'margin:0;padding:0', 'margin:0'],
  ['p', 'margin-bottom:0', 'margin-bottom:0'],
  ['ul', 'margin:0;padding:0', 'margin:0;padding:0'],
  ['td', 'padding:0', 'padding:0'],
])('no box need be said where there is none: %s %s', (tag, css, short) => {
  expect(printStyle(parseStyle(css), tag)).toBe(short);
});

test.each([
  'position:absolute',
  'background:url(x)',
  'color:var(--x)',
  'width:calc(1px)',
  'width:10vw',
  'font-size:1rem',
  'font-family:"Comic Sans"',
  'behavior:url(x)',
  '-moz-binding:url(x)',
  'color:expression(x)',
  'color:red\\9',
  'caret-color:transparent',
  'constructor:x',
  '--x:1',
])('%s does not pass', (css) => {
  expect([...filterStyle(parseStyle(css))]).toEqual([]);
});

test.each([
  'color:#333',
  'font-family:Menlo,Consolas,monospace',
  'border-left:3px solid rgba(0,0,0,.12)',
  'margin:0 auto',
  'background-color:rgba(26,119,148,.14)',
  'vertical-align:-.5ex',
])('%s passes', (css) => {
  expect(printStyle(filterStyle(parseStyle(css)), 'p')).toBe(css);
});

test('a style that is too long is read up to a whole declaration, and told of', async () => {
  const { html, findings } = await renderText(`<p style="color:#123456;${'a:b;'.repeat(1_000)}font-size:20px">x</p>`);
  expect(html).toContain('color:#123456');
  expect(html).not.toContain('font-size');
  expect(findings).toMatchObject([{ code: 'style-long', args: { tag: 'p', max: 4_000 } }]);
});
