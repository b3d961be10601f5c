// Coloured code as characters that survive in WeChat, which collapses spaces and line ends; knows no language and no frame.
import { element, isElement, joinTexts, type Node, text } from './tree.ts';

/** Code of one line or more as it is written in the end: each space kept, each line end a `br`. */
export function writeCode(nodes: readonly Node[]): readonly Node[] {
  return joinWords(keepSpaces(joinTexts(nodes))).flatMap(breakLines);
}

/** The content of each line; what goes over several of them stands in each. */
export function splitLines(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const lines: Node[][] = [[]];
  for (const node of nodes) {
    const [first = [], ...others] = splitNode(node);
    lines.at(-1)?.push(...first);
    for (const line of others) lines.push([...line]);
  }
  return lines;
}

function splitNode(node: Node): readonly (readonly Node[])[] {
  if (node.kind === 'text') return node.value.split('\n').map((line) => (line === '' ? [] : [text(line)]));
  return splitLines(node.children).map((children) => (children.length === 0 ? [] : [{ ...node, children }]));
}

/** White space between two coloured words would be dropped: it moves into the word before it, else the one behind. */
function keepSpaces(nodes: readonly Node[]): readonly Node[] {
  const kept: Node[] = [];
  let pending = '';
  for (const node of nodes) {
    const last = kept.at(-1);
    if (node.kind === 'text' && node.value.trim() === '') {
      if (isElement(last)) kept[kept.length - 1] = { ...last, children: joinTexts([...last.children, node]) };
      else pending = node.value;
    } else if (pending === '') kept.push(node);
    else {
      kept.push(
        node.kind === 'text' ? text(pending + node.value) : { ...node, children: [text(pending), ...node.children] },
      );
      pending = '';
    }
  }
  return pending === '' ? kept : [...kept, text(pending)];
}

/** Neighbours of one kind, now that the space between them belongs to the first, as one. */
function joinWords(nodes: readonly Node[]): readonly Node[] {
  const groups: { readonly first: Node; readonly children: Node[] }[] = [];
  for (const node of nodes) {
    const group = groups.at(-1);
    const isSame = isElement(node) && isElement(group?.first) && node.attrs['class'] === group.first.attrs['class'];
    if (isSame) group?.children.push(...node.children);
    else groups.push({ first: node, children: node.kind === 'element' ? [...node.children] : [] });
  }
  return groups.map(({ first, children }) => (isElement(first) ? { ...first, children: joinTexts(children) } : first));
}

function breakLines(node: Node): readonly Node[] {
  if (node.kind === 'element') {
    // A highlighter marks even what is not there, such as the parameters of `f()`.
    const children = joinTexts(node.children).flatMap(breakLines);
    return children.length === 0 ? [] : [{ ...node, children }];
  }
  if (!/[ \n]/.test(node.value)) return [node];
  return node.value.split('\n').flatMap((line, index): readonly Node[] => {
    const content = text(line.replaceAll(' ', '\u00a0'));
    return index === 0 ? [content] : [element('br'), content];
  });
}
