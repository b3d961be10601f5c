// The editor's rules for lines of text, pictures and widgets, with the marks of its own that it puts around them.
import { groupDigits } from '../evidence.ts';
import { OLD_EDITOR, PUBLISHED, SPEC } from './editor-sources.ts';
import type { TreeRule } from './rule.ts';
import {
  create,
  type Element,
  isBlock,
  isElement,
  isInline,
  isSpace,
  type Node,
  rewrite,
  rewriteLists,
  toRuns,
  toText,
} from './tree.ts';

/** A chain of single children that are alike may be so long. */
const MAX_CHAIN = 10;
const MAX_TEXT = 50_000;
const NODES = /^(img|iframe|mp-.*|mpvoice|mpcps|qqmusic)$/;
const NO_TEXT = /^(ul|ol|table|thead|tbody|tfoot|tr)$/;

export const MARKUP_RULES = {
  widget: {
    says: 'a card of an account without its id keeps the article from being saved',
    effect: 'loss',
    refusal: null,
    confidence: 'observed',
    source: 'doocs/md issue 974',
    change: (root, note) =>
      rewrite(root, (element) => {
        if (element.tag === 'mp-common-profile' && !element.attributes.get('data-id')) note();
        return element;
      }),
  },
  'empty-inline': {
    says: 'an inline element that holds nothing leaves',
    effect: 'loss',
    confidence: 'observed',
    source: `${OLD_EDITOR}; several publishers lost coloured dots`,
    change: (root, note) =>
      rewrite(root, (element) => {
        if (!isInline(element) || element.children.length > 0) return element;
        note();
        return [];
      }),
  },
  space: {
    says: 'white space between blocks leaves',
    effect: 'form',
    confidence: 'assumed',
    source: 'a ProseMirror editor keeps no text beside blocks; published articles have none',
    change: (root, note) =>
      rewriteLists(root, (parent) => {
        const { tag, children } = parent;
        const holdsBlocks = /^(ul|ol|table|thead|tbody|tfoot|tr)$/.test(tag) || children.some(isBlock);
        const isBlank = isBlock(parent) && children.every(isSpace);
        if (!(holdsBlocks || isBlank) || !children.some(isSpace)) return children;
        note();
        return children.filter((child) => !isSpace(child));
      }),
  },
  chain: {
    says: `a chain of more than ${MAX_CHAIN} elements of one tag and style, each the only child, becomes one element`,
    effect: 'loss',
    confidence: 'documented',
    source: `${SPEC}; its own tool counts to 15`,
    change: (root, note) => collapseChains(root, note),
  },
  leaf: {
    says: 'each line of text gets a span leaf',
    effect: 'form',
    confidence: 'observed',
    source: `${PUBLISHED}; ${SPEC}`,
    change: (root, note) =>
      rewriteLists(
        root,
        (parent) => {
          if (NO_TEXT.test(parent.tag) || !parent.children.some(isLine)) return parent.children;
          return toRuns(parent.children, isLine).flatMap((run) => {
            if (!run.some(isLine)) return run;
            note();
            return [create('span', { leaf: '' }, run)];
          });
        },
        isClosed,
      ),
  },
  nodeleaf: {
    says: 'each picture and widget gets a section nodeleaf, inside a line of text a span leaf',
    effect: 'form',
    confidence: 'observed',
    source: `${PUBLISHED}; ${SPEC}`,
    change: (root, note) =>
      rewriteLists(
        root,
        (parent) => {
          if (!parent.children.some(isNode)) return parent.children;
          const isLined = isInline(parent) || /^(p|h[1-6])$/.test(parent.tag);
          return parent.children.map((child) => {
            if (!isNode(child)) return child;
            note();
            return isLined ? create('span', { leaf: '' }, [child]) : create('section', { nodeleaf: '' }, [child]);
          });
        },
        isClosed,
      ),
  },
  'text-length': {
    says: `text over ${groupDigits(MAX_TEXT)} characters is not saved`,
    effect: 'loss',
    refusal: 64705,
    confidence: 'assumed',
    source: `${OLD_EDITOR}; earlier ones said 20,000`,
    change: (root, note) => {
      if ([...toText(root)].length > MAX_TEXT) note();
      return root;
    },
  },
} as const satisfies Readonly<Record<string, TreeRule>>;

/** From the top down, so that a chain is seen whole. */
function collapseChains(element: Element, note: () => void): Element {
  const chain = [element];
  for (;;) {
    const last = chain.at(-1) ?? element;
    const [only, ...others] = last.children;
    if (!isElement(only) || others.length > 0 || !isAlike(only, element)) break;
    chain.push(only);
  }
  const isLong = element.tag !== '' && chain.length > MAX_CHAIN;
  if (isLong) note();
  const { children } = isLong ? (chain.at(-1) ?? element) : element;
  return { ...element, children: children.map((child) => (isElement(child) ? collapseChains(child, note) : child)) };
}

function isAlike(a: Element, b: Element): boolean {
  return a.tag === b.tag && a.attributes.get('style') === b.attributes.get('style') && !isLeaf(a) && !isLeaf(b);
}

function isLeaf({ attributes }: Element): boolean {
  return attributes.has('leaf') || attributes.has('nodeleaf');
}

/** It holds a line or a picture already, or what is no concern of the editor. */
function isClosed(element: Element): boolean {
  return isLeaf(element) || isNode(element);
}

function isNode(node: Node): boolean {
  return isElement(node) && NODES.test(node.tag);
}

function isLine(node: Node): boolean {
  return typeof node === 'string' || node.tag === 'br';
}
