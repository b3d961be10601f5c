// What is lost on the way when a page is copied from a browser and pasted into the editor, before the editor's own rules.
import type { ApiRule } from './api.ts';
import { type EditorRule, filterEditor } from './editor.ts';
import { OLD_EDITOR } from './editor-sources.ts';
import { type Filtered, type Habits, runRules, type TreeRule } from './rule.ts';
import { rewriteStyles } from './style.ts';
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
} from './tree.ts';

const TOOLS = 'publishing tools agree';

export const CLIPBOARD_RULES = {
  'outer-box': {
    says: 'the one wrapper around everything loses its padding and background',
    effect: 'loss',
    confidence: 'observed',
    source: 'one publishing tool (WeMD) moves both inward because of it, others warn of it',
    change: (root, note) => {
      const [wrapper, ...others] = root.children.filter((child) => !isSpace(child));
      if (wrapper === undefined || others.length > 0 || !isBlock(wrapper)) return root;
      return rewriteStyles(root, note, (declaration, element) =>
        element.attributes === wrapper.attributes && /^(padding|background)(-|$)/.test(declaration.name)
          ? null
          : declaration,
      );
    },
  },
  'border-image': {
    says: 'border-image leaves',
    effect: 'loss',
    confidence: 'assumed',
    source: OLD_EDITOR,
    change: (root, note) =>
      rewriteStyles(root, note, (declaration) => (/^border-image(-|$)/.test(declaration.name) ? null : declaration)),
  },
  'white-space': {
    says: 'white-space nowrap and normal on a span leave',
    effect: 'loss',
    confidence: 'assumed',
    source: OLD_EDITOR,
    change: (root, note) =>
      rewriteStyles(root, note, (declaration, { tag }) =>
        tag === 'span' && declaration.name === 'white-space' && /^(nowrap|normal)$/i.test(declaration.value)
          ? null
          : declaration,
      ),
  },
  'list-space': {
    says: 'white space between two li becomes an empty li, which shows as a bullet of its own',
    effect: 'loss',
    confidence: 'observed',
    source: `${TOOLS}; geekjourneyx/md2wechat-skill issue 9`,
    change: (root, note) =>
      rewriteLists(root, (parent) => {
        if (parent.tag !== 'ul' && parent.tag !== 'ol') return parent.children;
        return parent.children.map((child) => {
          if (!isSpace(child)) return child;
          note();
          return create('li', {}, []);
        });
      }),
  },
  'list-bold': {
    says: 'in an li whose content has no wrapper, the line breaks after a bold beginning',
    effect: 'loss',
    confidence: 'observed',
    source: `${TOOLS}; liuxiaopai-ai/raphael-publish issue 16`,
    change: (root, note) =>
      rewrite(root, (element) => {
        const [first, ...rest] = element.children;
        const isBold = isElement(first) && /^(strong|b)$/.test(first.tag);
        if (element.tag !== 'li' || !isBold || typeof rest[0] !== 'string') return element;
        note();
        return { ...element, children: [create('p', {}, [first]), ...wrapRest(rest)] };
      }),
  },
  'code-gap': {
    says: 'in code, white space that stands alone between two inline elements is lost',
    effect: 'loss',
    confidence: 'observed',
    source: 'doocs/md issue 894',
    change: (root, note) => dropGaps(root, { isCode: false, note }),
  },
  svg: {
    says: 'SVG is lost (with some browsers only: an option)',
    effect: 'loss',
    confidence: 'observed',
    source: 'doocs/md issue 241; which browsers is not settled',
    change: (root, note, { svg }) =>
      rewrite(root, (element) => {
        if (element.tag !== 'svg' || svg === 'kept') return element;
        note();
        return [];
      }),
  },
} as const satisfies Readonly<Record<string, TreeRule>>;

export type ClipboardRule = keyof typeof CLIPBOARD_RULES;

/** The article as the editor saves it after a paste. */
export async function filterClipboard(
  html: string,
  habits: Habits,
): Promise<Filtered<ClipboardRule | ApiRule | EditorRule>> {
  const pasted = await runRules(html, CLIPBOARD_RULES, habits);
  const saved = await filterEditor(pasted.html, habits);
  return { html: saved.html, changes: [...pasted.changes, ...saved.changes] };
}

function wrapRest(nodes: readonly Node[]): readonly Node[] {
  return toRuns(nodes, isBlock).flatMap((run) => (run.some(isBlock) ? run : [create('p', {}, run)]));
}

function dropGaps(element: Element, inside: { readonly isCode: boolean; readonly note: () => void }): Element {
  const isCode = inside.isCode || element.tag === 'code' || element.tag === 'pre';
  const { children } = element;
  const kept = children.filter((child, at) => {
    const before = children[at - 1];
    const after = children[at + 1];
    const isBetween = before !== undefined && after !== undefined && isInline(before) && isInline(after);
    const isGap = isCode && isBetween && isSpace(child);
    if (isGap) inside.note();
    return !isGap;
  });
  return {
    ...element,
    children: kept.map((child) => (typeof child === 'string' ? child : dropGaps(child, { ...inside, isCode }))),
  };
}
