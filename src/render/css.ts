// The one door of css-what: a theme's CSS as rules in the order in which they win, or a no where it asks for more than is known here.
import { type PseudoSelector, parse, type Selector } from 'css-what';
import { type Declaration, readCss } from './css-text.ts';

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
  | { readonly kind: 'not'; readonly any: readonly (readonly Question[])[] };

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

/** CSS asks for something that only a full inliner knows, such as a pseudo-element. */
class Unknown extends Error {}

/** Rules from the weakest to the strongest; null when a full inliner is needed. `var()` must be resolved before. */
export function compileCss(css: string): readonly Rule[] | null {
  try {
    const rules = readCss(css).blocks.flatMap(({ selectors, declarations: all }) => {
      const declarations = all.filter(({ name }) => !name.startsWith('--'));
      // At-rules are left out, as they cannot be written into a style attribute.
      return declarations.length === 0 || selectors.startsWith('@')
        ? []
        : parse(selectors).flatMap((selector) => {
            const compound = toCompound(selector);
            return compound === null ? [] : [{ rule: { compound, declarations }, weight: weigh(selector) }];
          });
    });
    return rules.sort((a, b) => a.weight - b.weight).map(({ rule }) => rule);
  } catch {
    // A selector that cannot be read is for the full inliner to judge, too.
    return null;
  }
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

function toQuestion({ name, data }: PseudoSelector): Question {
  const place = PLACES[name];
  if (place !== undefined) {
    if (data === null) return { kind: 'place', ...place, step: 0, start: 1 };
    if (typeof data === 'string') return { kind: 'place', ...place, ...toSteps(data) };
  }
  if (name === 'not' && Array.isArray(data)) {
    const any = data.map((each) => {
      const compound = toCompound(each);
      if (compound?.left !== null) throw new Unknown(name);
      return compound.questions;
    });
    return { kind: 'not', any };
  }
  throw new Unknown(name);
}

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
    if (token.type === 'pseudo' && Array.isArray(token.data)) return sum + Math.max(0, ...token.data.map(weigh));
    return token.type === 'attribute' || token.type === 'pseudo' ? sum + 1_000 : sum;
  }, 0);
}
