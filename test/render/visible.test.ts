// What readers see, of our HTML and of WeChat's stored form of it.
import { expect, test } from 'vitest';
import { toImageUrls, toVisibleText } from '../../src/render/visible.ts';

test.each<readonly [name: string, html: string, seen: string]>([
  ['blocks are lines', '<section><p>一</p><p>二</p></section>', '一\n二'],
  ['inline tags are nothing', '<p>一<strong>二</strong><span leaf="">三</span></p>', '一二三'],
  ['breaks are lines', '<p>一<br>二<br><br>三</p>', '一\n二\n三'],
  ['white space is one space', '<p> 一 \n  二 </p>', '一 二'],
  ['non-breaking spaces too', '<code>a&nbsp;&nbsp;b</code>', 'a b'],
  ['cells of a row share a line', '<table><tr><td>一</td><td>二</td></tr><tr><td>三</td></tr></table>', '一 二\n三'],
  ['entities', '<p>&lt;b&gt; &amp;amp; &#20013;</p>', '<b> &amp; 中'],
  ['scripts and styles', '<script>x</script><style>y</style><p>一</p>', '一'],
  ['drawings', '<svg><text>x</text></svg><p>一</p>', '一'],
  ['hidden nodes', '<p style="display: none">x</p><p style="color:red;visibility:hidden">y</p><p>一</p>', '一'],
  ['opacity', '<p style="opacity:0">x</p><p style="opacity:0.5">一</p>', '一'],
  ["WeChat's own marks", '<p style="display:none"><mp-style-type data-value="3"></mp-style-type></p><p>一</p>', '一'],
  ['nothing', '', ''],
])('%s', (_name, html, seen) => {
  expect(toVisibleText(html)).toBe(seen);
});

test("WeChat's stored form reads the same as ours", () => {
  const ours = '<section><p>一<strong>二</strong></p><ul><li><section>三</section></li></ul></section>';
  const stored =
    '<section><p><span leaf="">一</span><strong><span leaf="">二</span></strong></p>' +
    '<ul class="list-paddingleft-1"><li><section><p><span leaf="">三</span></p></section></li></ul></section>';
  expect(toVisibleText(stored)).toBe(toVisibleText(ours));
});

test('image addresses, in order, wherever WeChat keeps them', () => {
  const html = '<img src="a"><p><img data-src="b" src=""><img alt="none"></p><svg><image href="x"/></svg><img src="a">';
  expect(toImageUrls(html)).toEqual(['a', 'b', 'a']);
});
