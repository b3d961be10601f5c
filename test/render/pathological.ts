// Hostile and senseless Markdown, how much of it is asked for, and how long it may take in processor time.
import { expect } from 'vitest';
import { type CaseOptions, renderText } from './cases.ts';

/** Lists in lists, each a step further to the right. */
export const stairs = (depth: number): string =>
  Array.from({ length: depth }, (_, at) => `${'  '.repeat(at)}- a`).join('\n');

/**
 * Two seconds of the computer that this was written on, in loops of spin(). Processor time beside processor time says the
 * same on a slow or busy one, where a clock would not.
 */
const MAX_LOOPS = 40;

/** A third of a text takes a 27th of the time when that grows as the cube of the text, and more when it grows slower. */
const SHARE = 3;

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
export async function findLoop(): Promise<void> {
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
export async function expectInTime(markdown: string, options: CaseOptions = {}): Promise<void> {
  const { html, loops } = await measure(markdown, options);
  expect(html.startsWith('<section>')).toBe(true);
  expect(loops).toBeLessThan(MAX_LOOPS);
}

/** The same of a text that is not nested: where a third of it takes so little that all of it must end in time, that is enough. */
export async function expectSoonInTime(make: Make, options: CaseOptions = {}): Promise<void> {
  const { html, loops } = await measure(
    make((count) => Math.ceil(count / SHARE)),
    options,
  );
  if (html.startsWith('<section>') && loops < MAX_LOOPS / SHARE ** 3) return;
  await expectInTime(make(ALL), options);
}

/** A text of as many pieces as `all` makes of their number. */
export type Make = (all: (count: number) => number) => string;

export const ALL = (count: number): number => count;

/** A piece again and again, beside each other. */
export const FLAT: readonly (readonly [name: string, make: Make])[] = [
  ['openers without closers', (all) => '*a **a '.repeat(all(5000))],
  ['closers of the wrong width', (all) => '**x* '.repeat(all(5000))],
  ['underscores', (all) => '_a __a '.repeat(all(5000))],
  ['tildes', (all) => '~~a ~b '.repeat(all(5000))],
  ['equals signs', (all) => '==a '.repeat(all(10000))],
  ['stars only', (all) => '*'.repeat(all(50000))],
  ['links without an end', (all) => `${'[a](b'.repeat(all(5000))})`],
  ['brackets', (all) => '['.repeat(all(20000))],
  ['images inside images', (all) => '![['.repeat(all(10000))],
  ['backticks', (all) => Array.from({ length: all(300) }, (_, at) => '`'.repeat(at)).join('a')],
  ['angle brackets', (all) => '<'.repeat(all(20000))],
  ['unfinished tags', (all) => '<a '.repeat(all(10000))],
  ['comments without an end', (all) => '<!-- '.repeat(all(5000))],
  ['one word', (all) => `${'a'.repeat(all(50000))}@`],
  ['exclamation marks', (all) => '!'.repeat(all(50000))],
  ['addresses', (all) => 'http://'.repeat(all(10000))],
  ['an address with a tail', (all) => `http://a.b/${'!'.repeat(all(50000))}`],
  ['www', (all) => 'www.'.repeat(all(10000))],
  ['spaces', (all) => `${' '.repeat(all(50000))}a`],
  ['spaces before line ends', (all) => `a${`${' '.repeat(all(100))}\n`.repeat(all(500))}b`],
  ['a marked line of many words', (all) => `\`\`\`js {1}\n${'let a=1;'.repeat(all(5000))}\n\`\`\``],
  [
    'marks of every line, again and again',
    (all) => `\`\`\`js {${'1-999999,'.repeat(60)}}\n${'a\n'.repeat(all(20000))}\`\`\``,
  ],
  ['comments that mark many lines', (all) => `\`\`\`js\n${'a // [!code ++:99]\n'.repeat(all(5000))}\`\`\``],
  ['comments that mark one line', (all) => `\`\`\`js\na${' // [!code ++]'.repeat(all(10000))}\n\`\`\``],
  ['words behind a fence', (all) => `\`\`\`js ${'{a="'.repeat(all(10000))}\nb\n\`\`\``],
  ['pipes', (all) => '|a'.repeat(all(20000))],
  ['tables', (all) => 'a|b\n-|-\n'.repeat(all(2000))],
  ['definitions', (all) => '[a]: <'.repeat(all(10000))],
  ['footnotes', (all) => '[^a]: b\n'.repeat(all(5000))],
  ['raised marks without an end', (all) => 'a^b'.repeat(all(20000))],
  ['braces', (all) => '{字|'.repeat(all(20000))],
  ['colons', (all) => ':a'.repeat(all(20000))],
  ['dollars', (all) => 'a^$'.repeat(all(20000))],
  ['colons only', (all) => ':::\n'.repeat(all(10000))],
  ['names in brackets', (all) => '[['.repeat(all(20000))],
  ['embedded names', (all) => '![[a'.repeat(all(20000))],
  ['names with marks', (all) => '[[a_b]] _'.repeat(all(5000))],
  ['tags without an end', (all) => '{% a '.repeat(all(20000))],
  ['tags of nothing', (all) => '{%'.repeat(all(20000))],
  ['shortcodes without an end', (all) => '{{<'.repeat(all(20000))],
  ['shortcodes', (all) => '{{< a b >}}'.repeat(all(10000))],
  ['lines of tags', (all) => '{% a %}\n'.repeat(all(10000))],
  ['lines that begin as tags', (all) => 'a\n{% b %} c\n'.repeat(all(10000))],
  ['code without an end', (all) => 'a {% codeblock %} '.repeat(all(5000))],
  ['arguments without an end', (all) => `{% img ${'" \' '.repeat(all(900))} %}`.repeat(20)],
  ['addresses without an end', (all) => '[a]({{ '.repeat(all(10000))],
  ['tags in HTML', (all) => `<div>\n${'<{% a %}'.repeat(all(10000))}\n</div>`],
  ['cards without an end', (all) => '<wechat-video vid="x"> '.repeat(all(5000))],
  ['percent signs', (all) => '%%a '.repeat(all(20000))],
  ['figures in percent', (all) => '1%%a'.repeat(all(20000))],
  ['lines of percent signs', (all) => '%%a\n\n'.repeat(all(5000))],
  ['lines that begin as comments', (all) => `a\n${'%%a%%b\n'.repeat(all(5000))}`],
  ['lists above comments', (all) => `${'- a\n\nb\n\n'.repeat(all(5000))}%%\nc\n%%`],
  ['lists beside lines that begin as comments', (all) => `${'- a\n%%b%%c\n'.repeat(all(3000))}`],
  ['names of blocks', (all) => ' ^a'.repeat(all(20000))],
  ['entities', (all) => '&amp;'.repeat(all(20000))],
  ['style of brackets', (all) => `<p style="${'(('.repeat(all(20000))}">a</p>`],
  ['lines above a far underline', (all) => `${'a\n'.repeat(all(20000))}---`],
  ['underlines that are none', (all) => 'a\n--x\n==y\n'.repeat(all(5000))],
  ['underlines only', (all) => '===\n'.repeat(all(10000))],
  ['rows under no head', (all) => '|-'.repeat(all(20000))],
  [
    'lines of tags and of words',
    (all) => Array.from({ length: all(4000) }, (_, at) => `{% note a${at} %}\nx\n`).join(''),
  ],
  ['lines of code tags', (all) => '{% highlight a %}x\n'.repeat(all(3000))],
  ['lines of containers and of words', (all) => ':::a\nx\n'.repeat(all(8000))],
  ['lines of code and of unfinished tags', (all) => 'x `a`\n{% foo\n'.repeat(all(5000))],
  ['lines of formulas and of words', (all) => '$$\nx\n'.repeat(all(8500))],
  ['lines that a far underline cannot reach', (all) => `${':::a\nx\n'.repeat(all(8000))}2. b\n---\n`],
  [
    'exports without an end in Markdown',
    (all) => `import a from 'b'\n\n<A/>\n\n${'export const a = {\n\n'.repeat(all(3000))}`,
  ],
  ['coloured brackets', (all) => `\`\`\`js\n${'a(['.repeat(all(10000))}\n\`\`\`\n`],
  ['coloured tags', (all) => `\`\`\`html\n${'<a '.repeat(all(10000))}\n\`\`\`\n`],
  ['rows of lines under others', (all) => `a\n${'|-|\n-|-|-\n'.repeat(all(6000))}`],
  ['lists of attributes', (all) => `# ${'{: .a b="'.repeat(all(8000))}`],
  ['unfinished tags', (all) => '{% a '.repeat(all(15000))],
  ['tags of text without an end', (all) => `{% note %}\n${'{% raw %} {{< code >}} '.repeat(all(6000))}\n{% endnote %}`],
  ['ends of tags', (all) => '{% enda %}\n'.repeat(all(6000))],
  [
    'tags with and without ends',
    (all) => Array.from({ length: all(3000) }, (_, at) => `{% a${at % 7} %}{% enda${at % 5} %}\n`).join(''),
  ],
  ['comments of tabs', (all) => `{% tabs %}\n${'<!-- tab '.repeat(all(9000))}\n{% endtabs %}`],
  ['heads over rows of another width', (all) => 'a | b\n|---|\n'.repeat(all(8000))],
  ['lines of tabs', (all) => `:::tabs\n${'@tab a\nx\n'.repeat(all(7000))}:::`],
];

/** The same in MDX. */
export const FLAT_MDX: readonly (readonly [name: string, make: Make])[] = [
  ['expressions', (all) => 'a {b} '.repeat(all(5000))],
  ['strings without an end', (all) => '{"'.repeat(all(10000))],
  ['literals without an end', (all) => '{\\` '.repeat(all(17000))],
  ['comments without an end', (all) => '{/* '.repeat(all(17000))],
  ['imports', (all) => "import a from 'b'\n\n".repeat(all(3000))],
  ['an import without an end', (all) => `export const a = {\n\n${'{\n\n'.repeat(all(5000))}`],
  ['exports without an end', (all) => 'export const a = {\n\n'.repeat(all(3000))],
];

/** What may lie in each other: how deep a reader goes shows at full depth alone. */
export const DEEP: readonly (readonly [name: string, markdown: string])[] = [
  ['emphasis inside emphasis', `${'*a '.repeat(3000)}b${' a*'.repeat(3000)}`],
  ['strong inside strong', `${'**a'.repeat(3000)}b${'c**'.repeat(3000)}`],
  ['nested brackets', `${'['.repeat(5000)}a${']'.repeat(5000)}(b)`],
  ['tags inside tags', '<div>'.repeat(5000)],
  ['inline tags inside tags', `a ${'<b>'.repeat(5000)}`],
  ['pre without an end', '<pre>'.repeat(5000)],
  ['footnotes in footnotes', `[^0]\n\n${Array.from({ length: 2000 }, (_, at) => `[^${at}]: [^${at + 1}]`).join('\n')}`],
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
  ['tabs in tabs', '{% tabs %}\n<!-- tab a -->\n'.repeat(2000)],
  ['components of tabs', `<A>\n${'<Tabs items={["a"]}>\n<Tab>\n'.repeat(3000)}`],
];
