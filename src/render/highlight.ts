// The one door of highlight.js: code to nodes with its class names, each language loaded when a post first needs it.
import type { Emitter, LanguageFn } from 'highlight.js';
import { LIMITS } from '../facts/limits.ts';
import { remember } from './style.ts';
import { element, joinTexts, type Node, text } from './tree.ts';

type LanguageModule = Promise<{ readonly default: LanguageFn }>;

/** Languages by their own name; bundlers need each import spelled out. */
const LANGUAGES: Readonly<Record<string, () => LanguageModule>> = {
  bash: () => import('highlight.js/lib/languages/bash'),
  c: () => import('highlight.js/lib/languages/c'),
  clojure: () => import('highlight.js/lib/languages/clojure'),
  cmake: () => import('highlight.js/lib/languages/cmake'),
  cpp: () => import('highlight.js/lib/languages/cpp'),
  csharp: () => import('highlight.js/lib/languages/csharp'),
  css: () => import('highlight.js/lib/languages/css'),
  dart: () => import('highlight.js/lib/languages/dart'),
  diff: () => import('highlight.js/lib/languages/diff'),
  dockerfile: () => import('highlight.js/lib/languages/dockerfile'),
  elixir: () => import('highlight.js/lib/languages/elixir'),
  erlang: () => import('highlight.js/lib/languages/erlang'),
  fortran: () => import('highlight.js/lib/languages/fortran'),
  go: () => import('highlight.js/lib/languages/go'),
  gradle: () => import('highlight.js/lib/languages/gradle'),
  graphql: () => import('highlight.js/lib/languages/graphql'),
  groovy: () => import('highlight.js/lib/languages/groovy'),
  haskell: () => import('highlight.js/lib/languages/haskell'),
  http: () => import('highlight.js/lib/languages/http'),
  ini: () => import('highlight.js/lib/languages/ini'),
  java: () => import('highlight.js/lib/languages/java'),
  javascript: () => import('highlight.js/lib/languages/javascript'),
  json: () => import('highlight.js/lib/languages/json'),
  julia: () => import('highlight.js/lib/languages/julia'),
  kotlin: () => import('highlight.js/lib/languages/kotlin'),
  latex: () => import('highlight.js/lib/languages/latex'),
  less: () => import('highlight.js/lib/languages/less'),
  lisp: () => import('highlight.js/lib/languages/lisp'),
  lua: () => import('highlight.js/lib/languages/lua'),
  makefile: () => import('highlight.js/lib/languages/makefile'),
  markdown: () => import('highlight.js/lib/languages/markdown'),
  matlab: () => import('highlight.js/lib/languages/matlab'),
  nginx: () => import('highlight.js/lib/languages/nginx'),
  objectivec: () => import('highlight.js/lib/languages/objectivec'),
  ocaml: () => import('highlight.js/lib/languages/ocaml'),
  perl: () => import('highlight.js/lib/languages/perl'),
  php: () => import('highlight.js/lib/languages/php'),
  powershell: () => import('highlight.js/lib/languages/powershell'),
  properties: () => import('highlight.js/lib/languages/properties'),
  protobuf: () => import('highlight.js/lib/languages/protobuf'),
  python: () => import('highlight.js/lib/languages/python'),
  r: () => import('highlight.js/lib/languages/r'),
  ruby: () => import('highlight.js/lib/languages/ruby'),
  rust: () => import('highlight.js/lib/languages/rust'),
  scala: () => import('highlight.js/lib/languages/scala'),
  scss: () => import('highlight.js/lib/languages/scss'),
  shell: () => import('highlight.js/lib/languages/shell'),
  sql: () => import('highlight.js/lib/languages/sql'),
  swift: () => import('highlight.js/lib/languages/swift'),
  typescript: () => import('highlight.js/lib/languages/typescript'),
  vim: () => import('highlight.js/lib/languages/vim'),
  wasm: () => import('highlight.js/lib/languages/wasm'),
  x86asm: () => import('highlight.js/lib/languages/x86asm'),
  xml: () => import('highlight.js/lib/languages/xml'),
  yaml: () => import('highlight.js/lib/languages/yaml'),
};

/** Other names authors use, where highlight.js's own aliases would need the language loaded to be known. */
const ALIASES: Readonly<Record<string, string>> = {
  asm: 'x86asm',
  'c#': 'csharp',
  'c++': 'cpp',
  cc: 'cpp',
  cjs: 'javascript',
  clj: 'clojure',
  conf: 'ini',
  cs: 'csharp',
  docker: 'dockerfile',
  env: 'properties',
  erl: 'erlang',
  ex: 'elixir',
  exs: 'elixir',
  golang: 'go',
  gql: 'graphql',
  h: 'c',
  hpp: 'cpp',
  hs: 'haskell',
  html: 'xml',
  jl: 'julia',
  js: 'javascript',
  json5: 'json',
  jsonc: 'json',
  jsx: 'javascript',
  kt: 'kotlin',
  make: 'makefile',
  md: 'markdown',
  mdx: 'markdown',
  mjs: 'javascript',
  mts: 'typescript',
  mysql: 'sql',
  node: 'javascript',
  objc: 'objectivec',
  'objective-c': 'objectivec',
  patch: 'diff',
  pl: 'perl',
  plsql: 'sql',
  postgres: 'sql',
  postgresql: 'sql',
  proto: 'protobuf',
  ps: 'powershell',
  ps1: 'powershell',
  py: 'python',
  python3: 'python',
  rb: 'ruby',
  rs: 'rust',
  sass: 'scss',
  sh: 'bash',
  shellsession: 'shell',
  sol: 'solidity',
  svelte: 'xml',
  svg: 'xml',
  tex: 'latex',
  toml: 'ini',
  ts: 'typescript',
  tsx: 'typescript',
  vue: 'xml',
  xhtml: 'xml',
  yml: 'yaml',
  zsh: 'bash',
};

export type Highlight = (code: string, language: string) => readonly Node[] | null;

/**
 * Loads what the named languages need.
 *
 * @returns a pure function: code and its language to nodes, or null when the language is not one of ours
 */
export async function loadHighlight(names: ReadonlySet<string>): Promise<Highlight> {
  const wanted = [...new Set([...names].map(toLanguage))].filter((name) => Object.hasOwn(LANGUAGES, name)).sort();
  if (wanted.length === 0) return () => null;
  // A language may colour others inside it where they are loaded: so which ones are is for the post alone to say.
  const key = wanted.join(' ');
  const known = prepared.get(key) ?? prepare(wanted);
  if (prepared.size >= MAX_PREPARED) prepared.clear();
  prepared.set(key, known);
  return known;
}

/** Many posts of one run share few sets of languages, and a highlighter takes long to make. */
const prepared = new Map<string, Promise<Highlight>>();
const MAX_PREPARED = 16;

async function prepare(wanted: readonly string[]): Promise<Highlight> {
  const { default: core } = await import('highlight.js/lib/core');
  const highlighter = core.newInstance();
  highlighter.configure({ __emitter: NodeEmitter });
  await Promise.all(
    wanted.map(async (name) => {
      const loaded = await LANGUAGES[name]?.();
      if (loaded !== undefined) highlighter.registerLanguage(name, loaded.default);
    }),
  );
  return (code, name) => {
    const language = toLanguage(name);
    if (highlighter.getLanguage(language) === undefined) return null;
    const { _emitter: emitter, errorRaised } = highlighter.highlight(code, { language, ignoreIllegals: true });
    return emitter instanceof NodeEmitter && errorRaised === undefined ? emitter.nodes : [text(code)];
  };
}

/** A stretch of code with its scope, such as `title.function` or `language:css`; none for what has no name. */
interface Stretch {
  scope: string | undefined;
  readonly parts: (Stretch | string)[];
}

/** Takes what a highlighter finds as nodes, where its own way is HTML that would be read again. */
class NodeEmitter implements Emitter {
  readonly #root: Stretch = { scope: undefined, parts: [] };
  readonly #open = [this.#root];
  nodes: readonly Node[] = [];

  startScope(scope: string): void {
    this.openNode(scope);
  }

  endScope(): void {
    this.closeNode();
  }

  /** What its types leave out, and highlight.js calls. */
  openNode(scope: string): void {
    const stretch: Stretch = { scope, parts: [] };
    this.#open.at(-1)?.parts.push(stretch);
    this.#open.push(stretch);
  }

  closeNode(): void {
    if (this.#open.length > 1) this.#open.pop();
  }

  addText(code: string): void {
    this.#open.at(-1)?.parts.push(code);
  }

  __addSublanguage(emitter: Emitter, language: string | undefined): void {
    if (!(emitter instanceof NodeEmitter)) return;
    if (language) emitter.#root.scope = `language:${language}`;
    this.#open.at(-1)?.parts.push(emitter.#root);
  }

  finalize(): void {}

  /** Asked for at the end, and where a text that is nested too deep to be walked ends the highlighting. */
  toHTML(): string {
    this.nodes = toNodes(this.#root, 1);
    return '';
  }
}

function toNodes({ parts }: Stretch, depth: number): readonly Node[] {
  const nodes: Node[] = [];
  for (const part of parts) {
    if (typeof part === 'string') nodes.push(text(part));
    else if (part.scope && depth <= LIMITS.nesting.value) {
      nodes.push(element('span', toNodes(part, depth + 1), { attrs: toAttrs(part.scope) }));
    } else nodes.push(...toNodes(part, depth));
  }
  return joinTexts(nodes);
}

/** The class names that themes for highlight.js know: `hljs-title function_`, `language-css`. */
const toAttrs = remember((scope) => {
  if (scope.startsWith('language:')) return { class: scope.replace(':', '-') };
  const [first = '', ...others] = scope.split('.');
  return { class: [`hljs-${first}`, ...others.map((name, index) => name + '_'.repeat(index + 1))].join(' ') };
});

function toLanguage(name: string): string {
  return Object.hasOwn(ALIASES, name) ? (ALIASES[name] ?? name) : name;
}
