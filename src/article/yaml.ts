// The door to the `yaml` package: reads one hostile YAML map into plain values and their places; knows nothing of posts.
import {
  type Alias,
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  type ParsedNode,
  Parser,
  type Scalar,
  type YAMLMap,
} from 'yaml';

/** A value as plain data, and where it is written: offsets in the text, `end` exclusive. */
export interface YamlNode {
  /** string, number, boolean, null, an array, or an object without a prototype. */
  readonly value: unknown;
  readonly form: 'plain' | 'quoted' | 'block' | 'map' | 'flow-map' | 'list' | 'alias';
  readonly start: number;
  readonly end: number;
  /** A scalar's own text: `1.10` where the value is 1.1. Null for maps and lists. */
  readonly source: string | null;
  /** An anchor or an explicit tag stands before the value. */
  readonly mark: 'anchor' | 'tag' | null;
  readonly keys: ReadonlyMap<string, YamlKey>;
  readonly items: readonly YamlNode[];
}

export interface YamlKey {
  readonly start: number;
  /** Written as `? key`. */
  readonly explicit: boolean;
  readonly node: YamlNode;
}

export type YamlResult =
  | { readonly ok: true; readonly root: YamlNode }
  | {
      readonly ok: false;
      readonly reason: 'syntax';
      readonly detail: string;
      readonly problem: string;
      readonly offset: number;
    }
  | { readonly ok: false; readonly reason: 'not-a-map'; readonly kind: string; readonly offset: number };

const MAX_DEPTH = 64;
const MAX_ALIASES = 10;
const TAGS = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`));
const OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  stringKeys: true,
  // The package compares each key with every other; `readMap` does the same with one set.
  uniqueKeys: false,
  keepSourceTokens: true,
  logLevel: 'silent',
} as const;

/** What makes a whole text unreadable; it never leaves this file. */
class Refusal extends Error {
  readonly offset: number;
  /** The yaml package's code, or ours; the words for it are not here. */
  readonly problem: string;

  constructor(detail: string, offset: number, problem: string) {
    super(detail);
    this.offset = offset;
    this.problem = problem;
  }
}

/**
 * Reads a text as one YAML 1.2 map of the core schema (dates stay strings, `yes` is a string).
 *
 * An empty text is an empty map. Refused: a second document, keys given twice or not scalars, tags beyond the core
 * schema, more than 64 levels, more than 10 aliases. A failure says in English what is wrong, and where.
 */
export function parseYamlMap(text: string): YamlResult {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const result = readYamlMap(text);
  if (kept.size >= MAX_KEPT) kept.clear();
  if (text.length <= MAX_KEPT_LENGTH) kept.set(text, result);
  return result;
}

/** What was read last: a run asks for the same front matter half a dozen times. */
const kept = new Map<string, YamlResult>();
const MAX_KEPT = 100;
const MAX_KEPT_LENGTH = 4_000;

function readYamlMap(text: string): YamlResult {
  try {
    const tokens = [...new Parser().parse(text)];
    refuseDepth(tokens);
    const [document, second] = [...new Composer<ParsedNode>(OPTIONS).compose(tokens, true, text.length)];
    if (second !== undefined) throw new Refusal('a second document begins here', second.range[0], 'MULTIPLE_DOCS');
    const problems = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
    const [problem] = problems;
    if (problem !== undefined) {
      const [code, offset] = diagnose(tokens, text, [problem, ...problems.slice(1)]);
      throw new Refusal(problem.message, offset, code);
    }
    const contents = document?.contents ?? null;
    if (contents === null) return { ok: true, root: EMPTY };
    const root = createReader()(contents);
    if (root.form === 'map' || root.form === 'flow-map') return { ok: true, root };
    const bare = root.form === 'plain' ? findBareColon(lineAt(text, root.start)) : null;
    if (bare !== null) throw new Refusal('a space is missing after the colon', root.start + bare, 'colon-space');
    return { ok: false, reason: 'not-a-map', kind: kindOf(root.value), offset: root.start };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, reason: 'syntax', detail: error.message, problem: error.problem, offset: error.offset };
  }
}

/** YAML's name for the kind of a value: null, list, map, string, number, boolean. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : typeof value;
}

type Contents = Pick<YamlNode, 'value' | 'form'> & Partial<YamlNode>;

const NO_KEYS: YamlNode['keys'] = new Map();
const NO_ITEMS: YamlNode['items'] = [];
const LEAF = { source: null, mark: null, keys: NO_KEYS, items: NO_ITEMS } as const;
const EMPTY: YamlNode = { ...LEAF, value: Object.create(null), form: 'map', start: 0, end: 0 };

/** A reader of the document's nodes, in the order of the text: an alias means the last anchor of its name before it. */
function createReader(): (node: ParsedNode) => YamlNode {
  const anchors = new Map<string, YamlNode>();
  let aliases = 0;

  function read(node: ParsedNode): YamlNode {
    const [start, end] = node.range;
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > MAX_ALIASES) throw new Refusal(`there are more than ${MAX_ALIASES} aliases`, start, 'aliases');
      const target = anchors.get(node.source);
      if (target === undefined)
        throw new Refusal(`the alias *${node.source} has no finished anchor before it`, start, 'BAD_ALIAS');
      return { ...target, form: 'alias', start, end, mark: null };
    }
    if (node.tag !== undefined && !TAGS.has(node.tag))
      throw new Refusal(`the tag ${node.tag} is not read`, start, 'TAG_RESOLVE_FAILED');
    const mark = node.anchor !== undefined ? 'anchor' : node.tag !== undefined ? 'tag' : null;
    const { value, form, source = null, keys = NO_KEYS, items = NO_ITEMS } = readContents(node);
    const found: YamlNode = { value, form, start, end, source, mark, keys, items };
    if (node.anchor !== undefined) anchors.set(node.anchor, found);
    return found;
  }

  function readContents(node: Exclude<ParsedNode, Alias.Parsed>): Contents {
    if (isMap<ParsedNode, ParsedNode | null>(node)) return readMap(node);
    if (isScalar(node)) return { value: node.value, form: formOf(node), source: node.source };
    const items = node.items.map(read);
    return { value: items.map((item) => item.value), form: 'list', items };
  }

  function readMap(node: YAMLMap.Parsed): Contents {
    const keys = new Map<string, YamlKey>();
    const value: Record<string, unknown> = Object.create(null);
    for (const pair of node.items) {
      const [start, end] = pair.key.range;
      const name = isScalar(pair.key) ? String(pair.key.value ?? '') : '';
      if (keys.has(name)) throw new Refusal(`the key "${name}" is given twice`, start, 'DUPLICATE_KEY');
      const child =
        pair.value === null ? { ...LEAF, value: null, form: 'plain' as const, start: end, end } : read(pair.value);
      const explicit = pair.srcToken?.start.some((token) => token.type === 'explicit-key-ind') ?? false;
      keys.set(name, { start, explicit, node: child });
      value[name] = child.value;
    }
    return { value, form: node.flow === true ? 'flow-map' : 'map', keys };
  }

  return read;
}

function formOf(scalar: Scalar): YamlNode['form'] {
  if (scalar.type === 'PLAIN') return 'plain';
  return scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED' ? 'block' : 'quoted';
}

/** A key whose colon is the full-width one, the commonest mistake on a Chinese keyboard, and where that colon is; else null. */
export function findWideColon(text: string): { readonly key: string; readonly offset: number } | null {
  const found = /^[ \t]*["']?([\w.-]+)["']?[ \t]*：/m.exec(text);
  return found && { key: found[1] ?? '', offset: found.index + found[0].length - 1 };
}

/** What the package complains of. */
interface Problem {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** What is most likely wrong, and where: the package says where it could not go on, which is often far from the slip. */
function diagnose(
  tokens: readonly CST.Token[],
  text: string,
  problems: readonly [Problem, ...Problem[]],
): readonly [code: string, offset: number] {
  const [{ code, message, pos }, next] = problems;
  const [at] = pos;
  for (const problem of [problems[0], problems.find((each) => each.code === 'BAD_INDENT')]) {
    const open = problem === undefined ? null : findOpen(tokens, text, problem);
    if (open !== null && open <= at) return ['MISSING_CHAR', open];
  }
  const comma = findLackingComma(text, problems);
  if (comma !== null) return ['comma', comma];
  const isLine = code === 'MULTILINE_IMPLICIT_KEY' || message.startsWith('Implicit map keys');
  if (isLine) {
    if (/:[ \t]+[|>][-+\d]*[ \t]*$/.test(lineBefore(text, at))) return ['block-indent', at];
    const bare = findBareColon(lineAt(text, at));
    return bare === null ? ['MULTILINE_IMPLICIT_KEY', at] : ['colon-space', at + bare];
  }
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && next?.code === 'MULTILINE_IMPLICIT_KEY' && next.pos[0] === at)
    return ['key-indent', text.lastIndexOf('\n', next.pos[1] - 1) + 1];
  if (code === 'NON_STRING_KEY' && text.startsWith('{{', at - 1)) return ['braces', at - 1];
  if (code === 'UNEXPECTED_TOKEN') {
    const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at).trimEnd();
    if (/['"]$/.test(before)) return [before.endsWith("'") ? 'single-quote' : 'double-quote', at];
  }
  if (message.startsWith('Missing , ')) return ['comma', at];
  return [code, at];
}

/** A key with its colon. */
const KEY = /(?:"[^"\n]*"|'[^'\n]*'|[^\s:,{}[\]"']+)[ \t]*:/y;

/** Where another key begins in a `{…}` without a comma before it; null when it is another problem. */
function findLackingComma(text: string, problems: readonly Problem[]): number | null {
  const isKey = (offset: number): boolean => {
    KEY.lastIndex = offset;
    return KEY.test(text);
  };
  const [first, next] = problems;
  if (first?.code === 'UNEXPECTED_TOKEN' && next?.message.startsWith('Missing , ') === true && isKey(first.pos[0]))
    return first.pos[0];
  const [start, end] = problems.find(({ code }) => code === 'BLOCK_IN_FLOW')?.pos ?? [0, 0];
  const gaps = text.slice(start, end).matchAll(/\s+(?=\S)/g);
  for (const { 0: gap, index } of gaps) if (isKey(start + index + gap.length)) return start + index + gap.length;
  return null;
}

/** The rest of the line. */
function lineAt(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(offset, end === -1 ? text.length : end);
}

/** The last line with anything in it above the line of an offset. */
function lineBefore(text: string, offset: number): string {
  const above = text.slice(0, text.lastIndexOf('\n', offset - 1) + 1).trimEnd();
  return above.slice(above.lastIndexOf('\n') + 1);
}

/** Where the value of `key:value` begins, which lacks its space; null for any other line, such as an address. */
function findBareColon(line: string): number | null {
  return /^[\w.-]+:(?!\s|\/\/|$)/.exec(line)?.[0].length ?? null;
}

/**
 * Where the quote, list or map opens that a problem has found no end of, the innermost one; null when it is another problem.
 * A list that ends before another key is not closed; before anything else, its lines are not indented.
 */
function findOpen(tokens: readonly CST.Token[], text: string, { code, message, pos: [end] }: Problem): number | null {
  const isFlow = message.startsWith('Flow ');
  const isQuote = code === 'MISSING_CHAR' && !isFlow;
  const rest = text.slice(end);
  if (!isQuote && (!isFlow || !/^(?:$|[^\n]*:(?:\s|$))/.test(rest))) return null;
  const isEnded = /^[^{\n]*\}[ \t,]*$/m.test(rest);
  let found: number | null = null;
  forEachToken(tokens, (token) => {
    const isOpen = isQuote
      ? /^(?:double|single)-quoted-scalar$/.test(token.type) &&
        'source' in token &&
        token.offset + token.source.length === end
      : token.type === 'flow-collection' && token.offset < end && isOpenFlow(token, isEnded ? 'map-ended' : 'none');
    if (isOpen) found = Math.max(found ?? 0, token.offset);
  });
  return found;
}

/** Below a map whose lines are not indented its bracket still comes: `later` says so. */
function isOpenFlow({ start, end }: CST.FlowCollection, later: 'map-ended' | 'none'): boolean {
  if (start.type === 'flow-map-start') return later === 'none' && !end.some(({ type }) => type === 'flow-map-end');
  return !end.some(({ type }) => type === 'flow-seq-end');
}

/** Depth is measured on the tokens, in a loop: the package composes nodes by recursion and can end the process. */
function refuseDepth(tokens: readonly CST.Token[]): void {
  forEachToken(tokens, ({ offset }, depth) => {
    if (depth > MAX_DEPTH) throw new Refusal(`nested more than ${MAX_DEPTH} deep`, offset, 'depth');
  });
}

function forEachToken(tokens: readonly CST.Token[], visit: (token: CST.Token, depth: number) => void): void {
  const open: [token: CST.Token | null | undefined, depth: number][] = tokens.map((token) => [token, 0]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    if (!token) continue;
    visit(token, depth);
    if (token.type === 'document') open.push([token.value, depth]);
    if ('items' in token) for (const item of token.items) open.push([item.key, depth + 1], [item.value, depth + 1]);
  }
}
