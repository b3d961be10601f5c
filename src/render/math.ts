// Formulas to drawings that stand in a page by themselves, within bounds; loads MathJax when a post first holds one.
import { LIMITS } from '../facts/limits.ts';
import { UNEVEN } from '../facts/markup.ts';
import type { TexFault } from './tex-faults.ts';
import { type Element, printNodes } from './tree.ts';

/** Why a formula is not drawn: its TeX is wrong, or it and those before it are more than a post may hold. */
export type NotDrawn =
  /** `reason`: in the words of the library. */
  { readonly is: 'broken'; readonly reason: string; readonly fault: TexFault } | { readonly is: 'too-much' };

/** A formula as an `svg` in `currentColor`, measured in ex, with no reference, class or id in it. */
export type DrawMath = (tex: string, isBlock: boolean) => Element | NotDrawn;

/** What changes how later formulas are read. */
const DEFINITION = /\\(?:[a-z]*def|let|re?newcommand|newcommand|provide|re?newenv|newenv|Declare|mathtoolsset|new\w+)/i;

interface Drawn {
  readonly result: Element | NotDrawn;
  /** Characters and commands that were read, macros written out. */
  readonly steps: number;
}

/** Formulas of posts that define nothing: the next rendering needs them again. */
const kept = new Map<string, Drawn>();
const MAX_KEPT = 500;

/** Steps that it takes to find a formula broken, beside its own: thousands of them are no post. */
const REFUSAL = 30;

/** ex; what no reader can have meant, whatever the TeX says. */
const MAX_SIZE = 2_000;
/** ex; a wider formula is wider than a phone's column. WeChat makes it no narrower than its least width, and its frame scrolls. */
const WIDE = 36;

class TooMuch extends Error {}

/**
 * Loads what drawing needs.
 *
 * @returns a function for the formulas of one post in their order, since one may define what the next ones use
 */
export async function loadMath(): Promise<DrawMath> {
  const { BrokenFormula, createBoard } = await import('./mathjax.ts');
  const { toOutline } = await import('./outline.ts');
  const { UnknownShape } = await import('./path-data.ts');
  // It takes 20 ms, and formulas that were drawn before need none.
  let board: ReturnType<typeof createBoard> | null = null;
  let isPlain = true;
  let left: number = LIMITS.formulas.value;
  let room: number = LIMITS.content.value;

  const work = (tex: string, isBlock: boolean): Drawn => {
    let steps = 0;
    const count = (): void => {
      steps += 1;
      if (steps > Math.min(left, LIMITS.formula.value)) throw new TooMuch();
    };
    try {
      if (tex.length > Math.min(left, LIMITS.formula.value)) throw new TooMuch();
      board ??= createBoard();
      const svg = board(tex, isBlock, count);
      return { result: place(svg, isBlock, toOutline), steps };
    } catch (error) {
      if (error instanceof BrokenFormula || error instanceof UnknownShape) {
        const fault = error instanceof BrokenFormula ? error.fault : { problem: 'other', name: '', other: '' };
        return { result: { is: 'broken', reason: error.message, fault }, steps };
      }
      if (!(error instanceof TooMuch || error instanceof RangeError)) throw error;
      board = null;
      return { result: { is: 'too-much' }, steps };
    }
  };

  return (tex, isBlock) => {
    if (room <= 0 || left <= 0) return { is: 'too-much' };
    isPlain &&= !DEFINITION.test(tex);
    const key = `${isBlock} ${tex}`;
    const known = isPlain ? kept.get(key) : undefined;
    const drawn = known !== undefined && known.steps <= left ? known : work(tex, isBlock);
    left -= drawn.steps + ('is' in drawn.result ? REFUSAL : 0);
    if (!('is' in drawn.result)) room -= printNodes([drawn.result]).length;
    if (kept.size >= MAX_KEPT) kept.clear();
    const isLasting = !('is' in drawn.result) || drawn.result.is === 'broken';
    if (isPlain && isLasting) kept.set(key, drawn);
    return drawn.result;
  };
}

/** The drawing as large as MathJax says, standing on the line of the text round it. */
function place(svg: Element, isBlock: boolean, toOutline: (svg: Element) => Element): Element {
  const { attrs } = svg;
  const toEx = (size: string | undefined): number => Math.round(Number.parseFloat(size ?? '0') * 100) / 100 || 0;
  const [width, height] = [toEx(attrs['width']), toEx(attrs['height'])];
  if (width > MAX_SIZE || height > MAX_SIZE || !attrs['width']?.endsWith('ex')) throw new TooMuch();
  const depth = toEx(/vertical-align:\s*(-?[\d.]+)ex/.exec(attrs['style'] ?? '')?.[1]);
  const isWide = isBlock && width > WIDE;
  const style = [
    `width:${width}ex`,
    ...(isWide ? [`min-width:${width}ex`] : []),
    `height:${height}ex`,
    // Some glyphs reach a little over the size that MathJax reckons.
    'overflow:visible',
    ...(depth === 0 ? [] : [`vertical-align:${depth}ex`]),
    ...(isWide || width <= WIDE ? [] : ['max-width:100%']),
  ];
  const wide = isWide ? { [UNEVEN]: '' } : {};
  const outline = toOutline(svg);
  return { ...outline, attrs: { ...outline.attrs, ...wide, style: style.join(';') } };
}
