// Tells whether a diagram says only what can be drawn without a browser, line by line, and writes it the way that renderer reads it.

/** A diagram for `drawPlain`; or what in it only a browser can draw: a line, or the name of the kind. */
export type PlainLines =
  | { readonly ok: true; readonly source: string; readonly kind: string }
  | { readonly ok: false; readonly found: string };

/** The renderer leaves out what it does not understand and says nothing, so a line that no rule here knows ends the reading. */
interface Kind {
  readonly header: RegExp;
  /** The lines below the header as they are to be drawn, or the number of the one that is not known. */
  read(lines: readonly string[], header: RegExpExecArray): readonly string[] | number;
}

/** Characters of which a font for Chinese has all, or every font has. */
const WRITTEN =
  /^[\n\t -~\u00a0-\u017f\u2010-\u205e\u2190-\u2193\u2460-\u2473\u3000-\u30ff\p{Script=Han}\uff00-\uffef]*$/u;

/** Reads a diagram as mermaid would: comments and directives say nothing about what is drawn. */
export function readPlain(text: string): PlainLines {
  const lines = text
    .split(/\r\n?|\n/)
    .map((line) => line.replace(/;\s*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('%%') && !/^acc(?:Title|Descr)\s*:/.test(line));
  const [first = '', ...rest] = lines;
  for (const { header, read } of KINDS) {
    const match = header.exec(first);
    if (match === null) continue;
    const strange = lines.find((line) => !WRITTEN.test(line));
    if (strange !== undefined) return { ok: false, found: strange };
    const drawn = read(rest, match);
    if (typeof drawn === 'number') return { ok: false, found: rest[drawn] ?? first };
    return { ok: true, source: drawn.join('\n'), kind: match[0] };
  }
  return { ok: false, found: first };
}

/** Brackets and quotes would end a label too soon, so they go through the renderer as characters that nobody writes. */
const MARKS = '()[]{}"|';
const FIRST_STAND_IN = 0xe000;

/** The drawn text with the marks that `readPlain` hid. */
export function showMarks(svg: string): string {
  return svg.replace(/[\ue000-\ue007]/g, (each) => {
    return `&#${MARKS.charCodeAt(each.charCodeAt(0) - FIRST_STAND_IN)};`;
  });
}

function hideMarks(label: string): string {
  return label.replace(/[()[\]{}"|]/g, (each) => String.fromCharCode(FIRST_STAND_IN + MARKS.indexOf(each)));
}

/** A label with its marks hidden; null for what is more than words and line breaks: entities, other tags, Markdown, formulas. */
function toLabel(written: string): string | null {
  const text = written.trim();
  const label = /^"([^"]*)"$/.exec(text)?.[1]?.trim() ?? text;
  return /#\w+;|&\w+;|[`\\*~]|\$\$|<(?!br\s*\/?>)[a-z/!]/i.test(label) ? null : hideMarks(label);
}

// ---- flowcharts

const ID = /^[\p{L}\p{N}_]+(?:-[\p{L}\p{N}_]+)*/u;

/** Null also for marks outside of quotes: they would be shapes. */
function toFlowLabel(written: string): string | null {
  const isQuoted = /^\s*"[^"]*"\s*$/.test(written);
  return !isQuoted && /[()[\]{}"|]/.test(written) ? null : toLabel(written);
}

/** How a shape opens and closes; the longer ones first. */
const SHAPES = [
  ['(((', ')))'],
  ['([', '])'],
  ['((', '))'],
  ['[[', ']]'],
  ['[(', ')]'],
  ['{{', '}}'],
  ['[', ']'],
  ['(', ')'],
  ['{', '}'],
] as const;
/** Shapes of the same beginning that are drawn otherwise. */
const OTHER_SHAPES = /^\[[/\\]|^>|^@\{/;

const ARROW = /^(-->|-\.->|==>|---|-\.-|===)(?![-=.>])(?!(?<!>)[xo])\s*(?:\|([^|]*)\|)?/;
/** Its label between the halves. */
const LABELLED_ARROW = /^(--|-\.|==)\s*((?:"[^"]*"|[^-=.|<>"])+?)\s*(-->|---|\.->|\.-|==>|===)(?![-=.>xo])/;

const STYLE = String.raw`[\w-]+:[^,;:]+(?:,[\w-]+:[^,;:]+)*`;
const STYLES: readonly RegExp[] = [
  new RegExp(`^classDef \\w+ ${STYLE}$`),
  /^class [\w,]+ \w+$/,
  new RegExp(`^style [\\w,]+ ${STYLE}$`),
  new RegExp(`^linkStyle (?:default|\\d+(?:,\\d+)*) ${STYLE}$`),
];
/** Colours and sizes; no function, as none would be understood. */
const PLAIN_STYLE = /^[\w\s#:,.-]*$/;

function readFlowchart(lines: readonly string[], header: RegExpExecArray): readonly string[] | number {
  const names = new Map<string, string>();
  const groups: string[] = [];
  // The renderer knows ids of ASCII letters alone.
  const nameOf = (id: string) => {
    const name = names.get(id) ?? (/^\w+$/.test(id) ? id : `other_${names.size}`);
    names.set(id, name);
    return name;
  };
  const shapes = new Map<string, string>();
  const drawn = [`flowchart ${(header[1] ?? 'TB').toUpperCase()}`];
  let depth = 0;

  /** One or more nodes joined by `&`, from the start of the text. */
  const readNodes = (text: string): { readonly nodes: string; readonly rest: string } | null => {
    const nodes: string[] = [];
    for (let rest = text; ; rest = rest.slice(1).trimStart()) {
      const id = ID.exec(rest)?.[0];
      if (id === undefined || OTHER_SHAPES.test(rest.slice(id.length))) return null;
      rest = rest.slice(id.length);
      nameOf(id);
      const shape = SHAPES.find(([open]) => rest.startsWith(open));
      if (shape !== undefined) {
        const [open, close] = shape;
        const quote = /^\s*"[^"]*"\s*/.exec(rest.slice(open.length))?.[0];
        const end = rest.indexOf(close, open.length + (quote?.length ?? 0));
        const label = end < 0 ? null : toFlowLabel(rest.slice(open.length, end));
        if (label === null || label === '') return null;
        shapes.set(id, open + label + close);
        rest = rest.slice(end + close.length);
      }
      const tag = /^:::(\w+)/.exec(rest)?.[0] ?? '';
      nodes.push(NODE_START + id + NODE_END + tag);
      rest = rest.slice(tag.length).trimStart();
      if (!rest.startsWith('&')) return { nodes: nodes.join(' & '), rest };
    }
  };

  const readEdges = (line: string): string | null => {
    let read = readNodes(line);
    let out = '';
    for (;;) {
      if (read === null) return null;
      out += read.nodes;
      if (read.rest === '') return out;
      const plain = ARROW.exec(read.rest);
      const halves = plain === null ? LABELLED_ARROW.exec(read.rest) : null;
      const [all, , written = ''] = plain ?? halves ?? [];
      if (all === undefined) return null;
      const label = toFlowLabel(written);
      const arrow = plain?.[1] ?? ARROWS[`${halves?.[1]} ${halves?.[3]}`];
      if (label === null || arrow === undefined) return null;
      out += ` ${arrow}${label === '' ? '' : `|${label}|`} `;
      read = readNodes(read.rest.slice(all.length).trimStart());
    }
  };

  for (const [index, line] of lines.entries()) {
    // What happens on a click has no place in a picture.
    if (/^click\s/.test(line)) continue;
    if (STYLES.some((style) => style.test(line))) {
      if (!PLAIN_STYLE.test(line)) return index;
      drawn.push(line);
      continue;
    }
    if (line === 'end') {
      if (--depth < 0) return index;
      drawn.push(line);
      continue;
    }
    if (/^direction (?:TD|TB|LR|BT|RL)$/.test(line) && depth > 0) {
      drawn.push(line);
      continue;
    }
    const group = /^subgraph\s+(?:([\p{L}\p{N}_]+)\s*\[(.+)\]|(.+))$/u.exec(line);
    if (group !== null) {
      const label = toFlowLabel(group[2] ?? group[3] ?? '');
      if (label === null || label === '') return index;
      depth++;
      groups.push(group[1] ?? group[3] ?? '');
      drawn.push(`subgraph group_${groups.length} [${label}]`);
      continue;
    }
    const edges = /^(?:end|subgraph|class|style|linkStyle|classDef|direction)\b/.test(line) ? null : readEdges(line);
    if (edges === null) return index;
    drawn.push(edges);
  }
  // An edge to a group, or a style of one, would make a node of its name.
  const shared = lines.findIndex((line) => groups.some((id) => names.has(id) && line.includes(id)));
  return depth !== 0 ? lines.length - 1 : shared >= 0 ? shared : nameNodes(drawn, names, shapes);
}

/** Stand round an id until all labels are known. */
const NODE_START = '\ue010';
const NODE_END = '\ue011';

/**
 * The renderer takes what a node is from its first mention, and puts it into each group where it stands with its shape; for
 * mermaid any mention may say what it is, and the first group has it.
 */
function nameNodes(
  lines: readonly string[],
  names: ReadonlyMap<string, string>,
  shapes: ReadonlyMap<string, string>,
): readonly string[] {
  const seen = new Set<string>();
  const grouped = new Set<string>();
  let depth = 0;
  return lines.map((line) => {
    if (line.startsWith('subgraph ')) depth++;
    if (line === 'end') depth--;
    return line.replace(/\ue010([^\ue011]*)\ue011/g, (_, id: string) => {
      const name = names.get(id) ?? id;
      const isFirst = !seen.has(id);
      const isHome = depth > 0 && !grouped.has(id);
      seen.add(id);
      if (depth > 0) grouped.add(id);
      const shape = shapes.get(id) ?? (name === id && isFirst ? '' : `[${id}]`);
      return isFirst || isHome ? name + shape : name;
    });
  });
}

const ARROWS: Readonly<Record<string, string>> = {
  '-- -->': '-->',
  '-- ---': '---',
  '-. .->': '-.->',
  '-. .-': '-.-',
  '== ==>': '==>',
  '== ===': '===',
};

// ---- the other kinds: each line by itself

const NAME = String.raw`[\p{L}\p{N}_]+`;

type Rule = readonly [pattern: string, written: string];

/** A kind whose lines are known by a pattern each; a group named `label` is written as a label. `inside`: between braces. */
function byRules(outside: readonly Rule[], inside: readonly Rule[] = outside) {
  const compile = (rules: readonly Rule[]) =>
    rules.map(([pattern, written]) => [new RegExp(`^${pattern}$`, 'u'), written] as const);
  const [outer, inner] = [compile(outside), compile(inside)];
  return (lines: readonly string[], header: RegExpExecArray): readonly string[] | number => {
    const drawn = [header[0]];
    let depth = 0;
    for (const [index, line] of lines.entries()) {
      const rule = (depth === 0 ? outer : inner).find(([pattern]) => pattern.test(line));
      const groups = rule?.[0].exec(line)?.groups ?? {};
      const label = toLabel(groups['label'] ?? '');
      if (rule === undefined || label === null) return index;
      if (CLOSES.test(line) && --depth < 0) return index;
      if (OPENS.test(line)) depth++;
      const given: Readonly<Record<string, string | undefined>> = { ...groups, label };
      drawn.push(rule[1].replace(/<(\w+)>/g, (_, name: string) => given[name] ?? '').replace(/\s*:\s*$/, ''));
    }
    return depth === 0 ? drawn : lines.length - 1;
  };
}

const OPENS = /\{$|^(?:loop|alt|opt|par|critical|break)(?:\s|$)/;
const CLOSES = /^(?:end|\})$/;

const TEXT = String.raw`(?<label>[^\s].*)`;

const MESSAGE: Rule = [
  `(?<from>${NAME})\\s*(?<arrow>--?>>|--?\\))\\s*(?<to>${NAME})\\s*:\\s*${TEXT}`,
  '<from> <arrow> <to>: <label>',
];

/** A block in a block would be drawn over its label, a note over the end of a block. */
const readMessages = byRules(
  [
    [`participant\\s+(?<id>${NAME})`, 'participant <id>'],
    [`participant\\s+(?<id>${NAME})\\s+as\\s+${TEXT}`, 'participant <id> as <label>'],
    MESSAGE,
    [`(?<block>loop|alt|opt|par|critical|break)(?:\\s+${TEXT})?`, '<block> <label>'],
  ],
  [MESSAGE, [`(?<block>else|and)(?:\\s+${TEXT})?`, '<block> <label>'], ['end', 'end']],
);

/** What a participant is called counts only before its first message. */
const readSequence = (lines: readonly string[], header: RegExpExecArray): readonly string[] | number => {
  const begins = lines.findIndex((line) => !/^participant\s/.test(line));
  const late = lines.findIndex((line, index) => index > begins && /^participant\s/.test(line));
  return begins >= 0 && late >= 0 ? late : readMessages(lines, header);
};

const readState = (lines: readonly string[], header: RegExpExecArray): readonly string[] | number => {
  const drawn = byRules([
    ['direction (?<to>TB|LR|BT|RL)', 'direction <to>'],
    [`(?<from>\\[\\*\\]|${NAME})\\s*-->\\s*(?<to>\\[\\*\\]|${NAME})`, '<from> --> <to>'],
    [`(?<from>\\[\\*\\]|${NAME})\\s*-->\\s*(?<to>\\[\\*\\]|${NAME})\\s*:\\s*${TEXT}`, '<from> --> <to> : <label>'],
    [`state\\s+"(?<label>[^"]+)"\\s+as\\s+(?<id>${NAME})`, 'state "<label>" as <id>'],
    [`(?<id>${NAME})\\s*:\\s*${TEXT}`, 'state "<label>" as <id>'],
    [`state\\s+(?<id>${NAME})\\s*\\{`, 'state <id> {'],
    ['\\}', '}'],
  ])(lines, header);
  if (typeof drawn === 'number') return drawn;
  // The first mention of a state is what is drawn, so what a state is called comes before all.
  const [first = '', ...rest] = drawn;
  const isName = (line: string) => /^state ".*" as /.test(line);
  const named = rest.filter(isName).map((line) => line.replace(/^.* as /, ''));
  const twice = named.find((id, index) => named.indexOf(id) !== index);
  const inside = rest.some((line) => line.endsWith('{')) && named.length > 0;
  if (twice !== undefined || inside) return lines.findIndex((line) => /^state\s+"|^[^-]*:/.test(line));
  return [first, ...rest.filter(isName), ...rest.filter((line) => !isName(line))];
};

const MEMBER = String.raw`[^\s:~$*{}<>]+(?: [^\s:~$*{}<>]+)?`;
const METHOD = String.raw`[^\s:~$*{}<>()]+\([^:~$*{}<>()]*\)(?: [^\s:~$*{}<>]+)?`;
const CARD = `"[^"]*"`;

const readClasses = byRules(
  [
    [`class\\s+(?<id>${NAME})`, 'class <id>'],
    [`class\\s+(?<id>${NAME})\\s*\\{`, 'class <id> {'],
    [`(?<id>${NAME})\\s*:\\s*(?<member>[-+#]?(?:${METHOD}|${MEMBER}))`, '<id> : <member>'],
    [
      `(?<from>${NAME})\\s*(?<few>${CARD})?\\s*(?<arrow><\\|--|<\\|\\.\\.|\\*--|o--|-->|--\\*|--o|--\\|>|\\.\\.>|\\.\\.\\|>|<--|<\\.\\.)\\s*(?<many>${CARD})?\\s*(?<to>${NAME})(?:\\s*:\\s*${TEXT})?`,
      '<from> <few> <arrow> <many> <to> : <label>',
    ],
  ],
  [
    ['\\}', '}'],
    ['<<(?<is>\\w+)>>', '<<<is>>>'],
    [`(?<member>[-+#]?(?:${METHOD}|${MEMBER}))`, '<member>'],
  ],
);

const readEntities = byRules(
  [
    [`(?<from>${NAME}(?:-${NAME})*)\\s*\\{`, '<from> {'],
    [
      `(?<from>${NAME}(?:-${NAME})*)\\s+(?<how>(?:\\|\\||[|}]o|o\\||\\}\\|)(?:--|\\.\\.)(?:\\|\\||o[|{]|\\|[o{]))\\s+(?<to>${NAME}(?:-${NAME})*)\\s*:\\s*${TEXT}`,
      '<from> <how> <to> : <label>',
    ],
  ],
  [
    ['\\}', '}'],
    [`(?<type>[^\\s"{}]+)\\s+(?<name>[^\\s"{}]+)(?:\\s+(?<key>PK|FK|UK))?`, '<type> <name> <key>'],
  ],
);

const KINDS: readonly Kind[] = [
  { header: /^(?:graph|flowchart)(?:\s+(TD|TB|LR|BT|RL))?$/, read: readFlowchart },
  { header: /^sequenceDiagram$/, read: readSequence },
  { header: /^stateDiagram(?:-v2)?$/, read: readState },
  { header: /^classDiagram$/, read: readClasses },
  { header: /^erDiagram$/, read: readEntities },
];
