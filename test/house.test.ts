// Holds the house: floors, doors, circles, and the habits that can be told from the text; each with its reason.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .sort();
const source = new Map(files.map((file) => [file, readFileSync(join(root, 'src', file), 'utf8')]));

interface Import {
  readonly from: string;
  readonly to: string;
  /** `import type`: erased, loads nothing. */
  readonly typeOnly: boolean;
}

const imports: readonly Import[] = files.flatMap((from) => {
  const text = source.get(from) ?? '';
  const found = text.matchAll(
    /(?:^import\s|^export\s|^\}\s*)[^;'"]*?from\s+'([^']+)'|import\('([^']+)'\)|^import\s+'([^']+)'/gm,
  );
  return [...found].map((match) => ({
    from,
    to: match[1] ?? match[2] ?? match[3] ?? '',
    typeOnly: /^(?:import|export) type\b/.test(match[0]),
  }));
});
const inner = imports
  .filter(({ to }) => to.startsWith('.'))
  .map(({ from, to }) => ({ from, to: posix.normalize(posix.join(dirname(from).replaceAll('\\', '/'), to)) }));
const outer = imports.filter(({ to }) => !to.startsWith('.') && !to.startsWith('node:'));

/** What is said on a line that is code, not comment. */
const codeLines = (file: string) =>
  (source.get(file) ?? '').split('\n').filter((line) => !/^\s*(?:\/\/|\*|\/\*)/.test(line));

/** A file's room: its folder, or itself at the top. */
const roomOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : file);

/** From the top down: a room imports from its own and from lower floors only. */
const FLOORS: readonly (readonly string[])[] = [
  ['start.ts', 'cli.ts', 'index.ts'],
  ['program.ts'],
  ['commands'],
  ['report'],
  ['publish'],
  ['preview'],
  ['images', 'wechat', 'local'],
  ['render', 'article', 'check'],
  ['facts'],
  ['errors.ts'],
];
const floorOf = (file: string) => FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));

/** Edges against or beside the rule, each with its reason. */
const ALLOWED: Readonly<Record<string, string>> = {
  'check -> render': 'rules judge the page that render made',
  'check -> article': 'rules judge the post that article parsed',
  'local -> render': 'themes.ts gives the renderer its Theme',
};

describe('floors', () => {
  test('every room has its floor', () => {
    const unplaced = files.filter((file) => roomOf(file) !== 'sandbox' && floorOf(file) === -1);
    expect(unplaced, 'a new room needs a floor in this test and in docs/architecture.md').toEqual([]);
  });

  test('imports point down', () => {
    const wrong = inner
      .filter(({ from, to }) => roomOf(from) !== roomOf(to) && roomOf(from) !== 'sandbox' && roomOf(to) !== 'sandbox')
      .filter(({ from, to }) => floorOf(to) <= floorOf(from))
      .filter(({ from, to }) => ALLOWED[`${roomOf(from)} -> ${roomOf(to)}`] === undefined)
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(wrong, 'a lower floor must not know a higher one, and neighbours do not know each other').toEqual([]);
  });

  test('the sandbox is another world', () => {
    const out = inner.filter(({ from, to }) => roomOf(from) === 'sandbox' && roomOf(to) !== 'sandbox');
    const into = inner.filter(
      ({ from, to }) => roomOf(to) === 'sandbox' && !['sandbox', 'commands'].includes(roomOf(from)),
    );
    expect(out, 'a wrong belief must be written twice to go unseen').toEqual([]);
    expect(into, 'only commands start it').toEqual([]);
    const packages = outer.filter(({ from, to }) => roomOf(from) === 'sandbox' && to !== 'htmlparser2');
    expect(packages, 'its own tables, its own parser of forms').toEqual([]);
  });

  test('there is no circle', () => {
    const next = new Map(files.map((file) => [file, inner.filter(({ from }) => from === file).map(({ to }) => to)]));
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (file: string, path: readonly string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      else if (!done.has(file)) for (const to of next.get(file) ?? []) walk(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles, 'two files that need each other are one file, or hide a third').toEqual([]);
  });
});

/** Packages and globals, and the files that may touch them. */
const DOORS: readonly { what: string; in: readonly string[]; because: string }[] = [
  { what: 'marked', in: ['render/tokens.ts'], because: 'one place knows the tokens' },
  { what: 'juice', in: ['render/theme.ts'], because: 'nothing else knows how a theme is inlined' },
  { what: 'highlight.js', in: ['render/highlight.ts'], because: 'languages are loaded one by one' },
  {
    what: 'mathjax-full',
    in: ['render/mathjax.ts'],
    because: 'its packages are chosen once, and it is loaded for formulas only',
  },
  { what: 'gray-matter', in: ['article/front-matter.ts'], because: 'without hardened engines it runs code' },
  { what: 'undici', in: ['wechat/http.ts', 'images/fetch.ts'], because: 'two kinds of peer: one trusted, one hostile' },
  { what: 'form-data', in: ['wechat/http.ts'], because: 'a streamed form is chunked and WeChat answers 412' },
  { what: 'playwright-core', in: ['images/browser.ts'], because: 'a browser is started without a network, and ended' },
  { what: 'mermaid', in: ['images/mermaid-page.ts'], because: 'it runs in a page and nowhere else' },
  { what: 'beautiful-mermaid', in: ['images/plain-diagram.ts'], because: 'it leaves out what it does not know' },
  { what: 'sharp', in: ['images/sharp.ts'], because: 'its limits are set once' },
  { what: 'chalk', in: ['report/speaker.ts'], because: 'it ignores NO_COLOR by itself' },
  { what: 'dotenv', in: ['local/settings.ts'], because: 'its config() prints and writes the environment' },
  { what: 'commander', in: ['program.ts'], because: 'a command is a function of plain data' },
  { what: 'yaml', in: ['article/yaml.ts', 'local/config.ts'], because: 'one for posts, one for the config' },
  { what: 'tinyglobby', in: ['publish/select.ts'], because: 'posts are selected in one place' },
  { what: 'css-what', in: ['render/css.ts'], because: 'selectors are read once, into rules' },
  {
    what: 'htmlparser2',
    in: ['render/html.ts', 'render/visible.ts', 'sandbox/'],
    because: 'HTML is read in one place',
  },
];

describe('doors', () => {
  test('every package has a door', () => {
    const known = DOORS.map(({ what }) => what);
    const packageOf = (to: string) =>
      to.startsWith('@') ? to.split('/').slice(0, 2).join('/') : (to.split('/')[0] ?? '');
    const unknown = outer.filter(({ to }) => !known.includes(packageOf(to))).map(({ from, to }) => `${from} -> ${to}`);
    expect(unknown, 'a new package earns its place and gets a row here').toEqual([]);
  });

  test.each(DOORS)('$what only in $in', ({ what, in: doors, because }) => {
    const users = outer
      .filter(({ to, typeOnly }) => !typeOnly && (to === what || to.startsWith(`${what}/`)))
      .map(({ from }) => from);
    const others = users.filter(
      (file) => !doors.some((door) => file === door || (door.endsWith('/') && file.startsWith(door))),
    );
    expect(others, because).toEqual([]);
    expect(users.length, `${what} is not used at all`).toBeGreaterThan(0);
  });

  test.each([
    {
      word: /\bprocess\.env\b/,
      in: ['local/io.ts', 'images/jail.ts'],
      because: 'settings come from one place; the other door keeps the environment from its children',
    },
    { word: /\bprocess\.exit\b/, in: [], because: 'the exit code is returned' },
    { word: /\bprocess\.cwd\b/, in: ['local/io.ts'], because: 'a run stands where it is told to' },
    { word: /\bconsole\.(?:log|error|warn|info|debug)\b/, in: [], because: 'two streams, one redactor' },
    { word: /\bDate\.now\b/, in: ['publish/', 'wechat/', 'sandbox/'], because: 'rendering knows no clock' },
    {
      word: /node:child_process/,
      in: ['local/git.ts', 'images/jail.ts'],
      because: 'git is run without hooks, decoders without secrets, and neither with a shell',
    },
    { word: /(?<![.\w])fetch\(/, in: ['sandbox/'], because: 'it follows redirects and sends again' },
    { word: /\beval\(|new Function\(/, in: [], because: 'no text is ever run' },
  ])('$word only in $in', ({ word, in: doors, because }) => {
    const users = files.filter((file) => codeLines(file).some((line) => word.test(line)));
    expect(
      users.filter((file) => !doors.some((door) => file.startsWith(door))),
      because,
    ).toEqual([]);
  });

  test('pure rooms touch no disk, network or clock', () => {
    const impure = imports
      .filter(({ from }) => ['render', 'article', 'check', 'facts'].includes(roomOf(from)))
      .filter(({ to }) => /^node:(?!buffer|util|crypto)/.test(to))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(impure, 'same bytes in, same bytes out').toEqual([]);
  });
});

describe('habits', () => {
  test('each file opens with one sentence', () => {
    const silent = files.filter((file) => !/^\/\/ \S.{20,}/.test(source.get(file) ?? ''));
    expect(silent, 'the first line says the one job of the file').toEqual([]);
  });

  test('no test changes the environment', () => {
    const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.ts'));
    const write = /\bprocess\.env(?:\.\w+|\[[^\]]+\])?\s*(?:\?\?|\|\|)?=(?!=)|\bdelete process\.env|\bprocess\.chdir\(/;
    // temporary.ts says where all workers write, before the first of them starts.
    const writers = tests.filter(
      (file) =>
        !['house.test.ts', 'temporary.ts'].includes(file) && write.test(readFileSync(join(root, 'test', file), 'utf8')),
    );
    expect(
      writers,
      'a worker takes many files, and the next one would see it; spawn with an environment instead',
    ).toEqual([]);
  });

  test('no vague names', () => {
    const vague = files.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|manager|types|misc|index)\.ts$/.test(file));
    expect(vague).toEqual(['index.ts', 'sandbox/index.ts']);
  });

  test('no default export, no any, no ts-ignore', () => {
    const words = /\bexport default\b|: any\b|\bas any\b|@ts-(?:ignore|nocheck)/;
    expect(files.filter((file) => codeLines(file).some((line) => words.test(line)))).toEqual([]);
  });
});
