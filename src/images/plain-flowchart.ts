// The lines of a flowchart that can be drawn without a browser, as that renderer reads them: nodes, edges, groups, styles.
import { toLabel } from './plain-labels.ts';

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

/** The lines to be drawn, or the number of the first one that is not known. */
export function readFlowchart(lines: readonly string[], header: RegExpExecArray): readonly string[] | number {
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
