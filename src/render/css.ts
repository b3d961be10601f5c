// The one door of css-what: a theme's CSS as rules in the order in which they win, and what of it is left for a full inliner.
import { type PseudoSelector, parse, type Selector } from 'css-what';
import { type Declaration, readCss, splitList } from './css-text.ts';
import { filterStyle } from './style.ts';

/** One simple selector's question to an element. */
export type Question =
  | { readonly kind: 'tag' | 'class'; readonly name: string }
  /** Place among the siblings, or among those of the same tag: `step * n + start`, counted from an end; n = 0, 1, 2 … */
  | {
      readonly kind: 'place';
      readonly of: 'all' | 'tag';
      readonly from: 'start' | 'end';
      readonly step: number;
      readonly start: number;
    }
  | { readonly kind: 'not' | 'any'; readonly of: readonly (readonly Question[])[] };

export type Combinator = 'descendant' | 'child' | 'adjacent' | 'sibling';

/** A compound selector and what stands left of it. */
export interface Compound {
  readonly questions: readonly Question[];
  readonly left: { readonly combinator: Combinator; readonly compound: Compound } | null;
}

export interface Rule {
  readonly compound: Compound;
  readonly declarations: readonly Declaration[];
}

/** CSS asks for something that is not known here, such as `:has()`. */
class Unknown extends Error {}

/** Selectors of a theme that are read; the largest of the well-known ones have a tenth of that. */
const MAX_SELECTORS = 2_000;
/** With those of base.css and of a code theme. */
const MAX_ALL = MAX_SELECTORS + 500;
/** Characters of a selector, and the compounds in it: more is nobody's honest wish and takes its time. */
const MAX_SELECTOR = 400;
const MAX_COMPOUNDS = 12;
/** The full inliner tries every pair of siblings, so few selectors may send it there, and none twice. */
const MAX_INLINED = 200;
const MAX_WALKS = 1;

/** A selector by itself: what it asks; that nothing on a page can answer it; or why it is left out. */
export type Reading =
  | {
      readonly kind: 'known';
      readonly compound: Compound;
      readonly weight: number;
      /** It ends in `::before` or `::after`. */
      readonly isPseudo: boolean;
    }
  | { readonly kind: 'never' }
  | { readonly kind: 'refused'; readonly problem: 'selector-unknown' | 'selector-costly' };

/** Reads one selector of a list. */
export function readSelector(text: string): Reading {
  if (text.length > MAX_SELECTOR) return { kind: 'refused', problem: 'selector-costly' };
  if (text === '') return { kind: 'refused', problem: 'selector-unknown' };
  try {
    const [selector, other] = parse(text);
    if (selector === undefined || other !== undefined) throw new Unknown(text);
    const isPseudo = isBeforeOrAfter(selector.at(-1));
    const host = isPseudo ? selector.slice(0, -1) : selector;
    const compound = toCompound(host);
    if (compound === null) return { kind: 'never' };
    if (countCompounds(compound) > MAX_COMPOUNDS || (isPseudo && countWalks(compound) > MAX_WALKS)) {
      return { kind: 'refused', problem: 'selector-costly' };
    }
    return { kind: 'known', compound, weight: weigh(host), isPseudo };
  } catch {
    return { kind: 'refused', problem: 'selector-unknown' };
  }
}

/** With one colon, as it was written once, or with two. */
function isBeforeOrAfter(token: Selector | undefined): boolean {
  if (token?.type !== 'pseudo' && token?.type !== 'pseudo-element') return false;
  return token.name === 'before' || token.name === 'after';
}

export interface CompiledCss {
  /** From the weakest to the strongest. */
  readonly rules: readonly Rule[];
  /** The CSS of `::before` and `::after` and of the counters in them; empty where a theme has none. */
  readonly pseudoCss: string;
}

/** A theme's CSS; `var()` must be resolved before. What cannot be read, or would take too long, is left out. */
export function compileCss(css: string): CompiledCss {
  const rules: (Rule & { readonly weight: number })[] = [];
  const pseudo: string[] = [];
  const counters: string[] = [];
  for (const { text, declarations } of listSelectors(css).slice(0, MAX_ALL)) {
    const reading = declarations.length === 0 ? null : readSelector(text);
    if (reading?.kind !== 'known') continue;
    const { compound, weight, isPseudo } = reading;
    if (isPseudo) pseudo.push(printRule(text, declarations.filter(canBeInlined)));
    else {
      rules.push({ compound, declarations, weight });
      const counting = declarations.filter(isCounter);
      if (counting.length > 0 && countWalks(compound) <= MAX_WALKS) counters.push(printRule(text, counting));
    }
  }
  return {
    rules: rules.sort((a, b) => a.weight - b.weight),
    pseudoCss: pseudo.length === 0 ? '' : [...counters, ...pseudo].slice(0, MAX_INLINED).join('\n'),
  };
}

/** Where a theme's own CSS has its first selector too many; null where it has none. */
export function findFirstUnread(css: string): number | null {
  return listSelectors(css)[MAX_SELECTORS]?.at ?? null;
}

/** Every selector, each with the declarations of its block. At-rules cannot be written into a style attribute. */
function listSelectors(css: string) {
  return readCss(css).blocks.flatMap(({ selectors, at, declarations: all }) => {
    if (selectors.startsWith('@')) return [];
    const declarations = all.filter(({ name }) => !name.startsWith('--'));
    return splitList(selectors, at).map((each) => ({ ...each, declarations }));
  });
}

function printRule(selector: string, declarations: readonly Declaration[]): string {
  const said = declarations.map(({ name, value, isImportant }) => `${name}:${value}${isImportant ? '!important' : ''}`);
  return `${selector}{${said.join(';')}}`;
}

/** What a pseudo-element may say: its text, short and with its quotes closed, a counter, or what WeChat keeps. */
function canBeInlined(declaration: Declaration): boolean {
  const { name, value } = declaration;
  if (name === 'content') return CONTENT.test(value);
  return isCounter(declaration) || filterStyle(new Map([[name, value]])).size > 0;
}

const CONTENT = /^(?=.{1,200}$)(?:"[^"]*"|'[^']*'|[^"'{};])+$/;

/** Counters by small steps: the full inliner writes a Roman number with an M for each thousand. */
function isCounter({ name, value }: Declaration): boolean {
  return /^counter-(?:reset|increment)$/.test(name) && /^[a-z_-][\w-]*(?: -?\d{1,2})?$/i.test(value);
}

function countCompounds({ left }: Compound): number {
  return left === null ? 1 : 1 + countCompounds(left.compound);
}

/** How often a full inliner walks along the siblings of one element to answer. */
function countWalks({ questions, left }: Compound): number {
  const inside = (each: Question): number => {
    if (each.kind === 'place') return each.step === 0 && each.start === 1 ? 0 : 1;
    return each.kind === 'not' || each.kind === 'any' ? Math.max(0, ...each.of.map((of) => sum(of.map(inside)))) : 0;
  };
  const own = sum(questions.map(inside));
  return left === null ? own : own + Number(left.combinator === 'sibling') + countWalks(left.compound);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, each) => all + each, 0);
}

/** What a reader's mouse does, and what no element of a page here has, never matches. */
const NEVER: ReadonlySet<string> = new Set(['hover', 'active', 'focus', 'visited', 'link']);

/** Null for a selector that can match nothing. */
function toCompound(selector: readonly Selector[]): Compound | null {
  let left: Compound['left'] = null;
  let questions: Question[] = [];
  for (const token of selector) {
    switch (token.type) {
      case 'descendant':
      case 'child':
      case 'adjacent':
      case 'sibling':
        left = { combinator: token.type, compound: { questions, left } };
        questions = [];
        break;
      case 'universal':
        break;
      case 'tag':
        questions.push({ kind: 'tag', name: token.name });
        break;
      case 'attribute':
        if (token.name !== 'class' || token.action !== 'element') return null;
        questions.push({ kind: 'class', name: token.value });
        break;
      case 'pseudo': {
        if (NEVER.has(token.name)) return null;
        questions.push(toQuestion(token));
        break;
      }
      default:
        throw new Unknown(token.type);
    }
  }
  return { questions, left };
}

const PLACES: Readonly<Record<string, Pick<Extract<Question, { kind: 'place' }>, 'of' | 'from'>>> = {
  'first-child': { of: 'all', from: 'start' },
  'last-child': { of: 'all', from: 'end' },
  'nth-child': { of: 'all', from: 'start' },
  'nth-last-child': { of: 'all', from: 'end' },
  'first-of-type': { of: 'tag', from: 'start' },
  'last-of-type': { of: 'tag', from: 'end' },
  'nth-of-type': { of: 'tag', from: 'start' },
  'nth-last-of-type': { of: 'tag', from: 'end' },
};

function toQuestion({ name, data }: Pick<PseudoSelector, 'name' | 'data'>): Question {
  const place = PLACES[name];
  if (place !== undefined) {
    if (data === null) return { kind: 'place', ...place, step: 0, start: 1 };
    if (typeof data === 'string') return { kind: 'place', ...place, ...toSteps(data) };
  }
  const only = /^only-(child|of-type)$/.exec(name)?.[1];
  if (only !== undefined) {
    return { kind: 'any', of: [['first', 'last'].map((end) => toQuestion({ name: `${end}-${only}`, data: null }))] };
  }
  const kind = LISTS[name];
  if (kind !== undefined && Array.isArray(data)) {
    // One that can match nothing is none of them.
    const compounds = data.map(toCompound).filter((each) => each !== null);
    if (compounds.some(({ left }) => left !== null)) throw new Unknown(name);
    return { kind, of: compounds.map(({ questions }) => questions) };
  }
  throw new Unknown(name);
}

const LISTS: Readonly<Record<string, 'not' | 'any'>> = { not: 'not', is: 'any', where: 'any', matches: 'any' };

/** `odd`, `even`, `3`, `2n+1`, `-n + 3`. */
function toSteps(formula: string): { readonly step: number; readonly start: number } {
  const text = formula.replace(/\s+/g, '').toLowerCase();
  if (text === 'odd') return { step: 2, start: 1 };
  if (text === 'even') return { step: 2, start: 0 };
  const [whole, , step, start, alone] = /^(([+-]?\d*)n([+-]\d+)?|([+-]?\d+))$/.exec(text) ?? [];
  if (whole === undefined) throw new Unknown(formula);
  if (alone !== undefined) return { step: 0, start: Number(alone) };
  return { step: step === '' || step === '+' ? 1 : step === '-' ? -1 : Number(step), start: Number(start ?? 0) };
}

/** Specificity as one number: ids and attributes cannot match here, so classes and tags are all there is. */
function weigh(selector: readonly Selector[]): number {
  return selector.reduce((sum, token) => {
    if (token.type === 'tag') return sum + 1;
    if (token.type === 'pseudo' && token.name === 'where') return sum;
    if (token.type === 'pseudo' && Array.isArray(token.data)) return sum + Math.max(0, ...token.data.map(weigh));
    return token.type === 'attribute' || token.type === 'pseudo' ? sum + 1_000 : sum;
  }, 0);
}
