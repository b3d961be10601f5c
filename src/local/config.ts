// Loads a project's config file: data only, every key checked against the table, errors with line and column.
import { readdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { WxsyncError } from '../errors.ts';
import type { PageSettings } from '../render/pass.ts';
import { CONFIG_FILES, CONFIG_SCRIPT, type Config, DEFAULTS, FORBIDDEN, SHAPE, type Shape } from './config-keys.ts';
import { attempt, readRegularFile } from './files.ts';
import { closest } from './near.ts';
import { isInside, isPlanted, type Place } from './project.ts';

const MAX_BYTES = 256_000;

export interface LoadedConfig {
  readonly config: Config;
  /** The file it came from, absolute; null when there is none. */
  readonly file: string | null;
}

/** A place in a file, by the name that it is shown by; 1-based. */
export interface Spot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Reads `explicit`, else the root's config file or its package.json's `wxsync` key, else gives the defaults. Outside of git a
 * file that somebody else put there does not count.
 * Throws `config-twice` where more than one of them is there: one would silently win over what somebody wrote; and
 * `config-script` for a program, whose settings would silently count for nothing.
 */
export async function loadConfig(
  { root, gitRoot }: Pick<Place, 'root' | 'gitRoot'>,
  explicit: string | null,
): Promise<LoadedConfig> {
  if (explicit !== null) {
    refuseScripts([basename(explicit)]);
    const text = readText(explicit);
    if (text === null) throw new WxsyncError('path-missing', { args: { path: explicit } });
    return { config: await parseSource({ name: explicit, text }), file: explicit };
  }
  const names = attempt(() => readdirSync(root));
  refuseScripts(names ?? []);
  const readOwn: ReadOwn = async (name) => {
    // Some file systems ignore case, and some folders may be passed through but not listed.
    const mayBe = names === null || names.some((each) => each.toLowerCase() === name);
    const text = mayBe ? readText(join(root, name), root) : null;
    return text === null || (gitRoot === null && isPlanted(join(root, name))) ? null : text;
  };
  const found: Source[] = [];
  for (const name of CONFIG_FILES) {
    const text = await readOwn(name);
    if (text !== null) found.push({ name, text });
  }
  const shared = await readPackage(readOwn).catch((error: unknown) => {
    // Beside a config of its own, what is wrong with a package.json is none of our business.
    if (found.length === 0) throw error;
    return null;
  });
  if (shared !== null) found.push(shared);
  const [source, second] = found;
  if (source === undefined) return { config: DEFAULTS, file: null };
  if (second !== undefined) {
    throw new WxsyncError('config-twice', { args: { files: found.map(({ name }) => name).join(', ') } });
  }
  return { config: await parseSource(source), file: join(root, source.name) };
}

/** What each config was read from. */
const sources = new WeakMap<Config, Source>();

async function parseSource(source: Source): Promise<Config> {
  const config = await parseConfig(source.text, source.name, source.key);
  sources.set(config, source);
  return config;
}

/** Where a config that was loaded sets a value, for what is found wrong with it later; null when it does not. */
export async function findSetting(config: Config, path: Path): Promise<Spot | null> {
  const source = sources.get(config);
  if (source === undefined) return null;
  const { document, placeOf } = await readPlaces(source);
  return document.hasIn([...(source.key === undefined ? [] : [source.key]), ...path]) ? placeOf(path, 'value') : null;
}

function refuseScripts(names: readonly string[]): void {
  const script = names.find((name) => CONFIG_SCRIPT.test(name));
  if (script !== undefined) throw new WxsyncError('config-script', { args: { path: script } });
}

/** The text of a file of the root; null when there is none. */
type ReadOwn = (name: string) => Promise<string | null>;

interface Source {
  readonly name: string;
  readonly text: string;
  readonly key?: string | undefined;
}

/** Null for a package.json without our key, which is none of our business either. */
async function readPackage(readOwn: ReadOwn): Promise<Source | null> {
  const source = { name: 'package.json', key: 'wxsync' };
  const text = await readOwn(source.name);
  if (text?.includes('"wxsync"') !== true) return null;
  try {
    return Object.hasOwn(Object(JSON.parse(text)), source.key) ? { ...source, text } : null;
  } catch {
    // Says where it is broken.
    await parseConfig(text, source.name, source.key);
    return { ...source, text };
  }
}

/** A config that the repository brings may be no link out of it: such files are not read. */
function readText(file: string, root: string | null = null): string | null {
  const real = attempt(() => realpathSync.native(file)) ?? file;
  if (root !== null && !isInside(root, real)) {
    throw new WxsyncError('config-invalid', {
      args: { file: basename(file), line: 1, column: 1, detail: '', problem: 'link' },
    });
  }
  const read = readRegularFile(file, MAX_BYTES);
  if (read.kind === 'missing') return null;
  if (read.kind === 'ok') return new TextDecoder().decode(read.bytes);
  const why =
    read.kind === 'too-big'
      ? { detail: '', problem: 'config-too-big', bytes: read.bytes }
      : read.kind === 'special'
        ? { detail: read.what, problem: read.what }
        : { detail: read.detail, problem: 'unreadable' };
  throw new WxsyncError('config-invalid', { args: { file, line: 1, column: 1, ...why } });
}

/** Parses config text (JSON or YAML; JSON is read as YAML, whose parser knows places). `file` is the name shown in errors. */
export async function parseConfig(text: string, file: string, key?: string): Promise<Config> {
  const lost = text.indexOf('\uFFFD');
  const plain = lost === -1 ? readPlainJson(text, key) : null;
  if (plain !== null) return withDefaults(plain);
  const { findWideColon, parseYamlMap } = await import('../article/yaml.ts');
  const { document, place, placeOf: at } = await readPlaces({ text, name: file, key });
  const refuse = (problem: string, offset: number, detail = '') =>
    new WxsyncError('config-invalid', { args: { ...place(offset), detail, problem } });
  if (lost !== -1) throw refuse('not-utf8', lost);
  // It knows better where a slip is than the package says.
  const known = parseYamlMap(text);
  const broken = document.errors[0];
  if (broken !== undefined || !known.ok) {
    const wide = findWideColon(text);
    if (wide !== null) throw refuse('wide-colon', wide.offset);
  }
  const isSlip = !known.ok && known.reason === 'syntax';
  if (isSlip && (broken !== undefined || known.problem === 'colon-space' || known.problem === 'BAD_ALIAS'))
    throw refuse(known.problem, known.offset, known.detail);
  if (broken !== undefined) throw refuse(broken.code, broken.pos[0], broken.message.split('\n')[0]);
  const node = key === undefined ? document.contents : document.get(key, true);
  if (node === null || node === undefined) return DEFAULTS;
  let data: unknown;
  try {
    const whole: unknown = document.toJS({ maxAliasCount: 20 });
    data = key === undefined ? whole : (whole as Record<string, unknown>)[key];
  } catch {
    throw refuse('aliases', isSlip ? known.offset : 0);
  }
  checkShape(data, SHAPE, [], at);
  return withDefaults(data as Partial<Config>);
}

/** The text as the parser that knows places reads it. */
async function readPlaces({ text, name: file, key }: Source) {
  const { isMap, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, lineCounter: lines });
  const place = (offset: number): Spot => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const path = key === undefined ? [] : [key];
  const placeOf: PlaceOf = (keys, part) => {
    const parent = document.getIn([...path, ...keys.slice(0, -1)], true);
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === keys.at(-1)) : undefined;
    const value = part === 'value' && keys.length > 0 ? document.getIn([...path, ...keys], true) : undefined;
    const range = ((value ?? pair?.key ?? parent) as { range?: readonly number[] | null } | undefined)?.range;
    return place(range?.[0] ?? 0);
  };
  return { document, place, placeOf };
}

/**
 * What a JSON config says when nothing is wrong with it, as is the rule; null: it is for the parser that knows places, which
 * costs a short run a twentieth of its time.
 */
function readPlainJson(text: string, key: string | undefined): Partial<Config> | null {
  try {
    let keys = 0;
    const whole: unknown = JSON.parse(text, (_, value: unknown) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) keys += Object.keys(value).length;
      return value;
    });
    // Of a key that is given twice JSON.parse forgets one.
    if (keys !== text.match(/"\s*:/g)?.length) return null;
    const data = key === undefined ? whole : (whole as Record<string, unknown>)[key];
    checkShape(data, SHAPE, [], () => ({ file: '', line: 1, column: 1 }));
    return data as Partial<Config>;
  } catch {
    return null;
  }
}

/** The way to a value: names of keys, and numbers of items. */
type Path = readonly (string | number)[];
type PlaceOf = (path: Path, part: 'key' | 'value') => Spot;

function checkShape(value: unknown, shape: Shape, keys: Path, at: PlaceOf): void {
  const expected = mismatch(value, shape);
  if (expected !== null) {
    const problem = keys.length === 0 ? 'config-not-a-map' : shape.is === 'number' ? 'config-number' : 'config-type';
    const range = shape.is === 'number' ? { min: shape.min, max: shape.max } : {};
    const args = { ...at(keys, 'value'), key: toName(keys), found: toFound(value, shape), expected, ...range };
    throw new WxsyncError('config-invalid', { args: { ...args, detail: '', problem } });
  }
  if (shape.is === 'glob' && leavesRoot(value as string)) {
    const list = keys.slice(0, -1);
    throw new WxsyncError('config-outside', {
      args: { ...at(list, 'key'), key: toName(list), pattern: value as string },
    });
  }
  if (shape.is === 'list') {
    for (const [index, item] of (value as unknown[]).entries()) checkShape(item, shape.of, [...keys, index], at);
  } else if (shape.is === 'map') {
    for (const [key, item] of Object.entries(value as object)) {
      if (shape.names?.includes(key) === false)
        throw unknownKey(key, { known: shape.names, place: at([...keys, key], 'key') });
      checkShape(item, shape.of, [...keys, key], at);
    }
  } else if (shape.is === 'keys') {
    for (const [key, item] of Object.entries(value as object)) {
      const inner = Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;
      if (inner === undefined)
        throw unknownKey(key, { known: Object.keys(shape.keys), place: at([...keys, key], 'key') });
      checkShape(item, inner, [...keys, key], at);
    }
  }
}

/** Whether a pattern could find files elsewhere: an absolute one, or one with a `..` between whatever parts a path or a pattern. */
function leavesRoot(pattern: string): boolean {
  const isAbsolute = /^!*(?:[\\/]|[a-z]:)/i.test(pattern);
  const parts = (text: string) => text.split(/[\\/{},()|!]/);
  return isAbsolute || parts(pattern).includes('..') || parts(pattern.replaceAll('\\', '')).includes('..');
}

/** `images.maxWidth`, `include[0]`. */
function toName(path: Path): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? part : `${name}.${part}`;
  }, '');
}

/** What a value is instead: itself where its kind alone would not tell, else the name of its kind. */
function toFound(value: unknown, shape: Shape): string {
  if (typeof value === 'string' || (typeof value === 'number' && shape.is !== 'text' && shape.is !== 'glob'))
    return `“${String(value).slice(0, 40)}”`;
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : typeof value;
}

/** The name of what was expected, or the words to choose from; null when the value fits. */
function mismatch(value: unknown, shape: Shape): string | null {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  switch (shape.is) {
    case 'ignored':
      return null;
    case 'text':
    case 'glob':
      return typeof value === 'string' ? null : 'string';
    case 'flag':
      return typeof value === 'boolean' ? null : 'boolean';
    case 'url':
      return typeof value === 'string' && /^https?:\/\/[^\s/]+/.test(value) ? null : 'url';
    case 'number': {
      const fits = typeof value === 'number' && value >= shape.min && value <= shape.max;
      return fits ? null : 'number';
    }
    case 'one-of':
      return shape.values.includes(value as string) ? null : shape.values.join(' | ');
    case 'list':
      return Array.isArray(value) ? null : 'list';
    case 'map':
    case 'keys':
      return isMap ? null : 'map';
  }
}

function unknownKey(key: string, found: { known: readonly string[]; place: ReturnType<PlaceOf> }): WxsyncError {
  const instead = FORBIDDEN[key.toLowerCase().replace(/[^a-z]/g, '')];
  if (instead !== undefined) {
    return new WxsyncError('config-forbidden-key', { args: { ...found.place, key, instead } });
  }
  const known = found.known.filter((name) => name !== '$schema');
  const near = closest(key, known);
  return new WxsyncError('config-unknown-key', {
    args: { ...found.place, key, near: near ?? '', known: known.join(' ') },
  });
}

function withDefaults(data: Partial<Config>): Config {
  const { $schema: _, ...rest } = data as Partial<Config> & { $schema?: unknown };
  return { ...DEFAULTS, ...rest, images: { ...DEFAULTS.images, ...rest.images } };
}

/** What a config says of a page. */
export function toPageSettings(config: Config): PageSettings {
  const { caption, placeholders, links, breaks, compact } = config;
  return { caption, placeholders, links, breaks, compact };
}
