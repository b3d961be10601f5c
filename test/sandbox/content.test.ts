// The API's content filter: what leaves, what stays, and that nothing else moves.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterContent } from '../../src/sandbox/content/api.ts';
import { toShown, toVisibleText } from '../../src/sandbox/content/views.ts';

const MMBIZ = 'https://mmbiz.qpic.cn/mmbiz_png/x/640?wx_fmt=png';

test.each<[string, string, string]>([
  ['script', '<script>x</script><p>a</p>', '<p>a</p>'],
  ['script', '<noscript><p>b</p></noscript><p>a</p>', '<p>a</p>'],
  ['style', '<style>p{color:red}</style><p>a</p>', '<p>a</p>'],
  ['head', '<html><head><title>t</title></head><body><p>a</p></body></html>', '<p>a</p>'],
  ['head', '<title>t</title><meta charset=utf-8><link rel=x><p>a</p>', '<p>a</p>'],
  ['comment', '<!-- c --><p>a</p>', '<p>a</p>'],
  ['comment', '<!doctype html><p>a</p>', '<p>a</p>'],
  ['comment', '<<!-- c -->script>a', '&lt;script>a'],
  ['media', '<video src=x>fallback</video><audio></audio><canvas></canvas><p>a</p>', '<p>a</p>'],
  ['media', '<object><embed src=x></object><p>a</p>', '<p>a</p>'],
  ['media', '<video></p>v</video><p>a</p>', '<p>a</p>'],
  ['form', '<form></p>a</br></form>', '</p>a</br>'],
  ['form', '<form><label>a</label><input type=checkbox checked><button>b</button></form>', 'ab'],
  ['form', '<select><option>x<option>y</select><textarea>z</textarea><p>a</p>', '<p>a</p>'],
  ['frame', '<iframe src="https://youtube.com/embed/x"></iframe><p>a</p>', '<p>a</p>'],
  ['id', '<h2 id="t" style="color:red">T</h2>', '<h2 style="color:red">T</h2>'],
  [
    'id',
    '<svg><defs><linearGradient id="g"/></defs><rect fill="url(#g)"/></svg>',
    '<svg><defs><linearGradient/></defs><rect fill="url(#g)"/></svg>',
  ],
  ['handler', '<p onclick="x()" ONMOUSEOVER=y>a</p>', '<p>a</p>'],
  ['script-url', '<a href="java\nscript:x()">a</a>', '<a>a</a>'],
  ['image', '<img src="https://example.com/a.png" alt="a">', '<img alt="a">'],
  ['image', '<img src="data:image/png;base64,AAAA">', '<img>'],
  ['image', '<img src="./a.png"><img data-src="//example.com/a.png">', '<img><img>'],
  ['image', '<img src="https://mmbiz.qpic.cn.example.com/a.png">', '<img>'],
  ['image', '<img src="https://example.com/mmbiz.qpic.cn/a.png">', '<img>'],
  ['image', '<img src="https://example.com/?https://mmbiz.qpic.cn/a.png">', '<img>'],
  ['image', '<img src="https://mmbiz.qpic.cn@example.com/a.png">', '<img>'],
  ['code-space', '<pre>a <!-- b --> c</pre>', '<pre>a c</pre>'],
  ['code-space', '<code>a <!-- b --><!-- c -->\td</code>', '<code>a d</code>'],
  ['image', '<svg><image href="https://example.com/a.png"/></svg>', '<svg><image/></svg>'],
  [
    'background',
    '<p style="color:red;background-image:url(https://example.com/a.png);margin:0">a</p>',
    '<p style="color:red;margin:0">a</p>',
  ],
  [
    'background',
    `<p style="background:url(&quot;data:image/png;base64,AA;A&quot;) top;color:red">a</p>`,
    '<p style="color:red">a</p>',
  ],
])('%s leaves: %s', async (rule, html, kept) => {
  const stored = await filterContent(html, 'reject');
  expect(stored.html).toBe(kept);
  expect(stored.changes.map((change) => change.rule)).toContain(rule);
});

test.each([
  '<section style="position:absolute;top:0">a</section>',
  '<p style="mso-spacerun:yes;orphans:2;cr:1;--x:1;color:var(--c)">a</p>',
  '<p style="display:flex;justify-content:center;float:left;margin-top:-20px;transform:translate3d(0,5px,0)">a</p>',
  `<img src="${MMBIZ}" data-w="640" data-ratio='0.5'>`,
  `<section style="background-image:url('${MMBIZ}')">a</section>`,
  '<svg viewBox="0 0 1 1"><foreignObject><p>a</p></foreignObject><title>t</title><animate begin="click"/></svg>',
  '<iframe class="video_iframe rich_pages" data-mpvid="wxv_1" data-src="https://mp.weixin.qq.com/mp/readtemplate?t=x"></iframe>',
  '<iframe src="https://v.qq.com/txp/iframe/player.html?vid=x"></iframe>',
  '<a href="https://mp.weixin.qq.com/s/abc">x</a>',
  '<ul class="list-paddingleft-1"><li><p><span leaf="">a</span></p></li></ul>',
  '<p>a &lt; b &amp; c&nbsp;&#x4e2d;</p ><BR/>\n<p>open',
  '<div class="foo" data-x="1" aria-label="x" powered-by="y">a</div>',
  '<code>a <b> c</b> </code>  d',
  'plain text',
])('stays byte for byte: %s', async (html) => {
  expect(await filterContent(html, 'reject')).toEqual({ html, changes: [] });
});

describe('for any HTML', () => {
  const part = fc.constantFrom(
    '<p>', '</p>', '<script>', '</script>', '<img src=x>', `<img src="${MMBIZ}">`, '<a href=#>', '</a>', '<svg>', '</svg>',
    '<b id=x>', '</b>', '<!-- c -->', '<style>', '</style>', '<p style="background:url(x)">', '<input>', '<', '>', '"', 'text', ' ',
  ); // biome-ignore format: one line a kind
  const html = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));

  test('filtering twice is filtering once', async () => {
    await fc.assert(
      fc.asyncProperty(html, async (source) => {
        const once = await filterContent(source, 'strip');
        expect((await filterContent(once.html, 'strip')).html).toBe(once.html);
      }),
      { numRuns: 300 },
    );
  });

  test('the visible text stays', async () => {
    await fc.assert(
      fc.asyncProperty(html, async (source) => {
        const { html: kept } = await filterContent(source, 'reject');
        expect((await toVisibleText(kept)).replaceAll(' ', '')).toBe((await toVisibleText(source)).replaceAll(' ', ''));
      }),
      { numRuns: 300 },
    );
  });
});

test('images of WeChat are shown from a local address, others are left alone', async () => {
  const html = `<img src="" data-src="${MMBIZ}"><img data-src="${MMBIZ}"><p style="background:url('${MMBIZ}') 0 0">a</p><p>${MMBIZ}</p>`;
  expect(await toShown(html, (id) => `/i/${id}`)).toBe(
    `<img  src="/i/x"><img src="/i/x"><p style="background:url('/i/x') 0 0">a</p><p>${MMBIZ}</p>`,
  );
});
