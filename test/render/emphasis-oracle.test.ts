// Emphasis in Chinese, Japanese and Korean beside markdown-it-cjk-friendly, which wrote the amendment: one structure but where a reason is given.
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { parseHtml } from '../../src/render/html.ts';
import { parseMarkdown } from '../../src/render/markdown.ts';
import type { Node } from '../../src/render/tree.ts';

interface Oracle {
  readonly use: (plugin: unknown) => Oracle;
  readonly render: (markdown: string) => string;
}

// By name alone: only what is used of them needs a type.
const core: string = 'markdown-it';
const amendment: string = 'markdown-it-cjk-friendly';
const { default: MarkdownIt }: { readonly default: new (options: object) => Oracle } = await import(core);
const { default: cjkFriendly }: { readonly default: unknown } = await import(amendment);
const oracle = new MarkdownIt({ html: true, linkify: false }).use(cjkFriendly);

/** Only what emphasis is about: its marks and the text in and between them. */
function toMarks(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.value.replace(/[<>]/g, '');
      const tag = node.tag === 's' ? 'del' : node.tag;
      const inner = toMarks(node.children);
      return ['em', 'strong', 'del', 'mark', 'sup', 'sub'].includes(tag) ? `<${tag}>${inner}</${tag}>` : inner;
    })
    .join('')
    .replaceAll('\n', '');
}

const read = (markdown: string) => toMarks(parseHtml(oracle.render(markdown)));
const readOurs = async (markdown: string) =>
  toMarks((await parseMarkdown({ markdown, firstLine: 1 }, () => undefined)).root.children);

test.each([
  // Chinese: quotation marks, brackets, stops beside words
  '他说**“明天见”**就走了。',
  '他说**“明天见”，**就走了。',
  '**“开头”**的词',
  '末尾是**“结尾”**',
  '这本**《红楼梦》**我读过三遍',
  '**注意：**不要直接运行',
  '**注意**：不要直接运行',
  '**注意： **不要直接运行',
  '先看**（第一章）**再说',
  '先看**（第一章**）再说',
  '价格是**￥100**元',
  '涨了**50%**左右',
  '涨了**50％**左右',
  '用**C++**写的',
  '用**C#**写的',
  '用 **C++** 写的',
  '**重点，**然后',
  '**重点！**然后',
  '**重点……**然后',
  '**重点——**然后',
  '——**重点**——',
  '…**“重点”**…',
  '**【公告】**今天放假',
  '今天**【公告】**放假',
  '「**引文**」',
  '**「引文」**后',
  '前**「引文」**',
  '*斜体。*后面',
  '前面*“斜体”*后面',
  '***“又粗又斜”***后面',
  '前面***又粗又斜。***后面',
  '**粗*斜*粗**后',
  '*斜**粗**斜*后',
  '**粗“*斜*”**后',
  '**甲**、**乙**和**丙**',
  '**甲。****乙。**',
  '**甲、**乙**、丙**',
  '一**二**三**四',
  '** 空格 **不是',
  '**空格 **不是',
  '** 空格**不是',
  '**　全角空格**不是',
  '前**\u3000**后',
  '_下划线_中文',
  '中文_下划线_中文',
  '中文_“下划线”_中文',
  '中文__“下划线”__中文',
  '__下划线：__中文',
  '“_下划线_”',
  '（_下划线_）后',
  '变量_名_字',
  '~~“删去”~~后',
  '前~~删去。~~后',
  '前~~（删去）~~后',
  '~~**两样。**~~后',
  '**~~两样。~~**后',
  '**50%~~60%~~**后',
  // Chinese beside Latin letters, figures, code, links, emoji
  '用**Node.js**写',
  '版本**v1.0.**之后',
  '**GitHub**上',
  'GitHub**上**的',
  '**`npm ci`**即可',
  '前**`npm ci`**后',
  '**[链接](https://example.com)**后',
  '前**[链接](https://example.com)。**后',
  '**![图](a.png)**后',
  '**<https://example.com>**后',
  '**a**b**',
  '2**10**次方',
  '2*3*4 得 24',
  '**😀**后',
  '😀**“甲”**😀',
  '**甲😀**后',
  'a**“甲”**b',
  'a**（甲）**b',
  '**甲**(乙)',
  '**甲:**乙',
  '**甲:**b',
  '**a:**乙',
  '**(a)**b',
  '**“a”**b',
  // rare characters, variants
  '𠮷**“野家”**𠮷',
  '葛\u{e0100}**“城”**',
  '“\ufe01**（甲）**“\ufe01',
  'ａｂｃ**“甲”**ｄｅｆ',
  'ｱ**「ｲ」**ｳ',
  '㊗**「祝」**㊗',
  '㈱**「甲」**㈱',
  '〇**“零”**〇',
  '䷀**“乾”**䷀',
  'ㄅ**“注音”**ㄆ',
  'ꀀ**“甲”**ꀁ',
  // Japanese
  'これは**「重要」**です',
  '**重要。**しかし',
  '*強調、*です',
  'この**『本』**を読む',
  '**（注）**です',
  '**コード：**を書く',
  '__重要。__です',
  '~~「削除」~~です',
  '彼は**「はい」、**と言った',
  'ﾊﾝｶｸ**「ｶﾅ」**です',
  '**太字**と*斜体*',
  'カッコ**（かっこ**）',
  // Korean
  '이것은**"중요"**합니다',
  '**(괄호)**입니다',
  '**중요.**합니다',
  '한국어**“인용”**입니다',
  '__한국어.__입니다',
  '이름_변수_이름',
  '~~“삭제”~~입니다',
  '**“ᄒᆞᆫ글”**은',
  // no end, no beginning, too many
  '**甲',
  '甲**',
  '*甲**',
  '**甲*',
  '***甲**乙*',
  '***甲*乙**',
  '****甲****乙',
  '*****甲。*****乙',
  '* *甲*乙',
  '**甲\n乙。**丙',
  '\\**甲。**乙',
  '**甲\\**乙。**丙',
])('%j', async (markdown) => expect(await readOurs(markdown)).toBe(read(markdown)));

test.each<[why: string, markdown: string, ours: string]>([
  ['`==` marks', '前==重点。==后', '前<mark>重点。</mark>后'],
  ['`^` raises', '平方米^2^', '平方米<sup>2</sup>'],
  ['one `~` strikes out, as on GitHub', '~删去~ 后', '<del>删去</del> 后'],
  ['one `~` lowers behind a letter', 'H~2~O', 'H<sub>2</sub>O'],
  ['`~~~` strikes nothing out, as on GitHub', '前 ~~~不删~~~ 后', '前 ~~~不删~~~ 后'],
])('another dialect: %s', async (_, markdown, ours) => {
  expect(await readOurs(markdown)).toBe(ours);
  expect(read(markdown)).not.toBe(ours);
});

const { tests } = createRequire(import.meta.url)('commonmark-spec') as {
  readonly tests: readonly { readonly section: string; readonly markdown: string }[];
};
const examples = tests.filter(({ section }) => section === 'Emphasis and strong emphasis');

test('every example of CommonMark', async () => {
  expect(examples.length).toBeGreaterThan(120);
  for (const { markdown } of examples) expect([markdown, await readOurs(markdown)]).toEqual([markdown, read(markdown)]);
});

test('every character of the common planes counts as wide or not as it does there', async () => {
  // Beside each the marks open or close only if it is one of East Asia.
  for (const [from, to] of RANGES) {
    const line = Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index));
    for (const character of line.filter((each) => !/\p{Cn}/u.test(each))) {
      const markdown = `**"甲"**${character}b`;
      expect([markdown, await readOurs(markdown)]).toEqual([markdown, read(markdown)]);
    }
  }
});

/** Where the scripts begin and end. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x2c0, 0x2cf],
  [0x10fb, 0x1103],
  [0x2e7e, 0x2e82],
  [0x2ff8, 0x3006],
  [0x303a, 0x3042],
  [0x3245, 0x3252],
  [0x4dbe, 0x4e02],
  [0x9ffe, 0xa001],
  [0xa48b, 0xa492],
  [0xd7f9, 0xd7ff],
  [0xfe0f, 0xfe1a],
  [0xfe2e, 0xfe32],
  [0xfefe, 0xff02],
  [0xffdc, 0xffea],
  [0x1f1ff, 0x1f204],
];
