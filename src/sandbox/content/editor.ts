// What the backend's editor makes of an article when it is pasted, or opened from an API draft and saved.
import { type ApiRule, removeContent } from './api.ts';
import { IMAGE_RULES } from './editor-images.ts';
import { LINK_RULES } from './editor-links.ts';
import { LIST_RULES } from './editor-lists.ts';
import { MARKUP_RULES } from './editor-markup.ts';
import { STYLE_RULES } from './editor-styles.ts';
import { type Filtered, type Habits, runRules, type TreeRule } from './rule.ts';

/** In the order in which they are applied, after the removals that the API makes too. */
export const EDITOR_RULES = {
  ...LINK_RULES,
  ...LIST_RULES,
  ...STYLE_RULES,
  ...IMAGE_RULES,
  ...MARKUP_RULES,
} as const satisfies Readonly<Record<string, TreeRule>>;

export type EditorRule = keyof typeof EDITOR_RULES;

/** What is left to the editor's own rules. */
const NOT_REMOVED: ReadonlySet<ApiRule> = new Set(['image', 'background', 'link']);

/** What is unwrapped can leave tags that a parser takes apart: the editor meets them when it opens what it saved. */
const MAX_ROUNDS = 4;

/** The article as the editor saves it. Saving what was saved changes nothing more. */
export async function filterEditor(html: string, habits: Habits): Promise<Filtered<ApiRule | EditorRule>> {
  const times = new Map<ApiRule | EditorRule, number>();
  let saved = html;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const removed = await removeContent(saved, NOT_REMOVED);
    const next = await runRules(removed.html, EDITOR_RULES, habits);
    for (const { rule, times: count } of [...removed.changes, ...next.changes]) {
      if (!times.has(rule)) times.set(rule, count);
    }
    if (next.html === saved) break;
    saved = next.html;
  }
  return { html: saved, changes: [...times].map(([rule, count]) => ({ rule, times: count })) };
}
