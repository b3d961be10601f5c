// The fingerprint: what a person changes is a difference in one named part, what WeChat's saving changes is none.
import { expect, test } from 'vitest';
import {
  differences,
  type Fingerprinted,
  type Part,
  toFingerprint,
  toImageIds,
} from '../../src/publish/fingerprint.ts';

const IMAGE = 'http://mmbiz.qpic.cn/mmbiz_png/IdOfTheImage/0?wx_fmt=png';

const sent: Fingerprinted = {
  title: '标题',
  author: 'é',
  digest: '摘要',
  content: `<section style="color:#333"><p>第一段 one two</p><p><img src="${IMAGE}"></p><p>第二段</p></section>`,
  sourceUrl: 'https://example.com/a',
  coverId: 'cover',
  openComment: false,
  fansOnly: false,
};

const content = (change: (html: string) => string): Partial<Fingerprinted> => ({ content: change(sent.content) });

test.each<[string, Partial<Fingerprinted>, readonly Part[]]>([
  ['as it was', {}, []],
  ['lazy images', content((html) => html.replace('src=', 'src="" data-src=')), []],
  ['another size and format in the address', content((html) => html.replace('/0?wx_fmt=png', '/640?tp=webp')), []],
  [
    'https and another folder of images',
    content((html) => html.replace('http:', 'https:').replace('mmbiz_png', 'sz_mmbiz_jpg')),
    [],
  ],
  ['styles and spans', content((html) => html.replace('第一段', '<span leaf="" style="x:y">第一段</span>')), []],
  ['white space of every kind', content((html) => html.replace('one two', ' one\u00a0\u200b\ufefftwo\n')), []],
  [
    'hidden nodes and drawings',
    content((html) => `${html}<p style="display: none">x</p><svg><text>x</text></svg>`),
    [],
  ],
  ['another spelling of the same characters', { author: 'é'.normalize('NFD') }, []],
  ['the title', { title: '题' }, ['title']],
  ['the author', { author: '' }, ['author']],
  ['the digest', { digest: '另' }, ['digest']],
  ['the source link', { sourceUrl: '' }, ['sourceUrl']],
  ['comments', { openComment: true }, ['comments']],
  ['comments of fans', { openComment: true, fansOnly: true }, ['comments']],
  ['a word', content((html) => html.replace('two', 'too')), ['text']],
  ['a comma', content((html) => html.replace('第二段', '第二段，')), ['text']],
  ['an image taken out', content((html) => html.replace(/<img.*?>/, '')), ['images']],
  ['another image', content((html) => html.replace('IdOfTheImage', 'IdOfAnother')), ['images']],
  ['the cover', { coverId: 'other' }, ['cover']],
  ['two parts at once', { title: '题', coverId: 'other' }, ['title', 'cover']],
])('%s', (_, change, parts) => {
  const [one, other] = [sent, { ...sent, ...change }].map((each) => toFingerprint(each, { digestSent: true }));
  expect(differences(one as never, other as never)).toEqual(parts);
});

test('a digest that WeChat filled in says nothing', () => {
  const [one, other] = ['', '第一段'].map((digest) => toFingerprint({ ...sent, digest }, { digestSent: false }));
  expect(one).toEqual(other);
  expect(one?.digest).toBe('');
});

test('images keep their order, and one of elsewhere stands for itself', () => {
  const html = `<img src="${IMAGE}"><img src="https://mmbiz.qlogo.cn/sz_mmbiz_gif/Two/640"><img src="./a.png">`;
  expect(toImageIds(html)).toEqual(['IdOfTheImage', 'Two', './a.png']);
});
