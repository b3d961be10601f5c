// `wxsync theme`: the list, what show prints, a new file that is complete and never written over another, and check's words and codes.
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { THEME_VARS } from '../../src/facts/theme.ts';
import { listThemes } from '../../src/local/themes.ts';
import { runHere } from './here.ts';
import { fresh, toEnv } from './stage.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shipped = (path: string) => readFileSync(join(root, 'themes', path), 'utf8');

interface Site {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

function writeSite({ files = {} }: Site = {}): string {
  const site = fresh('themes');
  mkdirSync(join(site, '.git'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(site, name), text);
  return site;
}

const wxsync = (cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runHere(args, { cwd, env: toEnv(env) });
const theme = (args: readonly string[], site: Site = {}) => wxsync(writeSite(site), ['theme', ...args], site.env);

test.each([
  [['theme'], 0, 'Usage: wxsync theme', ''],
  [['theme', 'chekc'], 2, '', 'did you mean "check"?'],
  [['theme', 'check'], 2, '', 'the argument theme is missing'],
  [['ci', 'comit'], 2, '', 'did you mean "commit"?'],
] as const)('%s: exit %i', async (args, code, stdout, stderr) => {
  expect(await wxsync(writeSite(), args)).toEqual({
    code,
    stdout: expect.stringContaining(stdout),
    stderr: expect.stringContaining(stderr),
  });
});

describe('list', () => {
  test.each([
    ['en', 'Airy lines and a touch of teal'],
    ['zh', '行距疏朗'],
  ])('has every theme and code theme with its title and what it is for, in %s', async (lang, words) => {
    const { code, stdout, stderr } = await theme(['list', '--lang', lang]);
    expect([code, stderr]).toEqual([0, '']);
    const names = [...stdout.matchAll(/^ {2}([a-z]+) +\p{Script=Han}{2,}$/gmu)].map((match) => match[1]);
    expect(names).toEqual([...listThemes(), ...listThemes('code')]);
    expect(stdout).toContain(words);
    expect(stdout).not.toContain('\u001b');
  });

  test('--json has the same, with the colours', async () => {
    const { code, stdout, stderr } = await theme(['list', '--json', '--lang', 'zh']);
    expect([code, stderr]).toEqual([0, '']);
    const { themes, codeThemes, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({ schema: 'wxsync.themes/1', ok: true, exitCode: 0 });
    expect([themes, codeThemes].map((list) => list.map(({ name }: { name: string }) => name))).toEqual([
      listThemes(),
      listThemes('code'),
    ]);
    const shown = themes.find(({ name }: { name: string }) => name === 'default');
    expect(shown).toMatchObject({ title: '青简', says: { en: expect.stringContaining('teal') } });
    expect(shown.colours).toContain('#176b87');
    expect(codeThemes.every(({ colours }: { colours: readonly string[] }) => colours.length > 3)).toBe(true);
  });

  test.each([
    [{ FORCE_COLOR: '1', COLORTERM: 'truecolor' }, '\u001b[48;2;23;107;135m  \u001b[49m'],
    [{ FORCE_COLOR: '1' }, '\u001b[46m  \u001b[49m'],
  ])('shows the palette where there is colour: %o', async (env, swatch) => {
    expect((await theme(['list'], { env })).stdout).toContain(swatch);
  });
});

describe('show', () => {
  test.each([
    ['essay', 'essay.css'],
    ['night', 'code/night.css'],
    ['default', 'default.css'],
    ['code/default', 'code/default.css'],
  ])('%s prints its CSS', async (name, path) => {
    expect(await theme(['show', name])).toEqual({ code: 0, stdout: shipped(path), stderr: '' });
  });

  test.each(['en', 'zh'])('--vars tells what each variable does, in %s', async (lang) => {
    const { stdout } = await theme(['show', 'manual', '--vars', '--lang', lang]);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(rows.map(([name]) => name)).toEqual([...THEME_VARS]);
    expect(rows.every((cells) => cells.length === 3)).toBe(true);
    expect(stdout).toContain('15px');
  });

  test.each([
    ['nobody', 'theme-missing'],
    ['../default', 'theme-missing'],
    ['base', 'theme-missing'],
    ['code/nobody', 'theme-missing'],
    ['gone.css', 'path-missing'],
  ])('%s: %s', async (name, error) => {
    const { code, stdout, stderr } = await theme(['show', name]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(error);
  });
});

describe('new', () => {
  test('writes a theme that check has nothing to say about, and that renders', async () => {
    const site = writeSite({ files: { 'a.md': '---\ntitle: A\n---\n\n## B\n' } });
    const made = await wxsync(site, ['theme', 'new', 'My Own.css']);
    expect([made.code, made.stdout]).toEqual([0, '✔ wrote My Own.css\n']);
    expect(made.stderr).toContain("wxsync theme check 'My Own.css'");
    expect(readFileSync(join(site, 'My Own.css'), 'utf8')).toContain('@theme my-own\n');
    const { code, stdout } = await wxsync(site, ['theme', 'check', 'My Own.css']);
    expect([code, stdout]).toEqual([0, '✔ My Own.css: nothing to remark\n']);
    const page = await wxsync(site, ['render', 'a.md', '-t', 'My Own.css']);
    expect([page.code, page.stderr]).toEqual([0, '']);
    expect(page.stdout).toContain('border-bottom:1px solid rgba(0,0,0,.15)');
  });

  test.each([
    ['a file', 'there.css', 'is there already'],
    ['a link to a file', 'link.css', 'is there already'],
    ['a link to nowhere', 'dangling.css', 'is there already'],
    ['a folder', 'folder.css', 'is there already'],
    ['no folder', 'none/a.css', 'ENOENT'],
    ['another name', 'theme.txt', 'ends in .css'],
  ])('%s: nothing is written', async (_, name, words) => {
    const site = writeSite({ files: { 'there.css': 'mine' } });
    symlinkSync(join(site, 'there.css'), join(site, 'link.css'));
    symlinkSync(join(site, 'elsewhere.css'), join(site, 'dangling.css'));
    mkdirSync(join(site, 'folder.css'));
    const { code, stderr } = await wxsync(site, ['theme', 'new', name]);
    expect([code, readFileSync(join(site, 'there.css'), 'utf8')]).toEqual([2, 'mine']);
    expect(stderr).toContain(words);
    expect(existsSync(join(site, 'elsewhere.css'))).toBe(false);
  });
});

const BAD = 'p {\n  color: #cccccc;\n  position: relative;\n}\n.lead { margin: 0 }\n';

describe('check', () => {
  test.each([...listThemes(), ...listThemes('code').map((name) => `code/${name}`)])('%s is clean', async (name) => {
    expect((await theme(['check', name])).stdout).toBe(`✔ ${name}: nothing to remark\n`);
  });

  test.each([
    ['en', 'bad.css:3:3 error position: relative is lost: WeChat takes every position away; use margins theme-lost'],
    ['en', 'bad.css:5:1 error “.lead” matches nothing: no article has .lead theme-selector'],
    ['en', 'bad.css:2:3 error #cccccc on #ffffff has the contrast 1.61 by day, less than 4.5'],
    ['en', '> 3 |   position: relative;'],
    ['en', '✖ bad.css · errors: '],
    ['zh', 'bad.css:3:3 错误 position: relative 到了微信就没有了：微信会去掉所有 position；请用外边距 theme-lost'],
    ['zh', '白天对比度只有 1.61，不到 4.5'],
  ])('in %s says: %s', async (lang, words) => {
    const { code, stdout } = await theme(['check', 'bad.css', '--lang', lang], { files: { 'bad.css': BAD } });
    expect(code).toBe(3);
    expect(stdout).toContain(words);
  });

  test('a warning is no error', async () => {
    const { code, stdout } = await theme(['check', 'a.css'], { files: { 'a.css': 'td{border:1px solid #eee}' } });
    expect([code, stdout]).toEqual([0, expect.stringContaining('errors: 0 · warnings: 1')]);
  });

  test('several are all checked, and an error in one is an error', async () => {
    const site = { files: { 'a.css': 'td{border:1px solid #eee}', 'bad.css': BAD } };
    const { code, stdout } = await theme(['check', 'a.css', 'bad.css'], site);
    expect([code, stdout]).toEqual([3, expect.stringMatching(/✔ a\.css[\s\S]*✖ bad\.css/)]);
    const document = JSON.parse((await theme(['check', 'bad.css', 'a.css', '--json'], site)).stdout);
    expect(document).toMatchObject({ exitCode: 3, theme: null, themes: ['bad.css', 'a.css'], error: null });
    expect(new Set(document.findings.map(({ file }: { file: string }) => file))).toEqual(new Set(['bad.css', 'a.css']));
  });

  test('--json is one document', async () => {
    const { code, stdout, stderr } = await theme(['check', 'bad.css', '--json'], { files: { 'bad.css': BAD } });
    expect([code, stderr]).toEqual([3, '']);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ schema: 'wxsync.theme/1', ok: false, exitCode: 3, theme: 'bad.css', error: null });
    const place = { code: 'theme-lost', severity: 'error', file: 'bad.css', line: 3, column: 3 };
    expect(document.findings).toContainEqual({ ...place, message: expect.stringContaining('position') });
  });

  test.each([
    ['gone.css', 'path-missing'],
    ['big.css', 'theme-unreadable'],
    ['folder.css', 'theme-unreadable'],
  ])('--json says what is wrong with %s, too', async (name, error) => {
    const site = writeSite({ files: { 'big.css': 'a'.repeat(200_001) } });
    mkdirSync(join(site, 'folder.css'));
    const { code, stdout } = await wxsync(site, ['theme', 'check', name, '--json']);
    expect([code, JSON.parse(stdout)]).toEqual([
      2,
      expect.objectContaining({ ok: false, error: expect.objectContaining({ code: error }) }),
    ]);
  });
});

describe('a theme of one’s own', () => {
  const post = '---\ntitle: A\nwechat_synced: false\n---\n\n重点\n\n```js\nlet a;\n```\n';

  test('renders with a warning for each thing that is lost, at its line', async () => {
    const site = writeSite({
      files: { 'a.md': post, 'my.css': '#nice p {\n  color: #123456;\n  position: fixed;\n}\n' },
    });
    const { code, stdout, stderr } = await wxsync(site, ['render', 'a.md', '-t', 'my.css']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('my.css:3:3 warning position: fixed is lost')]);
    expect(stdout).toContain('color:#123456');
    expect(stdout).not.toContain('position');
  });

  test('that colours code itself is the code theme too', async () => {
    const css = 'pre{background-color:#222222}pre code{color:#eeeeee}.hljs-keyword{color:#ffaa00}';
    const site = writeSite({ files: { 'a.md': post, 'my.css': css } });
    const { stdout } = await wxsync(site, ['render', 'a.md', '-t', 'my.css']);
    expect(stdout).toContain('background-color:#222');
    expect(stdout).toContain('<span style="color:#fa0">let');
  });

  test('--code-theme wins over the config', async () => {
    const site = writeSite({ files: { 'a.md': post, 'wxsync.config.json': '{ "codeTheme": "paper" }' } });
    const [plain, night, none] = await Promise.all(
      [[], ['--code-theme', 'night'], ['--code-theme', 'nothing']].map((args) =>
        wxsync(site, ['render', 'a.md', ...args]),
      ),
    );
    expect(plain?.stdout).not.toBe(night?.stdout);
    expect(night?.stdout).toMatch(/background-color:#2\w+/);
    expect([none?.code, none?.stderr]).toEqual([2, expect.stringContaining('There is no theme "nothing"')]);
  });

  test('is told of once in a post, with the command that shows its lines', async () => {
    const files = {
      'a.md': post,
      'my.css': BAD,
      'wxsync.config.json': '{ "theme": "my.css", "themeVars": { "wx-primary": "#123456", "primary": "#654321" } }',
    };
    const { stdout } = await wxsync(writeSite({ files }), ['check', 'a.md', '--format', 'json']);
    const { findings } = JSON.parse(stdout) as { findings: readonly { code: string; message: string }[] };
    const told = findings.filter(({ code }) => code.startsWith('theme-'));
    expect(told.map(({ code }) => code)).toEqual(['theme-lossy', 'theme-var-unknown']);
    expect(told[0]?.message).toContain('(2); to see them: wxsync theme check my.css');
    expect(told[1]?.message).toMatch(/has no primary; it has --wx-size, .*--wx-numbers$/);
  });

  test.each(['outside.css', '../outside.css'])('%s of a config may not lead out of the project', async (name) => {
    const site = writeSite({ files: { 'a.md': post, 'wxsync.config.json': JSON.stringify({ theme: name }) } });
    writeFileSync(join(site, '..', 'outside.css'), 'p{color:#123456}');
    symlinkSync(join(site, '..', 'outside.css'), join(site, 'outside.css'));
    const { code, stdout, stderr } = await wxsync(site, ['render', 'a.md']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`The theme ${name} lies outside of the project ${site}`);
    expect(stderr).toContain(`-t ${name}`);
  });

  test.each([
    ['nobody', 'there is none of this name'],
    ['gone.css', 'there is no such file'],
    ['../outside.css', 'it lies outside of the project'],
  ])('%s of a post: %s', async (name, why) => {
    const site = writeSite({ files: { 'a.md': `---\ntitle: A\nwechat:\n  theme: ${name}\n---\n\n正文\n` } });
    writeFileSync(join(site, '..', 'outside.css'), '');
    const { code, stdout } = await wxsync(site, ['check', 'a.md']);
    expect(code).toBe(3);
    expect(stdout).toContain(`the theme "${name}" is not used: ${why}`);
  });

  test('themeVars that would break the theme are told with key, value and reason, and change nothing', async () => {
    const themeVars = {
      'wx-primary': 'red;} p{display:none} a{x:y',
      '--wx-text': 'url(https://e.example/x)',
      'wx-heading': 'bluish',
      'wx-size': '15',
      'wx-leading': '1.9',
      'wx-quiet': 'rgb(30% 30% 30%)',
      'wx-muted': '"',
    };
    const files = { 'a.md': post, 'wxsync.config.json': JSON.stringify({ themeVars }) };
    const site = writeSite({ files });
    const { stdout } = await wxsync(site, ['check', 'a.md', '--format', 'json']);
    const { findings } = JSON.parse(stdout) as { findings: { code: string; message: string }[] };
    const told = findings.filter(({ code }) => code === 'theme-var-refused');
    expect(told.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        `wx-primary stays as the theme has it, not "${themeVars['wx-primary']}": it is not a single`,
      ),
      expect.stringContaining('--wx-text stays'),
      expect.stringMatching(/wx-heading .* not "bluish": CSS knows no such colour/),
      expect.stringMatching(/wx-size .* not "15": a size without a unit/),
      expect.stringMatching(/wx-muted .* not "+: it is not a single/),
    ]);
    const page = await wxsync(site, ['render', 'a.md']);
    expect(page.stderr).toContain('config themeVars: wx-size stays as the theme has it, not "15"');
    expect(page.stdout).not.toMatch(/display:none|e\.example|bluish/);
    expect(page.stdout).toContain('line-height:1.9');
  });
});
