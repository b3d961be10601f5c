// A theme's custom properties: read from its `:root` blocks and put in the place of `var()`, in bounded time and size.

/** A longer value is nobody's honest colour or size. */
const MAX_VALUE = 400;
/** `var(--a, var(--b, …))` */
const MAX_DEPTH = 8;

/** Name to value, the later one winning; a value may hold `var()` still. */
export type Vars = ReadonlyMap<string, string>;

/** What the `:root` blocks of a theme say, and over them what config `themeVars` says, with or without the two dashes. */
export function readVars(css: string, given: Readonly<Record<string, string>> = {}): Vars {
  const vars = new Map<string, string>();
  for (const part of splitRoots(stripComments(css))) {
    for (const declaration of part.isRoot ? part.text.split(';') : []) {
      const colon = declaration.indexOf(':');
      const name = declaration.slice(0, Math.max(0, colon)).trim();
      const value = declaration.slice(colon + 1).trim();
      if (/^--[\w-]+$/.test(name) && value !== '') vars.set(name, value);
    }
  }
  for (const [name, value] of Object.entries(given)) if (isPlainValue(value)) vars.set(toVarName(name), value);
  return vars;
}

/** Whether a value from outside can stand in a declaration: it ends none, leaves nothing open, and loads nothing. */
export function isPlainValue(value: string): boolean {
  return value.length <= MAX_VALUE && PLAIN.test(value) && !REFUSED.test(value);
}

const PLAIN = /^(?:[^"'()]|"[^"]*"|'[^']*'|\((?:[^"'()]|\([^"'()]*\))*\))+$/;
const REFUSED = /[;{}<>@\\\n\r\f]|\/\*|\*\/|!|url\s*\(|expression|javascript/i;

/** `primary`, `wx-primary` and `--wx-primary` are not the same; only the dashes may be left out. */
export function toVarName(name: string): string {
  return name.startsWith('--') ? name : `--${name}`;
}

/** A theme's accent as it is written; empty where nothing says it. */
export function readAccent({
  css,
  vars: given,
}: {
  readonly css: string;
  readonly vars: Readonly<Record<string, string>>;
}): string {
  const vars = readVars(css, given);
  return resolveValue(vars.get('--wx-primary') ?? '', vars, () => '');
}

/** CSS without comments and `:root` blocks, with `var(--x, fallback)` replaced; `inherit` where nothing is known. */
export function resolveVars(css: string, given: Readonly<Record<string, string>>): string {
  const vars = readVars(css, given);
  const rules = splitRoots(stripComments(css)).filter(({ isRoot }) => !isRoot);
  return resolveValue(rules.map(({ text }) => text).join(''), vars, () => 'inherit');
}

/** A value, or a whole text, with each `var()` replaced; `unknown` says what stands for a name without a value. */
export function resolveValue(value: string, vars: Vars, unknown: (name: string) => string): string {
  const known = new Map<string, string | null>();
  const look = (name: string): string | null => {
    const done = known.get(name);
    if (done !== undefined) return done;
    const raw = vars.get(name);
    // Each is resolved once, and one that is asked for meanwhile has no value: it is part of a circle.
    known.set(name, null);
    const resolved = raw === undefined || raw.length > MAX_VALUE ? null : replace(raw);
    if (resolved !== null && resolved.length <= MAX_VALUE) known.set(name, resolved);
    return known.get(name) ?? null;
  };
  const replace = (text: string): string => {
    let replaced = text;
    // The innermost first: a fallback may hold one. What is put in holds none, so each round leaves fewer.
    for (let round = 0; round < MAX_DEPTH && replaced.includes('var('); round += 1) {
      replaced = replaced.replace(VAR, (_, name: string, fallback?: string) =>
        (look(name) ?? fallback ?? unknown(name)).trim(),
      );
    }
    return replaced;
  };
  return replace(value);
}

const VAR = /var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)/g;

function stripComments(css: string): string {
  return css.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ');
}

/** The text in parts: the insides of `:root { … }`, and all between them. */
function splitRoots(css: string): readonly { readonly text: string; readonly isRoot: boolean }[] {
  const parts: { text: string; isRoot: boolean }[] = [];
  let from = 0;
  for (const { 0: head, index } of css.matchAll(/:root\s*\{/g)) {
    if (index < from) continue;
    const start = index + head.length;
    const found = css.indexOf('}', start);
    const end = found < 0 ? css.length : found;
    parts.push({ text: css.slice(from, index), isRoot: false }, { text: css.slice(start, end), isRoot: true });
    from = end + 1;
  }
  return [...parts, { text: css.slice(from), isRoot: false }];
}
