// What an image reference may mean, as text; no disk, no network.
import { describe, expect, test } from 'vitest';
import { readReference, showReference } from '../../src/images/reference.ts';

describe('refused references, by what is found in them', () => {
  test.each([
    ['', '""'],
    ['   ', '""'],
    ['..\\..\\.env', '\\'],
    ['images\\x.png', '\\'],
    ['\\\\host\\share\\x.png', '\\'],
    ['\\etc\\passwd', '\\'],
    ['..%5c..%5c.env', '%5c'],
    ['..%5C.env', '%5C'],
    ['%2e%2e/%2e%2e/.env', '%2e'],
    ['%2E%2E/.env', '%2E'],
    ['.%2e/.env', '%2e'],
    ['..%2f..%2f.env', '%2f'],
    ['images%2Fx.png', '%2F'],
    ['%252e%252e/.env', '%2e'],
    ['..%252f.env', '%2f'],
    ['a%2520b.png', '%20'],
    ['x.png%00.jpg', '%00'],
    ['x.png\0.jpg', 'U+0000'],
    ['a\nb.png', 'U+000A'],
    ['a%0ab.png', 'U+000A'],
    ['a%1b[2Jb.png', 'U+001B'],
    ['a\x7fb.png', 'U+007F'],
    ['~/x.png', '~'],
    ['~root/x.png', '~'],
    ['%7e/x.png', '~'],
    ['C:/Users/x.png', 'C:'],
    ['C:x.png', 'C:'],
    ['c%3a/x.png', 'c:'],
    ['file:///etc/passwd', 'file:'],
    ['FILE:/etc/passwd', 'FILE:'],
    ['file:x.png', 'file:'],
    ['javascript:alert(1)', 'javascript:'],
    ['ftp://host/x.png', 'ftp:'],
    ['gopher://127.0.0.1:6379/_x', 'gopher:'],
    ['blob:https://a/b', 'blob:'],
    ['php://filter/x', 'php:'],
    ['jar:http://a!/b', 'jar:'],
    ['view-source:http://a', 'view-source:'],
    ['a.png:ads', 'a.png:'],
    ['images/a.png:ads', ':'],
    ['images/a.png::$DATA', ':'],
    ['CON', 'CON'],
    ['images/nul.png', 'nul'],
    ['/com1.png', 'com1'],
    ['lpt9/x.png', 'lpt9'],
    ['http:///etc/passwd', 'http:///'],
    ['///etc/passwd', 'https:///'],
    ['https:/\\etc', '\\'],
    ['https:/etc', 'https:'],
    ['http://a:b@example.com/x.png', '@'],
    ['http://user@example.com/x.png', '@'],
    ['http://exa mple.com/x.png', 'http://exa mple.com/x.png'],
    ['http://[::1/x.png?secret=1', 'http://[::1/x.png'],
    ['data:text/html,<b>', 'data:text/html,<b>'],
    ['data:image/png;base64,', 'data:image/png;base64,'],
    [`${'a/'.repeat(3000)}x.png`, 'a/a/a/a/a/a/a/a/a/a/… (6005)'],
  ])('%j', (src, found) => {
    expect(readReference(src)).toEqual({ ok: false, code: 'image-bad-reference', args: { found } });
  });
});

describe('paths', () => {
  test.each([
    ['/images/x.png', true, ['/images/x.png']],
    [' ./x.png ', false, ['./x.png']],
    ['../img/x.png', false, ['../img/x.png']],
    ['a%20b.png', false, ['a b.png']],
    ['%E5%9B%BE.png', false, ['图.png']],
    ['图 片.png', false, ['图 片.png']],
    ['100%.png', false, ['100%.png']],
    ['x.png?v=2', false, ['x.png?v=2', 'x.png']],
    ['x.png#hash', false, ['x.png#hash', 'x.png']],
    ['/x.png?a#b', true, ['/x.png?a#b', '/x.png']],
    ['constant.png', false, ['constant.png']],
    ['#top', false, ['#top']],
  ])('%j', (src, fromSiteRoot, spellings) => {
    expect(readReference(src)).toEqual({ kind: 'path', fromSiteRoot, spellings });
  });
});

describe('addresses', () => {
  test.each([
    ['https://example.com/a.png?x=1#y', 'remote', 'https://example.com/a.png?x=1'],
    ['HTTP://EXAMPLE.com/a.png', 'remote', 'http://example.com/a.png'],
    ['//cdn.example.com/a.png', 'remote', 'https://cdn.example.com/a.png'],
    ['https://mmbiz.qpic.cn/mmbiz_png/x/0?wx_fmt=png', 'wechat', 'https://mmbiz.qpic.cn/mmbiz_png/x/0?wx_fmt=png'],
    ['http://mmbiz.qlogo.cn/x/0', 'wechat', 'http://mmbiz.qlogo.cn/x/0'],
    ['https://MMBIZ.qpic.cn/x/0', 'wechat', 'https://mmbiz.qpic.cn/x/0'],
    ['https://mmbiz.qpic.cn.evil.example/x', 'remote', 'https://mmbiz.qpic.cn.evil.example/x'],
    ['https://mmbiz.qpic.cn:8080/x', 'remote', 'https://mmbiz.qpic.cn:8080/x'],
  ])('%s', (src, kind, url) => {
    expect(readReference(src)).toEqual({ kind, url });
  });
});

describe('pictures inside the post', () => {
  test.each([
    ['data:image/png;base64,AAEC', [0, 1, 2]],
    ['DATA:image/svg+xml;charset=utf-8,%3Csvg', [0x3c, 0x73, 0x76, 0x67]],
    ['data:image/svg+xml,<svg', [0x3c, 0x73, 0x76, 0x67]],
  ])('%s', (src, bytes) => {
    const reference = readReference(src);
    expect('kind' in reference && reference.kind === 'data' && [...reference.bytes]).toEqual(bytes);
  });
});

describe('what is shown of a reference', () => {
  test.each([
    ['https://u:p@example.com/a.png?token=secret#x', 'https://example.com/a.png'],
    ['//u:p@example.com/a.png?token=secret', '//example.com/a.png'],
    [`data:image/png;base64,${'A'.repeat(99)}`, 'data:image/png;base64,AA…'],
    ['a\x1b[2Jb.png', 'a\uFFFD[2Jb.png'],
    ['x.png?v=2', 'x.png?v=2'],
    ['a'.repeat(200), `${'a'.repeat(160)}…`],
  ])('%j', (src, shown) => {
    expect(showReference(src)).toBe(shown);
  });
});
