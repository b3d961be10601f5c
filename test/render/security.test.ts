// A post is hostile until shown otherwise: nothing that runs, loads or hides leaves the renderer.
import { expect, test } from 'vitest';
import { parseHtml } from '../../src/render/html.ts';
import { sanitize } from '../../src/render/sanitize.ts';
import { element, printNodes, text } from '../../src/render/tree.ts';
import { toVisibleText } from '../../src/render/visible.ts';
import { readTheme, renderText } from './cases.ts';
import { strangersIn } from './corpus.ts';

const FORBIDDEN =
  /<\/?(?:script|style|iframe|svg|math|object|embed|form|input|link|meta|base|video|audio|textarea)\b|\son\w+\s*=|\sid=|\sclass=|srcdoc|javascript:|vbscript:|data:text|url\(|expression|position\s*:|var\(|calc\(/i;

test.each([
  '<script>alert(1)</script>',
  '<ScRiPt src=//evil.example></sCrIpT>',
  '<img src=x onerror=alert(1)>',
  '<img src="javascript:alert(1)">',
  '<img src=" JaVaScRiPt:alert(1)">',
  '<img src="java&#10;script:alert(1)">',
  '<img src="data:text/html,<script>alert(1)</script>">',
  '<p onclick="alert(1)">x</p>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
  '<a href="https://mp.weixin.qq.com/s/a" onclick="alert(1)" target="_blank">x</a>',
  '<a href="https://mp.weixin.qq.com.evil.example/s/a">x</a>',
  '<a href="https://mp.weixin.qq.com/s/a&quot; onmouseover=&quot;alert(1)">x</a>',
  '[x](javascript:alert(1))',
  '[x](<javascript:alert(1)>)',
  '[x](javascript&colon;alert(1))',
  '![x](javascript:alert(1))',
  '![x"onerror="alert(1)](y.png)',
  '![x](y.png"onerror="alert(1))',
  '<javascript:alert(1)>',
  '<iframe src="https://evil.example"></iframe>',
  '<object data="x"></object><embed src="x">',
  '<svg onload="alert(1)"><script>alert(1)</script><text>x</text></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<math><mtext><script>alert(1)</script></mtext></math>',
  '<style>p{background:url(//evil.example)}</style>',
  '<p style="background:url(//evil.example)">x</p>',
  '<p style="background-image:url(&quot;//evil.example&quot;)">x</p>',
  '<p style="color:expression(alert(1))">x</p>',
  '<p style="color:red;position:fixed;top:0">x</p>',
  '<p style="color:red\\;position:fixed">x</p>',
  '<p style="/**/color:/**/red">x</p>',
  '<p style="color:var(--x)">x</p>',
  '<span style="width:calc(100vw)">x</span>',
  '<font color="red;position:fixed">x</font>',
  '<font color="url(x)">x</font>',
  '<td align="left;position:fixed">x</td>',
  '<form action="https://evil.example"><input name="a"><textarea>x</textarea></form>',
  '<meta http-equiv="refresh" content="0"><base href="//evil.example"><link rel="stylesheet" href="//x">',
  '<div id="js_content" class="rich_media_content">x</div>',
  '<details open ontoggle="alert(1)"><summary>x</summary></details>',
  '<video src="x" onerror="alert(1)"><source src="x"></video>',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<b><script>alert(1)</b></script>',
  '<<script>script>alert(1)</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml version="1.0"?><script>alert(1)</script>',
  '<p title="--><script>alert(1)</script>">x</p>',
  '<wx-node><script>alert(1)</script></wx-node>',
  '<wx-note label="__proto__">x</wx-note>',
  '<constructor>x</constructor><__proto__>x</__proto__>',
  '```"><script>alert(1)</script>\nx\n```',
  '```js\n</code><script>alert(1)</script>\n```',
  '`<script>alert(1)</script>`'.replace('script', 'b').replace('/script', '/b'),
  '| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |',
  '[^<script>]\n\n[^<script>]: <script>alert(1)</script>',
  '{{ constructor }} <% x %>',
  '<p n="0" class="wx">x</p>',
])('%s', async (markdown) => {
  for (const theme of [readTheme(null), readTheme('default')]) {
    const { html } = await renderText(markdown, {}, theme);
    expect(tagsOf(html)).not.toMatch(FORBIDDEN);
    expect(strangersIn(parseHtml(html))).toEqual([]);
  }
});

test('what a theme or a pass let through, the last gate stops', () => {
  const bad = element('section', [
    element('script', [text('x')]),
    element('p', [text('a')], {
      attrs: { id: 'x', class: 'y', onclick: 'z', style: 'position:absolute;color:#333333' },
    }),
    element('a', [text('b')], { attrs: { href: 'https://example.com' } }),
    element('img', [], { attrs: { src: 'javascript:x' } }),
    element('p', [], { attrs: { style: 'color:red;background:url(x);behavior:url(y);--x:1;width:50vw' } }),
  ]);
  expect(sanitize(bad).children).toEqual([
    text('x'),
    element('p', [text('a')], { attrs: { style: 'color:#333' } }),
    text('b'),
    element('p', [], { attrs: { style: 'color:red' } }),
  ]);
});

/** Tags with their attributes, without the text between them, which may say what it likes. */
function tagsOf(html: string): string {
  return html.replace(/>[^<]*</g, '><');
}

test.each(['video', 'iframe', 'svg', 'audio', 'noscript', 'canvas', 'object', 'title', 'math'])(
  '<%s> that is never closed takes nothing with it',
  async (tag) => {
    const { html, findings } = await renderText(
      `before\n\n<${tag}>\n\nafter **strong**\n\n![x](a.png)\n\nin <${tag}> line\n`,
    );
    expect(toVisibleText(html).replace(/\s+/g, ' ')).toContain('before after strong');
    expect(html).toContain('<img src="a.png"');
    expect(html).toMatch(/in\s+line/);
    expect(html).not.toContain(`<${tag}`);
    expect(findings.map(({ code, line }) => `${code} ${line}`)).toEqual(['html-dropped 3', 'html-dropped 9']);
  },
);

/** WeChat's widgets as no part of ours makes them: the last gate looks at each value itself. */
test.each<readonly [tag: string, attrs: Readonly<Record<string, string>>, printed: string]>([
  ['iframe', { 'data-src': 'https://evil.example/?vid=x0123abcdef', class: 'video_iframe rich_pages' }, 'x'],
  ['iframe', { src: 'https://v.qq.com/iframe/preview.html?vid=x0123abcdef' }, 'x'],
  ['iframe', { 'data-src': 'https://v.qq.com/iframe/preview.html?vid=x0123abcdef&a=javascript:' }, 'x'],
  ['mp-common-profile', { 'data-id': '"><script>', 'data-nickname': 'a' }, 'x'],
  ['mp-common-profile', { 'data-id': 'gh_0123456789ab' }, 'x'],
  ['mp-miniprogram', { 'data-miniprogram-imageurl': 'a"onload=' }, 'x'],
  ['a', { 'data-miniprogram-appid': 'wx1', href: '' }, 'x'],
  ['a', { href: '' }, 'x'],
  ['section', { class: 'evil', nodeleaf: 'x' }, '<section>x</section>'],
])('a widget %s %o', (tag, attrs, printed) => {
  const { children } = sanitize(element('section', [element(tag, [text('x')], { attrs })]));
  expect(printNodes(children)).toBe(printed);
});

test.each([
  '<wechat-profile id="MzI0NTI1NDUwOQ==" name="&quot; onload=&quot;alert(1)">',
  '<wechat-profile id="MzI0NTI1NDUwOQ==" name="a" avatar="https://mmbiz.qpic.cn/&quot; onerror=&quot;alert(1)">',
  '<wechat-miniprogram appid="wx0123456789abcdef" path="&quot;&gt;&lt;script&gt;" title="a">',
  '<wechat-video vid="x0123abcdef&quot; onload=&quot;alert(1)">',
  '<iframe src="https://v.qq.com/x/page/x0123abcdef.html&quot; srcdoc=&quot;x"></iframe>',
])('%s breaks out of nothing', async (markdown) => {
  const { html } = await renderText(markdown);
  expect(strangersIn(parseHtml(html))).toEqual([]);
  expect(html).not.toContain('<script');
});

test('a tag that is closed further down still goes with what is in it', async () => {
  const { html, findings } = await renderText(
    'a <script>alert(1)</script> b\n\n<style>\n\np { color: red }\n\n</style>\n\nend\n',
  );
  expect(toVisibleText(html)).not.toMatch(/alert|color/);
  expect(toVisibleText(html)).toContain('end');
  expect(findings.map(({ code }) => code)).toEqual(['html-removed', 'html-removed']);
});

// In Markdown these reach to their end tag or to the end of the post, whatever stands in between.
test.each(['script', 'style', 'textarea'])('<%s> that is never closed loses no text', async (tag) => {
  const { html, findings } = await renderText(`before\n\n<${tag}>\n\nafter\n`);
  expect(toVisibleText(html)).toMatch(/before\s+after/);
  expect(html).not.toContain(`<${tag}`);
  expect(findings.map(({ code }) => code)).toEqual(['html-dropped']);
});
