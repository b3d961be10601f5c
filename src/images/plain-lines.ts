// Tells whether a diagram says only what can be drawn without a browser, line by line, and writes it the way that renderer reads it.
import { readFlowchart } from './plain-flowchart.ts';
import { toLabel } from './plain-labels.ts';

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
