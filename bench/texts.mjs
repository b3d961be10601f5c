// The texts that are rendered: the example site's post, a long one, code, tables, CommonMark's examples, and seven kinds of text by the piece.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const SAMPLE_FILE = fileURLToPath(new URL('../examples/blog/content/zh/2026-trade.md', import.meta.url));
const sample = readFileSync(SAMPLE_FILE, 'utf8');
/** 60 links and 30 pictures. */
const long = readFileSync(new URL('../test/fixtures/long.md', import.meta.url), 'utf8');

const repeat = (count, write) => Array.from({ length: count }, (_, at) => write(at)).join('');

const block = (at) =>
  `\`\`\`js\n${repeat(12, (line) => `const value${line} = compute(${at}, 'text ${line}'); // 第 ${line} 行\n`)}\`\`\`\n\n`;
const table = (at) =>
  `| 甲 | 乙 | 丙 | 丁 |\n| --- | :-: | --: | --- |\n${repeat(22, (row) => `| 单元格 ${row} | **粗** | ${at * row} | [链接](https://a.example/${row}) |\n`)}\n`;

/** CommonMark's own examples, one after the other. */
function readSpec() {
  const { tests } = createRequire(import.meta.url)('commonmark-spec');
  return tests.map(({ markdown }) => markdown.replaceAll('→', '\t')).join('\n\n');
}

/** By name; the sample alone has front matter. */
export const TEXTS = {
  sample: () => sample,
  long: () => long,
  code: () => repeat(30, block),
  tables: () => repeat(66, table),
  commonmark: readSpec,
};

/** One piece of each kind; their place keeps them from being the same. */
const PIECES = {
  text: (at) =>
    `第 ${at} 段：从这一年开始，我们不再招聘员工，而是训练探员。Words between, and numbers such as 2026.\n\n`,
  tables: (at) => `| 甲 | 乙 |\n| --- | --- |\n| ${at} | 一 |\n| ${at} | 二 |\n\n`,
  lists: (at) => `- 项 ${at}\n- 项\n  - 里\n  - 里\n\n`,
  code: (at) => `\`\`\`js\nconst a${at} = 1;\n\`\`\`\n\n`,
  footnotes: (at) => `话[^${at}]。\n\n[^${at}]: 注 ${at}。\n\n`,
  links: (at) => `去[这里](https://a.example/${at})和[那里](https://b.example/${at})。\n\n`,
  emphasis: (at) => `**重${at}**和*斜*、~~删~~、==标==。\n\n`,
};
export const KINDS = Object.keys(PIECES);

/** `text*10`: ten times ten pieces of text. */
export function readText(name) {
  const [kind, times] = name.split('*');
  return times === undefined ? TEXTS[kind]() : repeat(Number(times) * 10, PIECES[kind]);
}

export function splitPost(text) {
  const body = text.replace(/^---\n.*?\n---\n/s, '');
  return { body, post: body === text ? `---\ntitle: Bench\n---\n\n${text}` : text };
}
