// Hostile and senseless input: every one ends in time, with its text or with a finding.
import { beforeAll, expect, test } from 'vitest';
import { findHeading } from '../../src/article/heading.ts';
import { toVisibleText } from '../../src/render/visible.ts';
import { type CaseOptions, renderText } from './cases.ts';

/** Lists in lists, each a step further to the right. */
const stairs = (depth: number): string => Array.from({ length: depth }, (_, at) => `${'  '.repeat(at)}- a`).join('\n');

/**
 * Two seconds of the computer that this was written on, in loops of spin(). Processor time beside processor time says the
 * same on a slow or busy one, where a clock would not.
 */
const MAX_LOOPS = 40;

function spin(): number {
  let hash = 0;
  for (let at = 0; at < 40_000_000; at += 1) hash = (Math.imul(hash, 31) + at) | 0;
  return hash;
}

/** Microseconds of this process. */
async function useProcessor(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

let loop = 0;

/** To be called once, before anything is measured. */
async function findLoop(): Promise<void> {
  // What is loaded once is no part of any case.
  await renderText('a');
  spin();
  loop = await useProcessor(spin);
}

async function measure(markdown: string, options: CaseOptions) {
  let html = '';
  const used = await useProcessor(async () => {
    html = (await renderText(markdown, options)).html;
  });
  return { html, loops: used / loop };
}

/** Expects the text to be rendered in time. */
async function expectInTime(markdown: string, options: CaseOptions = {}): Promise<void> {
  const { html, loops } = await measure(markdown, options);
  expect(html.startsWith('<section>')).toBe(true);
  expect(loops).toBeLessThan(MAX_LOOPS);
}

/** A piece again and again, beside each other. */
const FLAT: readonly (readonly [name: string, markdown: string])[] = [
  ['openers without closers', '*a **a '.repeat(5000)],
  ['closers of the wrong width', '**x* '.repeat(5000)],
  ['underscores', '_a __a '.repeat(5000)],
  ['tildes', '~~a ~b '.repeat(5000)],
  ['equals signs', '==a '.repeat(10000)],
  ['stars only', '*'.repeat(50000)],
  ['links without an end', `${'[a](b'.repeat(5000)})`],
  ['brackets', '['.repeat(20000)],
  ['images inside images', '![['.repeat(10000)],
  ['backticks', Array.from({ length: 300 }, (_, at) => '`'.repeat(at)).join('a')],
  ['angle brackets', '<'.repeat(20000)],
  ['unfinished tags', '<a '.repeat(10000)],
  ['comments without an end', '<!-- '.repeat(5000)],
  ['one word', `${'a'.repeat(50000)}@`],
  ['exclamation marks', '!'.repeat(50000)],
  ['addresses', 'http://'.repeat(10000)],
  ['an address with a tail', `http://a.b/${'!'.repeat(50000)}`],
  ['www', 'www.'.repeat(10000)],
  ['spaces', `${' '.repeat(50000)}a`],
  ['spaces before line ends', `a${`${' '.repeat(100)}\n`.repeat(500)}b`],
  ['a marked line of many words', `\`\`\`js {1}\n${'let a=1;'.repeat(5000)}\n\`\`\``],
  ['marks of every line, again and again', `\`\`\`js {${'1-999999,'.repeat(60)}}\n${'a\n'.repeat(20000)}\`\`\``],
  ['comments that mark a hundred lines', `\`\`\`js\n${'a // [!code ++:99]\n'.repeat(5000)}\`\`\``],
  ['comments that mark many lines', `\`\`\`js\n${'a // [!code ++:99999]\n'.repeat(5000)}\`\`\``],
  ['comments that mark one line', `\`\`\`js\na${' // [!code ++]'.repeat(10000)}\n\`\`\``],
  ['words behind a fence', `\`\`\`js ${'{a="'.repeat(10000)}\nb\n\`\`\``],
  ['pipes', '|a'.repeat(20000)],
  ['tables', 'a|b\n-|-\n'.repeat(2000)],
  ['definitions', '[a]: <'.repeat(10000)],
  ['footnotes', '[^a]: b\n'.repeat(5000)],
  ['notes among words', '^[a]'.repeat(10000)],
  ['notes among words without an end', '^['.repeat(20000)],
  ['such notes without an end, of words', '^[a *b*\n'.repeat(8000)],
  ['such notes without words', '^[]'.repeat(20000)],
  ['such notes with marks', '*^[a*b] '.repeat(5000)],
  ['such notes with code without an end', '^[`'.repeat(15000)],
  ['brackets that close no note', `^[${'['.repeat(20000)}${']'.repeat(20000)}`],
  ['comments without a second sign', '%%a\n\n'.repeat(8000)],
  ['boxes of tasks', '- [-] a\n- [/]\n'.repeat(5000)],
  ['raised marks without an end', 'a^b'.repeat(20000)],
  ['braces', '{字|'.repeat(20000)],
  ['colons', ':a'.repeat(20000)],
  ['dollars with spaces', 'a ^ $ '.repeat(10000)],
  ['dollars', 'a^$'.repeat(20000)],
  ['colons only', ':::\n'.repeat(10000)],
  ['names in brackets', '[['.repeat(20000)],
  ['embedded names', '![[a'.repeat(20000)],
  ['names with marks', '[[a_b]] _'.repeat(5000)],
  ['tags without an end', '{% a '.repeat(30000)],
  ['tags of nothing', '{%'.repeat(20000)],
  ['shortcodes without an end', '{{<'.repeat(20000)],
  ['shortcodes', '{{< a b >}}'.repeat(10000)],
  ['lines of tags', '{% a %}\n'.repeat(10000)],
  ['lines that begin as tags', 'a\n{% b %} c\n'.repeat(10000)],
  ['code without an end', 'a {% codeblock %} '.repeat(5000)],
  ['arguments without an end', `{% img ${'" \' '.repeat(900)} %}`.repeat(20)],
  ['addresses without an end', '[a]({{ '.repeat(10000)],
  ['tags in HTML', `<div>\n${'<{% a %}'.repeat(10000)}\n</div>`],
  ['cards without an end', '<wechat-video vid="x"> '.repeat(5000)],
  ['percent signs', '%%a '.repeat(20000)],
  ['figures in percent', '1%%a'.repeat(20000)],
  ['lines of percent signs', '%%a\n\n'.repeat(5000)],
  ['lines that begin as comments', `a\n${'%%a%%b\n'.repeat(5000)}`],
  ['lists above comments', `${'- a\n\nb\n\n'.repeat(5000)}%%\nc\n%%`],
  ['lists beside lines that begin as comments', `${'- a\n%%b%%c\n'.repeat(3000)}`],
  ['quotes above lines that begin as comments', '> a\n%%x\n'.repeat(20000)],
  ['quotes above comments round code without an end', '> a\n%%x\n```x\n'.repeat(8000)],
  ['lists above comments round code without an end', `${'- a\n'.repeat(3000)}${'%%x\n```x\n'.repeat(8000)}`],
  ['tables above lines that begin as comments', 'a|b\n-|-\n%%x\n'.repeat(8000)],
  ['signs beside code', '%%a`'.repeat(20000)],
  ['signs beside rows of backticks', Array.from({ length: 300 }, (_, at) => `%%${'`'.repeat(at + 1)}`).join('a')],
  ['signs in code', '%%a `%%` '.repeat(10000)],
  ['names of blocks', ' ^a'.repeat(20000)],
  ['entities', '&amp;'.repeat(20000)],
  ['style of brackets', `<p style="${'(('.repeat(20000)}">a</p>`],
  ['lines above a far underline', `${'a\n'.repeat(20000)}---`],
  ['underlines that are none', 'a\n--x\n==y\n'.repeat(5000)],
  ['underlines only', '===\n'.repeat(10000)],
  ['rows under no head', '|-'.repeat(20000)],
  ['lines of tags and of words', Array.from({ length: 4000 }, (_, at) => `{% note a${at} %}\nx\n`).join('')],
  ['lines of code tags', '{% highlight a %}x\n'.repeat(3000)],
  ['lines of containers and of words', ':::a\nx\n'.repeat(8000)],
  ['lines of code and of unfinished tags', 'x `a`\n{% foo\n'.repeat(5000)],
  ['lines of formulas and of words', '$$\nx\n'.repeat(8500)],
  ['lines that a far underline cannot reach', `${':::a\nx\n'.repeat(8000)}2. b\n---\n`],
  ['exports without an end in Markdown', `import a from 'b'\n\n<A/>\n\n${'export const a = {\n\n'.repeat(3000)}`],
  ['coloured brackets', `\`\`\`js\n${'a(['.repeat(10000)}\n\`\`\`\n`],
  ['coloured tags', `\`\`\`html\n${'<a '.repeat(10000)}\n\`\`\`\n`],
  ['rows of lines under others', `a\n${'|-|\n-|-|-\n'.repeat(6000)}`],
  ['lists of attributes', `# ${'{: .a b="'.repeat(8000)}`],
  ['unfinished tags', '{% a '.repeat(15000)],
  ['tags of text without an end', `{% note %}\n${'{% raw %} {{< code >}} '.repeat(6000)}\n{% endnote %}`],
  ['ends of tags', '{% enda %}\n'.repeat(6000)],
  [
    'tags with and without ends',
    Array.from({ length: 3000 }, (_, at) => `{% a${at % 7} %}{% enda${at % 5} %}\n`).join(''),
  ],
  ['comments of tabs', `{% tabs %}\n${'<!-- tab '.repeat(9000)}\n{% endtabs %}`],
  ['heads over rows of another width', 'a | b\n|---|\n'.repeat(8000)],
  ['panels of MkDocs', '!!! note "a"\n    b\n'.repeat(5000)],
  ['panels of MkDocs without anything in them', '!!! a\n'.repeat(10000)],
  ['panels of MkDocs over blank lines', `${'!!! a\n'.repeat(3000)}${'\n'.repeat(20000)}`],
  ['words behind a panel of MkDocs', `!!! a${' a'.repeat(20000)}。\n`.repeat(5)],
  ['lists above lines that begin as panels of MkDocs', `${'- a\n\nb\n\n'.repeat(2000)}${'!!! a\n'.repeat(20000)}`],
  ['panels of MkDocs below lists', '- a\n!!! a\n    b\n'.repeat(5000)],
  ['panels of MkDocs without anything in them below lists', '- a\n!!! a\n'.repeat(10000)],
  ['panels of MkDocs below tables', '| a |\n|---|\n!!! a\n    b\n'.repeat(5000)],
  ['rows of a table that begin as panels of MkDocs', `| a |\n|---|\n${'!!! a\n'.repeat(10000)}`],
  ['tabs of MkDocs', '=== "a"\n    b\n'.repeat(5000)],
  ['tabs of MkDocs without anything in them', '=== "a"\n'.repeat(10000)],
  ['lines that begin as tabs of MkDocs', `a\n${'=== "a"\n\nb\n'.repeat(5000)}`],
  ['code behind an escape', 'a\\``` '.repeat(20000)],
  ['spaces before the name of a block', `a${' '.repeat(50000)}b^c`],
  ['containers with the ends of others', `${'::::a\n'.repeat(4000)}${':::\n'.repeat(4000)}`],
  ['code without an end in a panel', `{% note %}\n${'\\``` a '.repeat(15000)}\n{% endnote %}`],
  ['spaces in the address of a picture', `![](a${' '.repeat(30000)}`],
  ['spaces in the attributes of a picture', `![](a b){${' '.repeat(50000)}`],
  ['words of pictures', `${'![a'.repeat(20000)}](b)`],
  ['names of footnotes without an end', '[^a'.repeat(20000)],
  ['tags that are shown, without an end', '{{</* '.repeat(25000)],
  ['headings behind lines that end none', `:::tip\n:::\n\n${'a\n# b\n:c\n'.repeat(12000)}`],
  ['lists and figures in percent', '- 1%%\n\na\n\n'.repeat(7000)],
  ['lines of tabs', `:::tabs\n${'@tab a\nx\n'.repeat(7000)}:::`],
];

/** The same in MDX. */
const FLAT_MDX: readonly (readonly [name: string, markdown: string])[] = [
  ['expressions', 'a {b} '.repeat(5000)],
  ['strings without an end', '{"'.repeat(10000)],
  ['literals without an end', '{\\` '.repeat(17000)],
  ['comments without an end', '{/* '.repeat(17000)],
  ['imports', "import a from 'b'\n\n".repeat(3000)],
  ['an import without an end', `export const a = {\n\n${'{\n\n'.repeat(5000)}`],
  ['exports without an end', `export const a = ${'{'.repeat(60)}\n\n`.repeat(4500)],
  ['exports of one brace without an end', 'export const a = {\n\n'.repeat(3000)],
];

/** What may lie in each other: how deep a reader goes shows at full depth alone. */
const DEEP: readonly (readonly [name: string, markdown: string])[] = [
  ['emphasis inside emphasis', `${'*a '.repeat(3000)}b${' a*'.repeat(3000)}`],
  ['strong inside strong', `${'**a'.repeat(3000)}b${'c**'.repeat(3000)}`],
  ['nested brackets', `${'['.repeat(5000)}a${']'.repeat(5000)}(b)`],
  ['tags inside tags', '<div>'.repeat(5000)],
  ['inline tags inside tags', `a ${'<b>'.repeat(5000)}`],
  ['pre without an end', '<pre>'.repeat(5000)],
  ['footnotes in footnotes', `[^0]\n\n${Array.from({ length: 2000 }, (_, at) => `[^${at}]: [^${at + 1}]`).join('\n')}`],
  ['notes in notes', `${'^[a'.repeat(10000)}b${']'.repeat(10000)}`],
  ['notes of signs in notes', `${'^[*'.repeat(10000)}${']'.repeat(10000)}`],
  ['footnotes in definitions of footnotes', '[^a]:'.repeat(5000)],
  ['lists behind a footnote', `[^a]: ${'- '.repeat(2000)}a`],
  ['quotes behind a tag', `{% note %}${'> '.repeat(3000)}a{% endnote %}`],
  ['containers without an end', ':::tip\n\n'.repeat(5000)],
  ['containers in containers', `${':::tip\n'.repeat(2000)}a\n${':::\n'.repeat(2000)}`],
  ['blocks without an end', '{% note %}\n'.repeat(10000)],
  ['blocks in blocks', `${'{% note %}\n'.repeat(5000)}${'{% endnote %}\n'.repeat(5000)}`],
  ['components without an end', '<Foo a={'.repeat(10000)],
  ['components in components', `import a from 'b'\n\n${'<Foo>\n  '.repeat(3000)}`],
  ['lines of components', '<Foo bar={1}>\n'.repeat(5000)],
  ['quotes', `${'>'.repeat(1000)}a`],
  ['lists on one line', `${'- '.repeat(1000)}a`],
  ['stairs of lists', stairs(1000)],
  ['quotes and lists in turn', `${'> - '.repeat(1000)}a`],
  ['lines of unfinished tags in capitals', '<A\n'.repeat(20000)],
  ['lines of tags in capitals', '<A>\n'.repeat(15000)],
  ['lines of bold', '<b>\n'.repeat(15000)],
  ['lines of components and of words', '<Foo>\nx\n'.repeat(7000)],
  ['panels of MkDocs in panels', Array.from({ length: 300 }, (_, at) => `${' '.repeat(4 * at)}!!! a\n`).join('')],
  [
    'fences of panels in fences',
    Array.from({ length: 300 }, (_, at) => `${'`'.repeat(303 - at)}ad-note\n`)
      .join('')
      .concat('a'),
  ],
  ['fences of panels in a row', '```ad-note\n'.repeat(5000)],
  ['quoted fences of panels in a row', '> ```ad-note\n'.repeat(5000)],
  ['tabs of MkDocs in tabs', Array.from({ length: 300 }, (_, at) => `${' '.repeat(4 * at)}=== "a"\n`).join('')],
  ['tabs in tabs', '{% tabs %}\n<!-- tab a -->\n'.repeat(2000)],
  ['components of tabs', `<A>\n${'<Tabs items={["a"]}>\n<Tab>\n'.repeat(3000)}`],
];

beforeAll(findLoop);

test.each([...FLAT, ...DEEP])('%s', async (_name, markdown) => expectInTime(markdown));

test.each(FLAT_MDX)('MDX: %s', async (_name, markdown) => expectInTime(markdown, { dialect: 'mdx' }));

test('lines that begin as comments, above no heading', async () => {
  expect((await useProcessor(() => findHeading('%%\n'.repeat(60_000)))) / loop).toBeLessThan(MAX_LOOPS);
});

test('MDX: braces', async () => expectInTime('{'.repeat(20000), { dialect: 'mdx' }));

test.each<readonly [name: string, markdown: string]>([
  ['quotes', `${'>'.repeat(200)}内文`],
  ['lists on one line', `${'- '.repeat(200)}内文`],
  ['numbered lists on one line', `${'1.  '.repeat(2000)}内文`],
  ['stairs of lists', `${stairs(150)}内文`],
  ['tags', `${'<div>'.repeat(200)}内文`],
  ['fences of panels', `${'```ad-note\n'.repeat(150)}内文`],
  ['quotes in a fence of a panel', `\`\`\`ad-note\n${'>'.repeat(200)}内文`],
])('%s nested beyond sense are a finding, and their text stays', async (_name, markdown) => {
  const { html, findings } = await renderText(`开头\n\n${markdown}\n`);
  expect(findings.map(({ code }) => code)).toContain('nesting-too-deep');
  expect(toVisibleText(html)).toContain('内文');
});

test.each<readonly [name: string, markdown: string]>([
  ['quotes', `${'>'.repeat(90)}内文`],
  ['code that looks like a list', `\`\`\`\n${'- '.repeat(200)}a\n\`\`\`\n`],
])('%s within sense are no finding', async (_name, markdown) => {
  expect((await renderText(markdown)).findings).toEqual([]);
});
