// The editor's rules for lists, tables and `div`: blocks that it builds differently.
import { OLD_EDITOR, PUBLISHED } from './editor-sources.ts';
import type { TreeRule } from './rule.ts';
import {
  create,
  type Element,
  isBlock,
  isElement,
  isSpace,
  type Node,
  rewrite,
  toRuns,
  toText,
  withAttributes,
} from './tree.ts';

export const LIST_RULES = {
  div: {
    says: 'a div is taken apart: its blocks stay, its lines become p, its style is lost',
    effect: 'loss',
    confidence: 'assumed',
    source: `${OLD_EDITOR}; publishers report styles lost at the second save until div was made section (AIWriteX issue 32)`,
    change: (root, note) =>
      rewrite(root, (element) => {
        if (element.tag !== 'div') return element;
        note();
        return toBlocks(element.children);
      }),
  },
  'description-list': {
    says: 'dl becomes ul, dt and dd become li',
    effect: 'loss',
    confidence: 'assumed',
    source: OLD_EDITOR,
    change: (root, note) =>
      rewrite(root, (element) => {
        if (element.tag !== 'dl') return element;
        note();
        const toItem = (child: Node): Node =>
          isElement(child) && /^d[td]$/.test(child.tag) ? { ...child, tag: 'li' } : child;
        return { ...element, tag: 'ul', children: element.children.map(toItem) };
      }),
  },
  'nested-table': {
    says: 'a table inside a table is reduced to its text',
    effect: 'loss',
    confidence: 'assumed',
    source: OLD_EDITOR,
    change: (root, note) => {
      const flatten = (element: Element): Element | readonly Node[] => {
        if (element.tag !== 'table') return element;
        note();
        return [toText(element)];
      };
      return rewrite(root, (element) => (element.tag === 'table' ? rewrite(element, flatten) : element));
    },
  },
  column: {
    says: 'col and colgroup leave',
    effect: 'loss',
    confidence: 'observed',
    source: 'one publisher, 2026',
    change: (root, note) =>
      rewrite(root, (element) => {
        if (element.tag !== 'col' && element.tag !== 'colgroup') return element;
        note();
        return [];
      }),
  },
  'nested-list': {
    says: 'a list inside an li moves out, to stand after it',
    effect: 'loss',
    confidence: 'observed',
    source: `${OLD_EDITOR}; doocs/md issue 296 and others see nested lists flattened`,
    change: (root, note) =>
      rewrite(root, (element) => {
        if (element.tag !== 'li' || !element.children.some(isList)) return element;
        return toRuns(element.children, isList).flatMap((run) => {
          if (!run.some(isList)) return run.every(isSpace) ? [] : [{ ...element, children: run }];
          run.forEach(note);
          return run;
        });
      }),
  },
  'list-item': {
    says: 'an li loses its attributes, its style among them',
    effect: 'loss',
    confidence: 'observed',
    source: `${OLD_EDITOR}; lyricat/wechat-format issue 3`,
    change: (root, note) =>
      rewrite(root, (element) => {
        const isBare = element.attributes.size === 0 || isMarked(element);
        if (element.tag !== 'li' || isBare) return element;
        note();
        return { ...element, attributes: new Map() };
      }),
  },
  'list-form': {
    says: 'a list gets the class list-paddingleft-N and its list-style-type, the lines of its li get a p',
    effect: 'form',
    confidence: 'observed',
    source: PUBLISHED,
    change: (root, note) =>
      rewrite(root, (element) => {
        if (element.tag === 'li') return wrapLines(element);
        if (!isList(element) || isMarked(element)) return element;
        note();
        const style = element.attributes.get('style') ?? '';
        const [level, type] = element.tag === 'ol' ? [2, 'decimal'] : [1, 'disc'];
        return withAttributes(element, {
          class: `list-paddingleft-${level}`,
          style: /list-style/i.test(style) ? style : `list-style-type: ${type};${style}`,
        });
      }),
  },
} as const satisfies Readonly<Record<string, TreeRule>>;

function isList(node: Node): node is Element {
  return isElement(node) && (node.tag === 'ul' || node.tag === 'ol');
}

/** The editor knows its own lists again. */
function isMarked({ attributes }: Element): boolean {
  return /(^|\s)list-paddingleft-[123](\s|$)/.test(attributes.get('class') ?? '');
}

/** Blocks as they are, and a p around each run of what is no block. */
function toBlocks(nodes: readonly Node[]): readonly Node[] {
  return toRuns(nodes, isBlock).flatMap((run) =>
    run.some(isBlock) || run.every(isSpace) ? run : [create('p', {}, run)],
  );
}

/** A child that holds an image or a widget alone is wrapped elsewhere, as nodeleaf. */
function wrapLines(item: Element): Element {
  return item.children.some(isBlock) || item.children.every(isSpace)
    ? item
    : { ...item, children: toBlocks(item.children) };
}
