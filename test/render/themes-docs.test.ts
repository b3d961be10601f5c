// docs/themes.md and its Chinese twin name what there is: themes, variables, selectors, properties and contrasts.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { OUTPUT_STYLES } from '../../src/facts/markup.ts';
import { CONTRAST, MAX_THEME_BYTES, THEME_CLASSES, THEME_TAGS } from '../../src/facts/theme.ts';
import { listThemes, readHead, type ThemeKind } from '../../src/local/themes.ts';
import { readVars } from '../../src/render/theme-vars.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const codes = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

describe.each([
  ['docs/themes.md', 'en'],
  ['docs/themes.zh-CN.md', 'zh'],
] as const)('%s', (file, lang) => {
  /** Each table's rows as cells, without its head. */
  const [themes, codeThemes, vars, selectors, properties, contrasts] = read(file)
    .split(/\n(?!\|)/)
    .map((part) => part.trim())
    .filter((part) => part.startsWith('|'))
    .map((part) =>
      part
        .split('\n')
        .slice(2)
        .map((row) => row.split('|').map((cell) => cell.trim())),
    );

  test.each<[ThemeKind, typeof themes, string]>([
    ['theme', themes, 'themes'],
    ['code', codeThemes, 'themes/code'],
  ])('has every %s with what it says', (kind, rows, folder) => {
    const said = listThemes(kind).map((name) => {
      const { title, says } = readHead(read(`${folder}/${name}.css`));
      return [`\`${name}\``, title, says[lang]];
    });
    expect(rows?.map((cells) => cells.slice(1, 4))).toEqual(said);
  });

  test('has every variable with its value', () => {
    const known = [...readVars(read('themes/base.css'))].map(([name, value]) => [name, value]);
    expect(vars?.map((cells) => [codes(cells[1])[0], codes(cells[2])[0]])).toEqual(known);
  });

  test('has every selector once', () => {
    const known = [...THEME_TAGS, ...[...THEME_CLASSES].map((name) => `.${name}`)];
    expect(selectors?.flatMap((cells) => codes(cells[1])).sort()).toEqual(known.sort());
  });

  test('has every property once', () => {
    expect(properties?.flatMap((cells) => codes(cells[2])).sort()).toEqual(Object.keys(OUTPUT_STYLES).sort());
  });

  test('has the contrasts and the size that are held', () => {
    expect(contrasts?.map((cells) => cells.slice(2, 4).map(Number))).toEqual(
      Object.values(CONTRAST).map(({ light, dark }) => [light, dark]),
    );
    expect(read(file)).toContain(`${MAX_THEME_BYTES / 1_000} KB`);
  });
});
