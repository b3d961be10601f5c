// What a rule of a content stage is, and how a list of them is applied to an article; it knows no rule itself.
import type { Evidence } from '../evidence.ts';
import { type Element, parseTree, printTree } from './tree.ts';

/** `loss`: a reader, or the author at saving, can notice it. `form`: other markup, the same look. */
export type Effect = 'loss' | 'form';

export interface ContentRule extends Evidence {
  readonly says: string;
  readonly effect: Effect;
  /** WeChat's answer when it refuses to save for this rather than changing it; null where only the refusal is known. */
  readonly refusal?: number | null;
}

/** One thing a stage did to an article. */
export interface FilterChange<Rule extends string = string> {
  readonly rule: Rule;
  readonly times: number;
}

export interface Filtered<Rule extends string = string> {
  readonly html: string;
  readonly changes: readonly FilterChange<Rule>[];
}

/** What differs between two people at the same stage. */
export interface Habits {
  /** Whether WeChat's server gets the pictures that lie elsewhere. */
  readonly fetches: 'all' | 'none';
  /** Whether the browser that is copied from hands SVG on. */
  readonly svg: 'kept' | 'lost';
}

/** A rule over the whole tree; it calls `note` for each thing it changes. */
export interface TreeRule extends ContentRule {
  readonly change: (root: Element, note: () => void, habits: Habits) => Element;
}

/** Applies the rules in their order; those that changed something are reported in that order. */
export async function runRules<Rule extends string>(
  html: string,
  rules: Readonly<Record<Rule, TreeRule>>,
  habits: Habits,
): Promise<Filtered<Rule>> {
  let root = await parseTree(html);
  const changes: FilterChange<Rule>[] = [];
  for (const rule of Object.keys(rules) as Rule[]) {
    let times = 0;
    root = rules[rule].change(
      root,
      () => {
        times += 1;
      },
      habits,
    );
    if (times > 0) changes.push({ rule, times });
  }
  return { html: printTree(root), changes };
}
