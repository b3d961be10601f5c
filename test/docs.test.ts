// Holds the documents to the code: commands, options, keys, codes and paths that a reader finds are those that exist.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { ALIASES } from '../src/article/aliases.ts';
import { EXIT, EXIT_INT, EXIT_MIXED, EXIT_TERM } from '../src/errors.ts';
import { LIMITS } from '../src/facts/limits.ts';
import { CONFIG_FILES, DEFAULTS, SHAPE, type Shape } from '../src/local/config-keys.ts';
import { createIo } from '../src/local/io.ts';
import { createProgram } from '../src/program.ts';
import { fresh, toEnv } from './cli/stage.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const READMES = ['README.md', 'README.zh-CN.md'] as const;
const DOCUMENTS = [
  ...READMES,
  ...['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const withoutCode = (text: string) => text.replace(/^ *```[\s\S]*?^ *```$/gm, '');
const headingsOf = (text: string) =>
  [...withoutCode(text).matchAll(/^(#+) (.+)$/gm)].map((match) => ({ level: match[1] ?? '', title: match[2] ?? '' }));
/** The part under a heading, to the next one of any level. */
const sectionOf = (file: string, title: string) => {
  const [, after = ''] = read(file).split(new RegExp(`^#+ ${title}$`, 'm'));
  return after.split(/^#+ /m)[0] ?? '';
};
/** A table's rows as cells; a bar in code is written `\|`. */
const rowsOf = (section: string) =>
  section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')));
const codesOf = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

test('what is generated is what the script would write', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.mjs', '--check'], { cwd: root });
  expect([status, `${stderr}`]).toEqual([0, '']);
});

describe.each(READMES)('%s', (file) => {
  const program = createProgram(createIo(process), 'en', () => undefined);
  const flagsOf = (command: Command) => command.options.map(({ short, long }) => [short, long].filter(Boolean));

  const commands = program.commands.flatMap((each) => [
    ...(each.commands.length === 0 ? [[each.name(), each] as const] : []),
    ...each.commands.map((inner) => [`${each.name()} ${inner.name()}`, inner] as const),
  ]);
  test.each(commands)('has wxsync %s with its options, and no others', (name, command) => {
    const rows = rowsOf(sectionOf(file, `wxsync ${name}`)).slice(1);
    expect(rows.map((cells) => codesOf(cells[1] ?? '').map((each) => each.split(' ')[0]))).toEqual(flagsOf(command));
    const values = (cells: readonly string[]) => /<[^>]+>/.exec(cells[1] ?? '')?.[0];
    expect(rows.map(values)).toEqual(command.options.map(({ flags }) => /<[^>]+>/.exec(flags)?.[0]));
  });

  test('has the global options', () => {
    const rows = rowsOf(sectionOf(file, file === 'README.md' ? 'Global options' : '通用选项')).slice(1);
    const said = rows.map((cells) => codesOf(cells[1] ?? '').map((each) => each.split(' ')[0]));
    const known = [...flagsOf(program), ['-h', '--help']];
    expect(said.map(String).sort()).toEqual(known.map(String).sort());
  });

  test('has every exit code', () => {
    const rows = rowsOf(sectionOf(file, file === 'README.md' ? 'Exit codes' : '退出码')).slice(1);
    const known = [0, ...Object.values(EXIT), EXIT_MIXED, EXIT_INT, EXIT_TERM].sort((a, b) => a - b);
    expect(rows.map((cells) => Number(cells[1]))).toEqual(known);
  });

  test('has every key of the config with its default', () => {
    const rows = rowsOf(sectionOf(file, file === 'README.md' ? 'Config' : '配置')).slice(1);
    expect(rows.map((cells) => [codesOf(cells[1] ?? '')[0], codesOf(cells[2] ?? '')[0] ?? null])).toEqual(
      toKeys(SHAPE),
    );
  });

  test.each(Object.entries(ALIASES))('has the front matter names of %s in their order', (_, names) => {
    const rows = rowsOf(sectionOf(file, file === 'README.md' ? 'Front matter' : '头信息'));
    const said = rows.map((cells) => codesOf(cells[2] ?? '').slice(0, names.length));
    expect(said).toContainEqual([...names]);
  });

  test('has the lengths that WeChat takes', () => {
    const said = sectionOf(file, file === 'README.md' ? 'Front matter' : '头信息');
    const { title, author, digest } = LIMITS;
    for (const { value } of [title, author, digest]) expect(said).toMatch(new RegExp(`\\b${value}\\b`));
  });

  test.each(CONFIG_FILES)('names %s', (name) => {
    expect(read(file)).toContain(`\`${name}\``);
  });

  test('has every variable that the settings read', () => {
    const text = ['src/local/settings.ts', 'src/local/cache.ts', 'src/commands/publish.ts', 'src/commands/target.ts']
      .map(read)
      .join('\n');
    const names = new Set([...text.matchAll(/\b(?:WECHAT|WXSYNC)_[A-Z_]*[A-Z]\b/g)].map((match) => match[0]));
    const said = sectionOf(file, file === 'README.md' ? 'Environment variables' : '环境变量');
    const variables = [...names].filter((name) => !text.includes(`const ${name} =`));
    expect(variables.filter((name) => !said.includes(`\`${name}\``))).toEqual([]);
  });

  test('names only scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const said = [...read(file).matchAll(/\bnpm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(said.filter((name) => scripts[name] === undefined)).toEqual([]);
    expect(said.filter((name) => name.startsWith('test:'))).toHaveLength(3);
    expect(read(file)).toContain('npm test');
  });
});

const RELIABILITY = ['docs/reliability.md', 'docs/reliability.zh-CN.md'] as const;

test.each([
  READMES,
  RELIABILITY,
  ['docs/ci.md', 'docs/ci.zh-CN.md'],
  ['docs/markdown.md', 'docs/markdown.zh-CN.md'],
] as const)('%s and %s have the same headings in number and order', (...files) => {
  const [english, chinese] = files.map((file) => headingsOf(read(file)).map(({ level }) => level));
  expect(chinese).toEqual(english);
});

test('both pages on reliability have the same points, codes and tests', () => {
  const [english, chinese] = RELIABILITY.map((file) =>
    read(file)
      .split('\n')
      .map((line) => /^(?:\| `[^|]*\||\d+\.|- \*\*)/.exec(line)?.[0] ?? ''),
  );
  expect(chinese).toEqual(english);
});

test('both READMEs have the same code', () => {
  const [english, chinese] = READMES.map((file) =>
    [...read(file).matchAll(/^```(?:js|json)\n[\s\S]*?^```$/gm)].map((match) => match[0]),
  );
  expect(chinese).toEqual(english);
});

describe.each(DOCUMENTS)('%s', (file) => {
  const text = withoutCode(read(file));

  test('leads only to files and headings that exist', () => {
    const targets = [...text.replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^https?:/.test(target));
    expect(targets.filter((target) => !leads(file, target))).toEqual([]);
  });

  test('names only paths that exist', () => {
    const paths = codesOf(text).filter((code) =>
      /^(?:bin|src|test|docs|themes|scripts|schemas|examples)\/[\w./-]*$/.test(code),
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

test('docs/architecture.md knows every room and every package', () => {
  const text = read('docs/architecture.md');
  const rooms = readdirSync(join(root, 'src')).map((name) => `\`${name}\``);
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const imported = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) =>
      [...read(join('src', name)).matchAll(/(?:from |import\()'([^'.][^']*)'/g)].map((match) => match[1]),
    );
  const packages = Object.keys({ ...dependencies, ...devDependencies })
    .filter((name) => imported.some((each) => each === name || each?.startsWith(`${name}/`)))
    .map((name) => `\`${name}\``);
  expect([...rooms, ...packages].filter((name) => !text.includes(name))).toEqual([]);
});

test('.env.example sets only what a project may set', () => {
  const names = [...read('.env.example').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map((match) => match[1] ?? '');
  const allowed = /^(?:WECHAT_APP_ID(?:__\w+)?|WECHAT_APP_SECRET(?:__\w+)?|WXSYNC_LANG|WXSYNC_SANDBOX)$/;
  expect(names.filter((name) => !allowed.test(name))).toEqual([]);
  expect(names).toContain('WECHAT_APP_ID');
});

/** The examples of the library, run as a reader would: a module in a folder where the built package is installed. */
test.each(
  [...read('README.md').matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((match) => [codeName(match[1]), match[1] ?? '']),
)('the example of %s runs', (_, code) => {
  const folder = fresh('example');
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  cpSync(join(root, 'examples', 'blog'), join(folder, '.demo', 'blog'), { recursive: true });
  mkdirSync(join(folder, '.demo', 'blog', '.git'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'wxsync'), 'junction');
  writeFileSync(join(folder, 'example.mjs'), code);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['example.mjs'], {
    cwd: folder,
    env: toEnv(),
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^\S.*\n$/);
  expect(stdout).not.toContain('undefined');
});

function codeName(code = ''): string {
  return [...code.matchAll(/^import \{ (.+) \} from 'wxsync/gm)].map((match) => match[1]).join(', ');
}

function toKeys(shape: Shape & { readonly is: 'keys' }): (readonly [string, string | null])[] {
  const defaults: Readonly<Record<string, unknown>> = { ...DEFAULTS };
  return Object.entries(shape.keys).flatMap(([key, each]) => {
    const normal = defaults[key] ?? null;
    if (each.is !== 'keys') return [[key, normal === null ? null : JSON.stringify(normal)] as const];
    const inner: Readonly<Record<string, unknown>> = { ...(normal as object) };
    return Object.keys(each.keys).map((name) => [`${key}.${name}`, JSON.stringify(inner[name])] as const);
  });
}

/** Whether a link leads somewhere: a file, and in it the heading as the hosts of repositories name it. */
function leads(from: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, from) : join(root, dirname(from), path);
  if (!existsSync(file)) return false;
  if (anchor === undefined) return true;
  const names = headingsOf(readFileSync(file, 'utf8')).map(({ title }) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
  return names.includes(decodeURIComponent(anchor));
}
