// The shipped themes as the build compiles them: the same compiled, and only for the CSS that they were made of.
import { expect, test } from 'vitest';
import { readCompiled } from '../../src/local/compiled-themes.ts';
import { listThemes, loadTheme } from '../../src/local/themes.ts';
import { compileTheme } from '../../src/render/theme.ts';

const pairs = listThemes().flatMap((name) => listThemes('code').map((code) => [name, code] as const));
const load = (name: string, code: string, vars = {}) =>
  loadTheme({ name, codeTheme: code, vars, root: '/', trusted: true });

test.each(pairs)('%s with %s', async (name, code) => {
  const { compiled, ...theme } = await load(name, code);
  expect(compiled ?? null).not.toBeNull();
  expect(compiled).toEqual(await compileTheme(theme));
});

test('not for other CSS, nor for variables', async () => {
  const { css, codeCss } = await load('default', 'default');
  const names = { name: 'default', code: 'default' };
  expect(await readCompiled(names, { css: `${css} `, codeCss })).toBeUndefined();
  expect(await readCompiled(names, { css, codeCss: `${codeCss} ` })).toBeUndefined();
  expect(await readCompiled({ ...names, code: 'none' }, { css, codeCss })).toBeUndefined();
  expect(await load('default', 'default', { 'wx-primary': 'red' })).not.toHaveProperty('compiled');
});
