// Every element of HTML, closed or not: what it holds is shown, or a finding names it, and the text behind it stays.
import { expect, test } from 'vitest';
import { toVisibleText } from '../../src/render/visible.ts';
import { renderText } from './cases.ts';

/** The HTML Standard's index of elements, its obsolete ones, and what is none. */
const ELEMENTS = (
  'a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption cite code col ' +
  'colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure footer form h1 h2 h3 ' +
  'h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map mark math menu meta ' +
  'meter nav noscript object ol optgroup option output p picture pre progress q rp rt ruby s samp script search section ' +
  'select selectedcontent slot small source span strong style sub summary sup svg table tbody td template textarea tfoot ' +
  'th thead time title tr track u ul var video wbr ' +
  'acronym applet basefont bgsound big blink center command content dir element font frame frameset image isindex keygen ' +
  'listing marquee menuitem multicol nextid nobr noembed noframes param plaintext rb rtc shadow spacer strike tt xmp ' +
  'wx-node wx-task wx-note wx-part x-own'
).split(' ');

const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

test.each(ELEMENTS)('%s', async (tag) => {
  for (const [markdown, rest] of [
    [`前<${tag}>内文</${tag}>后\n\n尾\n`, ['前', '后', '尾']],
    [`<${tag}>内文</${tag}>\n\n尾\n`, ['尾']],
    [`<${tag}>\n内文\n</${tag}>\n\n尾\n`, ['尾']],
    [`<${tag}>\n\n内文\n\n</${tag}>\n\n尾\n`, ['尾']],
    [`前<${tag}>内文\n\n尾\n`, ['前', '尾']],
    [`<${tag}>\n内文\n\n尾\n`, []],
    [`前<${tag}/>内文\n\n尾\n`, ['前', '尾']],
    [`前</${tag}>内文\n\n尾\n`, ['前', '内文', '尾']],
    [`前<${tag.toUpperCase()}>*内文*</${tag.toUpperCase()}>后\n`, ['前', '后']],
  ] as const) {
    const { html, findings } = await renderText(markdown);
    const shown = toVisibleText(html);
    const isSaid = findings.some(({ code, args }) => code === 'html-removed' && args['tag'] === tag);
    expect([markdown, rest.filter((word) => !shown.includes(word) && !isSaid)]).toEqual([markdown, []]);
    expect([markdown, isSaid || shown.includes('内文')]).toEqual([markdown, true]);
    expect([markdown, VOID.has(tag) && !shown.includes('内文')]).toEqual([markdown, false]);
    expect([markdown, /[<>]/.test(shown)]).toEqual([markdown, false]);
  }
});

test.each<readonly [name: string, markdown: string, shown: string]>([
  ['an xmp on one line holds text', '<div><xmp>a <b>粗</b></xmp></div>\n\n后', 'a <b>粗</b>\n后'],
  ['an xmp round Markdown is a pre', '<xmp>\n\n**粗**\n\n</xmp>\n\n尾', '粗\n尾'],
  ['brackets for old readers of ruby go', '<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>', '汉（hàn）'],
])('%s', async (_name, markdown, shown) => {
  expect(toVisibleText((await renderText(markdown)).html)).toBe(shown);
});

test.each<readonly [name: string, markdown: string, html: string]>([
  ['bold in a paragraph', '<p>甲<b>乙\n\n丙', '<p>甲<strong>乙</strong></p><p>丙</p>'],
  [
    'bold that a later tag closes',
    '<div>\n<b>\n\n乙\n\n</b>\n</div>\n\n丙',
    '<section><p><strong>乙</strong></p></section><p>丙</p>',
  ],
  [
    'bold before another',
    '<p>甲<b>乙\n\n<p>丙<b>丁</b></p>',
    '<p>甲<strong>乙</strong></p><p>丙<strong>丁</strong></p>',
  ],
  [
    'bold in a div',
    '<div>\n<b>甲\n\n乙\n</div>\n\n丙',
    '<section><p><strong>甲</strong></p><p>乙</p></section><p>丙</p>',
  ],
  ['a heading', '<h2>甲\n\n乙', '<h2>甲</h2><p>乙</p>'],
  ['in a quote', '> <p><i>甲\n>\n> 乙\n\n丙', '<section><p><em>甲</em></p><p>乙</p></section><p>丙</p>'],
  ['in a line', '甲<b>乙 *丙*\n\n丁', '<p>甲<strong>乙 <em>丙</em></strong></p><p>丁</p>'],
  ['bold round nothing', '<p><b>\n\n乙', '<p>乙</p>'],
  ['a small colour', '<font color="#c00">甲\n\n乙', '<p><span style="color:#c00">甲</span></p><p>乙</p>'],
  [
    'a centred paragraph that ends',
    '<p align="center">\n\n甲\n\n</p>\n\n乙',
    '<section style="text-align:center"><p>甲</p></section><p>乙</p>',
  ],
])('what is never closed ends with its line: %s', async (_name, markdown, html) => {
  expect((await renderText(markdown)).html).toBe(`<section>${html}</section>`);
});
