// The words behind a fence in the ways of many site generators, and the lines that comments and signs in code mark.
import { describe, expect, test } from 'vitest';
import { type Fence, type Mark, readFence } from '../../src/render/syntax/fence.ts';
import { readMarks } from '../../src/render/syntax/line-marks.ts';

/** `marked 1-3, added 2-2`. */
const toRanges = ({ marks }: Fence) => marks.map(({ mark, from, to }) => `${mark} ${from}-${to}`).join(', ');

describe('the language', () => {
  test.each([
    ['', ''],
    ['JS', 'js'],
    ['c++', 'c++'],
    ['js{1}', 'js'],
    ['js:a.js', 'js'],
    ['rust,ignore', 'rust'],
    ['{1,3}', ''],
    ['{.python .numberLines}', 'python'],
    ['{python}', 'python'],
    ['{r, echo=FALSE}', 'r'],
    ['{.line-numbers}', ''],
    ['diff', 'diff', 'diff'],
    ['diff-js', 'js', 'diff'],
    ['diff lang="ts"', 'ts', 'diff'],
    ['difference', 'difference'],
    ['diff-', 'diff-'],
  ])('%s', (info, language, diff = '') => {
    expect([readFence(info).language, readFence(info).isDiff]).toEqual([language, diff !== '']);
  });
});

describe('a title', () => {
  test.each([
    ['js title="a b.js"', 'a b.js'],
    ["js {1} title='a.js'", 'a.js'],
    ['js title=a.js', 'a.js'],
    ['js filename="a.js" copy', 'a.js'],
    ['js file=src/a.js', 'src/a.js'],
    ['js:a.js', 'a.js'],
    ['js:src/a.js {1}', 'src/a.js'],
    ['js:title=a.js', 'a.js'],
    ['ts:line-numbers [a.ts]', 'a.ts'],
    ['js [a.js]', 'a.js'],
    ['js a.js', 'a.js'],
    ['js ./src/a.js showLineNumbers', './src/a.js'],
    ['js 例子', '例子'],
    ['yaml _config.yml https://example.com/a b', '_config.yml'],
    ['js Hello World https://example.com/a', 'Hello World'],
    ['js a.js mark:1 line_number:false', 'a.js'],
    ['js', ''],
    ['js live noInline', ''],
    ['js "word" /a.b/', ''],
    ['js {1.5}', ''],
    ['rust,no_run', ''],
    ['{r, fig.width=7}', ''],
    [`js ${'a'.repeat(600)}.js`, ''],
  ])('%s', (info, title) => expect(readFence(info).title).toBe(title));
});

describe('numbers', () => {
  test.each([
    ['js', null],
    ['js showLineNumbers', 1],
    ['js showLineNumbers=5', 5],
    ['js showLineNumbers{5} {1}', 5],
    ['js showLineNumbers {5}', 1],
    ['js:line-numbers', 1],
    ['js:line-numbers=2 {1}', 2],
    ['js:no-line-numbers', 'off'],
    ['js noLineNumbers', 'off'],
    ['js {.line-numbers}', 1],
    ['js {linenos=table,linenostart=199}', 199],
    ['js {linenos=false}', 'off'],
    ['py linenums="3"', 3],
    ['js line_number:true first_line:4', 4],
    ['js line_number:false first_line:4', 'off'],
    ['{.js .numberLines startFrom="7"}', 7],
  ])('%s', (info, numbers) => expect(readFence(info).numbers).toBe(numbers));
});

describe('lines', () => {
  test.each([
    ['js', ''],
    ['js {1,3-5}', 'marked 1-1, marked 3-5'],
    ['js{1, 3..5}', 'marked 1-1, marked 3-5'],
    ['{2}', 'marked 2-2'],
    ['js hl_lines="1 3-5"', 'marked 1-1, marked 3-5'],
    ['js {hl_lines=[8,"15-17"]}', 'marked 8-8, marked 15-17'],
    ['js mark={1} ins={2-3} del={4}', 'marked 1-1, added 2-3, removed 4-4'],
    ['js mark:1,4-7', 'marked 1-1, marked 4-7'],
    ['js first_line:10 mark:12,14-15', 'marked 3-3, marked 5-6'],
    ['js mark:12 first_line:10', 'marked 3-3'],
    ['js {2} firstline=10', 'marked 2-2'],
    ['js highlight="3"', 'marked 3-3'],
    ['js mark="word"', ''],
    ['js constructor=2', ''],
    ['js {a: 1}', ''],
  ])('%s', (info, ranges) => expect(toRanges(readFence(info))).toBe(ranges));
});

describe('comments and signs in code', () => {
  const SIGNS: Readonly<Record<Mark, string>> = { marked: '*', added: '+', removed: '-', error: 'x', warning: '!' };

  /** Each line behind a sign of its mark, else a dot. */
  const read = (source: string, info = 'js') => {
    const { code, marks } = readMarks(source, readFence(info));
    return code.split('\n').map((line, index) => {
      const mark = marks.get(index + 1);
      return `${mark === undefined ? '.' : SIGNS[mark]}${line}`;
    });
  };

  test.each<[code: string, lines: readonly string[], info?: string]>([
    ['a // [!code ++]\nb // [!code --]', ['+a', '-b']],
    ['a /* [!code hl] */\nb <!-- [!code focus] -->', ['*a', '*b']],
    ['a # [!code error]\nb -- [!code warning]', ['xa', '!b']],
    ['a {/* [!code ++] */}', ['+a']],
    ['// [!code ++:2]\na\nb\nc', ['+a', '+b', '.c']],
    ['a // [!code highlight:2]\nb\nc', ['*a', '*b', '.c']],
    ['a // [!code ++:99999999]', ['+a']],
    ['a // [!code word:a]', ['.a']],
    ['a // [!code other]', ['.a // [!code other]']],
    ['a // [!code toString]', ['.a // [!code toString]']],
    ['[!code ++]', ['.[!code ++]']],
    ['// highlight-next-line\na\nb', ['*a', '.b']],
    ['  # highlight-start\na\nb\n  # highlight-end\nc', ['*a', '*b', '.c']],
    ['a // highlight-line\nb', ['*a', '.b']],
    ['a // highlight-next-line\nb', ['.a // highlight-next-line', '.b']],
    ['// highlight-line', ['.// highlight-line']],
    ['// highlight-next-line', ['.']],
    ['a\n\nb', ['.a', '*', '.b'], 'js {2,9}'],
    ['a\nb', ['*a', '*b'], 'js {0-99999}'],
    ['--- a\n+++ b\n-c\n+d\n e\n@@', ['.--- a', '.+++ b', '--c', '++d', '. e', '.@@'], 'diff'],
    ['--x\n+y', ['---x', '++y'], 'diff-sql'],
    ['-x\n+y', ['.-x', '.+y'], 'js'],
  ])('%j', (code, lines, info) => expect(read(code, info)).toEqual(lines));

  test('much white space before a mark takes no time', () => {
    const code = `${`${' '.repeat(20_000)}x[!code\n`.repeat(20)}a // [!code ++]`;
    expect(readMarks(code, readFence('js')).marks.size).toBe(1);
  }, 2_000);
});
