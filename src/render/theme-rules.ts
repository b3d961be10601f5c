// What is wrong with a theme's CSS as it is written, each with its line: names nobody has, styles that get lost, colours that fail at night.
import { type Finding, type FindingCode, finding, type Place } from '../facts/findings.ts';
import { OUTPUT_STYLES } from '../facts/markup.ts';
import { BRIGHT_GROUND, CODE_CLASS, ITEM_STYLES, MAX_LINE_ALPHA, THEME_CLASSES, THEME_TAGS } from '../facts/theme.ts';
import { type Compound, findFirstUnread, readSelector } from './css.ts';
import { type Block, readCss, splitList } from './css-text.ts';
import { COLOUR, toBrightness, toColour } from './darkmode.ts';
import { filterStyle } from './style.ts';
import { isPlainValue, readVars, resolveValue, toVarName, type Vars } from './theme-vars.ts';

/** More than these nobody reads. */
const MAX_FINDINGS = 200;
/** Characters of the theme's own text in a finding. */
const MAX_SHOWN = 80;

/** One thing to say, at an offset of the text. */
interface Remark {
  readonly code: FindingCode;
  readonly at: number;
  readonly args: Readonly<Record<string, string>>;
  readonly severity?: 'warning';
}

/**
 * Themes of other tools call the article `#nice`, `#wenyan` or `.markdown-body`: here it is `.wx`, and before other
 * selectors nothing. The text keeps its length, so that places in it stay true.
 */
export function toOwnRoot(css: string): string {
  const own = css.replace(OTHER_ROOT, (root, inner?: string) => (inner === undefined ? '.wx' : '').padEnd(root.length));
  return own === css ? css : OTHER_NAMES.reduce((text, [theirs, ours]) => rename(text, theirs, ours), own);
}

/** Whether a theme was made for another tool, and so for a browser's own sizes of headings. */
export function isForeign(css: string): boolean {
  return css.search(OTHER_ROOT) >= 0;
}

const OTHER_ROOT = /(?:#(?:nice|wenyan)|\.markdown-body)(?![\w-])(?=(\s+[\w.#*[:])?)/g;

/** What other tools wrap or name otherwise; none of our names is longer. The words of a heading are the heading here. */
const OTHER_NAMES: readonly (readonly [RegExp, string])[] = [
  [/(?<=\bh[1-6])\s+(?:>\s*)?(?:\.content|span)(?![\w-])/g, ''],
  [/(?<![\w-])\.multiquote-1(?![\w-])/g, 'blockquote'],
  [/\.footnote-ref(?![\w-])/g, '.reference'],
  [/\.footnote-item(?![\w-])/g, '.note'],
];

function rename(text: string, theirs: RegExp, ours: string): string {
  return text.replace(theirs, (found) => ours.padEnd(found.length));
}

/**
 * Everything in a theme's CSS that would be lost on the way to WeChat, or looks wrong there.
 *
 * @param css the theme's own text, after toOwnRoot
 * @param base what stands before it, for the variables that it may use
 */
export function checkTheme(css: string, base: string): readonly Finding[] {
  const { blocks, others } = readCss(css);
  const vars = readVars(`${base}\n${css}`);
  const remarks: Remark[] = [
    ...others.map(({ text, at }): Remark => {
      const code = text.startsWith('@') ? 'theme-at-rule' : 'theme-syntax';
      return { code, at, args: { text: show(text) } };
    }),
    ...blocks.flatMap((block) => checkBlock(block, vars)),
    ...checkCount(css),
  ];
  const toPlace = createPlaces(css);
  return remarks
    .sort((a, b) => a.at - b.at)
    .slice(0, MAX_FINDINGS)
    .map(({ code, at, args, severity }) => finding(code, toPlace(at), args, severity));
}

/** A theme of thousands of selectors is cut where it becomes too long to look for. */
function checkCount(css: string): readonly Remark[] {
  const at = findFirstUnread(css);
  return at === null ? [] : [{ code: 'theme-selector-refused', at, args: { text: '…', problem: 'selectors-many' } }];
}

/** Offsets of a text to lines and columns. */
export function createPlaces(text: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const after = starts.findIndex((start) => start > offset);
    const line = after < 0 ? starts.length : after;
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}

function checkBlock(block: Block, vars: Vars): readonly Remark[] {
  const { selectors, at, declarations } = block;
  if (selectors.startsWith('@')) {
    return [{ code: 'theme-at-rule', at, args: { text: show(selectors) } }];
  }
  const isRoot = selectors === ':root';
  const subjects = isRoot ? [] : splitList(selectors, at).map(({ text, at: start }) => checkSelector(text, start));
  const remarks = subjects.flatMap(({ remark }) => remark ?? []);
  const isItem = subjects.some(({ tag }) => tag === 'li');
  return [
    ...remarks,
    ...declarations.flatMap((declaration): readonly Remark[] => {
      const { name, value, isImportant } = declaration;
      const lose = (problem: string): readonly Remark[] => {
        return [{ code: 'theme-lost', at: declaration.at, args: { text: show(`${name}: ${value}`), problem } }];
      };
      const unset: Remark[] = [];
      const resolved = resolveValue(value, vars, (missing) => {
        unset.push({ code: 'theme-var-unset', at: declaration.at, args: { name: missing } });
        return 'inherit';
      });
      if (unset.length > 0) return unset;
      if (name.startsWith('--')) return isRoot ? [] : lose('var-outside-root');
      if (isRoot) return lose('root-is-for-vars');
      // What a pseudo-element says becomes text of the page.
      if (name === 'content') return [];
      const important: readonly Remark[] = isImportant
        ? [
            {
              code: 'theme-lost',
              at: declaration.at,
              args: { text: '!important', problem: 'important' },
              severity: 'warning',
            },
          ]
        : [];
      if (isItem && !ITEM_STYLES.has(name)) return lose('item-style');
      if (/gradient\s*\(/i.test(resolved)) {
        return [{ code: 'theme-gradient', at: declaration.at, args: { text: show(`${name}: ${value}`) } }];
      }
      const problem = findProblem(name, resolved);
      if (problem !== null) return lose(problem);
      return [...important, ...checkColours(name, resolved, declaration.at)];
    }),
  ];
}

/** Why a declaration does nothing in an article; null for one that does. */
function findProblem(name: string, value: string): string | null {
  if (filterStyle(new Map([[name, value]])).size === 0) {
    if (/url\s*\(/i.test(value)) return 'outside-file';
    if (name === 'position') return 'position';
    if (name === 'font-family') return 'font';
    return Object.hasOwn(OUTPUT_STYLES, name) ? 'value-lost' : 'property-lost';
  }
  if (MEASURED.test(name) && /(?:^|\s)-?[\d.]*[1-9][\d.]*(?=\s|$)/.test(value)) return 'unit-missing';
  if (!COLOURED.test(name)) return null;
  const words = value.replace(COLOUR, ' ').match(/(?<![\w.-])[a-z]{3,}(?![\w(-])/gi) ?? [];
  return words.some((word) => !NOT_COLOURS.test(word)) ? 'colour-name' : null;
}

/** What `themeVars` says in vain. */
export interface RefusedVar {
  /** As it was given. */
  readonly name: string;
  readonly value: string;
  readonly problem: string;
}

/**
 * Values that would break the theme they are given to, or say nothing where it uses them.
 *
 * @param css base.css and the theme
 */
export function checkVars(css: string, given: Readonly<Record<string, string>>): readonly RefusedVar[] {
  const own = readVars(css);
  const uses = readCss(css).blocks.flatMap(({ selectors, declarations }) =>
    selectors === ':root' ? [] : declarations,
  );
  return Object.entries(given).flatMap(([name, value]) => {
    if (!isPlainValue(value)) return [{ name, value: show(value), problem: 'var-unsafe' }];
    const changed = new Map([...own, [toVarName(name), value]]);
    for (const use of uses) {
      if (!use.value.includes('var(')) continue;
      const [before, after] = [own, changed].map((vars) => resolveValue(use.value, vars, () => 'inherit'));
      const problem = before === after ? null : findProblem(use.name, after ?? '');
      if (problem !== null) return [{ name, value: show(value), problem }];
    }
    return [];
  });
}

const COLOURED = /^(?:color|background|background-color|text-decoration-color|border.*|outline)$/;
/** What is measured; a height of lines and a weight are plain numbers. */
const MEASURED =
  /^(?:(?:margin|padding)(?:-\w+)?|(?:max-|min-)?(?:width|height)|font-size|(?:letter|word|border)-spacing|text-indent|border-radius|border-(?:\w+-)?width)$/;
/** Words in values of these properties that are no colour. */
const NOT_COLOURS =
  /^(?:none|inherit|initial|unset|currentcolor|solid|dashed|dotted|double|thin|medium|thick|collapse|separate|auto|hidden|px|em)$/i;

function checkColours(name: string, value: string, at: number): readonly Remark[] {
  if (!COLOURED.test(name)) return [];
  const text = show(`${name}: ${value}`);
  return (value.match(COLOUR) ?? []).flatMap((found): readonly Remark[] => {
    const colour = toColour(found);
    if (colour === null) return [];
    const { r, g, b, alpha } = colour;
    const isGrey = r === g && g === b;
    const isBright = toBrightness(colour) > BRIGHT_GROUND;
    if (name.startsWith('background') && alpha === 1 && isBright && !isGrey) {
      return [{ code: 'theme-panel-tinted', at, args: { text } }];
    }
    const isHard = alpha === 1 ? isBright : alpha > MAX_LINE_ALPHA && r === 0;
    return name.startsWith('b') && !name.startsWith('background') && isGrey && isHard
      ? [{ code: 'theme-line-hard', at, args: { text } }]
      : [];
  });
}

interface Subject {
  readonly remark: Remark | null;
  /** The tag that is dressed, where the selector names it. */
  readonly tag: string | null;
}

function checkSelector(text: string, at: number): Subject {
  const reading = readSelector(text);
  if (reading.kind !== 'known') {
    const shown = show(text);
    const { code, args } =
      reading.kind === 'refused'
        ? ({ code: 'theme-selector-refused', args: { text: shown, problem: reading.problem } } as const)
        : ({ code: 'theme-selector', args: { text: shown, name: shown } } as const);
    return { remark: { code, at, args }, tag: null };
  }
  const unknown = findUnknown(reading.compound);
  if (unknown !== undefined) {
    return { remark: { code: 'theme-selector', at, args: { text: show(text), name: show(unknown) } }, tag: null };
  }
  const [tag = null] = reading.compound.questions.flatMap((each) => (each.kind === 'tag' ? [each.name] : []));
  return { remark: null, tag };
}

function findUnknown({ questions, left }: Compound): string | undefined {
  for (const question of questions) {
    if (question.kind === 'tag' && !THEME_TAGS.has(question.name)) return question.name;
    if (question.kind === 'class' && !THEME_CLASSES.has(question.name) && !CODE_CLASS.test(question.name)) {
      return `.${question.name}`;
    }
  }
  return left === null ? undefined : findUnknown(left.compound);
}

function show(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN - 1)}…` : line;
}
