// Writes compiled rules into the style attributes of a tree, as a browser's cascade would; it parses no CSS but style attributes.
import type { Compound, Question, Rule } from './css.ts';
import type { Declaration } from './css-text.ts';
import { parseStyle, remember } from './style.ts';
import { type Element, replaceNodes, withParts, withStyle } from './tree.ts';

/** An element, where it stands. */
interface Spot {
  readonly element: Element;
  readonly classes: readonly string[];
  readonly parent: Spot | null;
  /** Elements only. */
  readonly siblings: readonly Element[];
  readonly index: number;
}

/** What a theme says, with what came of asking it before: elements of a page are much alike. */
interface Index {
  /** The rules that can match at all, in their order, by the tag and the classes that an element has: `p`, `p note wide`. */
  readonly findCandidates: (names: string) => readonly Ranked[];
  /** The style attribute that comes of the element's own one, and of the ranks of the rules that match: `,3,7`. */
  readonly toStyle: (own: string) => (ranks: string) => string;
}

interface Ranked extends Rule {
  readonly rank: number;
  /** What it asks of tags and classes from the root on; the rule's own where that is all. */
  readonly sure: Compound;
}

/** Elements with the same tag and classes, inside others that are alike: what most rules ask is answered once for all. */
interface Kind {
  /** The rules that match, or may match with the right siblings, in their order. */
  readonly rules: readonly Ranked[];
  /** Those that match, where none asks of siblings. */
  readonly ranks: string | null;
  /** The kinds inside it, by tag and classes. */
  readonly inner: Map<string, Kind>;
}

/** A function that dresses a tree; rules come from the weakest to the strongest. */
export function createCascade(rules: readonly Rule[]): (tree: Element) => Element {
  const index = toIndex(rules);
  return (tree) => dress(toSpot(tree, null, [tree], 0), new Map(), index);
}

function toIndex(rules: readonly Rule[]): Index {
  const by = new Map<string, Ranked[]>();
  const always: Ranked[] = [];
  for (const [rank, rule] of rules.entries()) {
    const ranked = { ...rule, rank, sure: leaveOutSiblings(rule.compound) };
    const key = toKey(rule.compound);
    if (key === null) always.push(ranked);
    else by.set(key, [...(by.get(key) ?? []), ranked]);
  }
  return {
    findCandidates: remember((names) => {
      const [tag = '', ...classes] = names.split(' ');
      const keys = [tag, ...new Set(classes.map((name) => `.${name}`))];
      return [...always, ...keys.flatMap((key) => by.get(key) ?? [])].sort((a, b) => a.rank - b.rank);
    }),
    toStyle: remember((own) =>
      remember((ranks) => {
        const matched = ranks.split(',').flatMap((rank) => (rank === '' ? [] : (rules[Number(rank)] ?? [])));
        return toStyle(own, matched);
      }),
    ),
  };
}

function toKey({ questions }: Compound): string | null {
  const named = questions.find(({ kind }) => kind === 'class') ?? questions.find(({ kind }) => kind === 'tag');
  if (named?.kind === 'class') return `.${named.name}`;
  return named?.kind === 'tag' ? named.name : null;
}

function toSpot(element: Element, parent: Spot | null, siblings: readonly Element[], index: number): Spot {
  return { element, classes: readClasses(element.attrs['class'] ?? ''), parent, siblings, index };
}

const readClasses = remember((names) => names.split(/\s+/).filter((name) => name !== ''));

function dress(spot: Spot, kinds: Map<string, Kind>, index: Index): Element {
  const { tag, attrs, children } = spot.element;
  const names = spot.classes.length === 0 ? tag : [tag, ...spot.classes].join(' ');
  const kind = kinds.get(names) ?? toKind(spot, index.findCandidates(names));
  kinds.set(names, kind);
  const inner: readonly Element[] = children.filter((child) => child.kind === 'element');
  let next = 0;
  const dressed = replaceNodes(children, (child) =>
    child.kind === 'text' ? child : dress(toSpot(child, spot, inner, next++), kind.inner, index),
  );
  const ranks = kind.ranks ?? toRanks(kind.rules.filter(({ compound }) => judge(spot, compound) === 'yes'));
  const style = index.toStyle(attrs['style'] ?? '')(ranks);
  return withParts(spot.element, withStyle(attrs, style), dressed);
}

function toKind(spot: Spot, candidates: readonly Ranked[]): Kind {
  const rules = candidates.filter(({ sure }) => judge(spot, sure) === 'yes');
  const ranks = rules.every(({ sure, compound }) => sure === compound) ? toRanks(rules) : null;
  return { rules, ranks, inner: new Map() };
}

/** What an element needs at least, wherever among its siblings it stands, and the elements that it is in. */
function leaveOutSiblings(compound: Compound): Compound {
  const questions = compound.questions.filter((question) => !asksPlace(question));
  const left = leaveOutBeside(compound.left);
  const isSame = questions.length === compound.questions.length && left === compound.left;
  return isSame ? compound : { questions, left };
}

/** Siblings are in the same elements. */
function leaveOutBeside(left: Compound['left']): Compound['left'] {
  if (left === null) return null;
  const { combinator, compound } = left;
  if (combinator === 'adjacent' || combinator === 'sibling') return leaveOutBeside(compound.left);
  const sure = leaveOutSiblings(compound);
  return sure === compound ? left : { combinator, compound: sure };
}

function asksPlace(question: Question): boolean {
  return question.kind === 'place' || ('of' in question && question.of.some((all) => all.some(asksPlace)));
}

function toRanks(rules: readonly Ranked[]): string {
  return rules.map(({ rank }) => `,${rank}`).join('');
}

/** The winning declarations in the order in which they won, so that `padding` and `padding-top` come out right. */
function toStyle(own: string, rules: readonly Rule[]): string {
  const style = new Map<string, Declaration>();
  const declare = (declaration: Declaration): void => {
    const { name, isImportant } = declaration;
    if (style.get(name)?.isImportant === true && !isImportant) return;
    style.delete(name);
    style.set(name, declaration);
  };
  for (const { declarations } of rules) declarations.forEach(declare);
  for (const [name, value] of parseStyle(own)) declare({ name, value, isImportant: false });
  // Importance outranks every order.
  const all = [...style.values()].sort((a, b) => Number(a.isImportant) - Number(b.isImportant));
  return all
    .filter(({ name }) => name !== 'content')
    .map(({ name, value }) => `${name}: ${value.replaceAll('"', "'")};`)
    .join(' ');
}

/** Whether a selector matches; if not, how much more of the tree is worth a look. */
type Verdict = 'yes' | 'no' | 'no-sibling' | 'no-ancestor';

/**
 * `a b c` need not try every ancestor for `b` with every one for `a`: what is not found above the nearest `b` is not above
 * a farther one either. So the time is that of one walk up and along, whatever the theme asks.
 */
function judge(spot: Spot, { questions, left }: Compound): Verdict {
  if (!questions.every((question) => answers(spot, question))) return 'no';
  if (left === null) return 'yes';
  const { combinator, compound } = left;
  switch (combinator) {
    case 'child':
      return spot.parent === null ? 'no-ancestor' : upwards(judge(spot.parent, compound));
    case 'descendant':
      for (let above = spot.parent; above !== null; above = above.parent) {
        const verdict = judge(above, compound);
        if (verdict === 'yes' || verdict === 'no-ancestor') return verdict;
      }
      return 'no-ancestor';
    case 'adjacent':
      return spot.index > 0 ? judge(toSibling(spot, spot.index - 1), compound) : 'no-sibling';
    case 'sibling':
      return judgeSiblings(spot, compound);
  }
}

/** How far along the children of a parent a compound was looked for, and what ended the search. */
interface Search {
  looked: number;
  verdict: 'yes' | 'no-ancestor' | null;
}

/** Each search goes along the children of a parent once, whichever of them ask. */
const searches = new WeakMap<readonly Element[], Map<Compound, Search>>();

function judgeSiblings(spot: Spot, compound: Compound): Verdict {
  const known = searches.get(spot.siblings) ?? new Map<Compound, Search>();
  searches.set(spot.siblings, known);
  const search = known.get(compound) ?? { looked: 0, verdict: null };
  known.set(compound, search);
  while (search.verdict === null && search.looked < spot.index) {
    const verdict = judge(toSibling(spot, search.looked), compound);
    search.looked += 1;
    if (verdict === 'yes' || verdict === 'no-ancestor') search.verdict = verdict;
  }
  // What ended it may stand behind the one that asks now.
  return search.looked <= spot.index ? (search.verdict ?? 'no-sibling') : 'no-sibling';
}

/** That a parent has no such sibling says nothing of its child's siblings. */
function upwards(verdict: Verdict): Verdict {
  return verdict === 'no-sibling' ? 'no' : verdict;
}

function toSibling({ siblings, parent, element }: Spot, index: number): Spot {
  return toSpot(siblings[index] ?? element, parent, siblings, index);
}

function answers(spot: Spot, question: Question): boolean {
  switch (question.kind) {
    case 'tag':
      return spot.element.tag === question.name;
    case 'class':
      return spot.classes.includes(question.name);
    case 'not':
    case 'any':
      return question.of.some((all) => all.every((each) => answers(spot, each))) === (question.kind === 'any');
    case 'place': {
      const { of, from, step, start } = question;
      const { siblings, index } = spot;
      const before = of === 'all' ? index : (countTags(siblings).before[index] ?? 0);
      const all = of === 'all' ? siblings.length : (countTags(siblings).all.get(spot.element.tag) ?? 0);
      const place = from === 'start' ? before + 1 : all - before;
      return step === 0 ? place === start : (place - start) % step === 0 && (place - start) / step >= 0;
    }
  }
}

interface TagCounts {
  /** How many of the same tag stand before each. */
  readonly before: readonly number[];
  readonly all: ReadonlyMap<string, number>;
}

const tagCounts = new WeakMap<readonly Element[], TagCounts>();

function countTags(siblings: readonly Element[]): TagCounts {
  const known = tagCounts.get(siblings);
  if (known !== undefined) return known;
  const all = new Map<string, number>();
  const before = siblings.map(({ tag }) => {
    const count = all.get(tag) ?? 0;
    all.set(tag, count + 1);
    return count;
  });
  const counts = { before, all };
  tagCounts.set(siblings, counts);
  return counts;
}
