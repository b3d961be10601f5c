// The four stages an article can go through on its way to a reader, in their order, with the rules of each.
import { API_RULES, type ApiRule } from './api.ts';
import { CLIPBOARD_RULES, type ClipboardRule, filterClipboard } from './clipboard.ts';
import { EDITOR_RULES, type EditorRule, filterEditor } from './editor.ts';
import { READER_RULES, type ReaderRule, showReader } from './reader.ts';
import type { ContentRule, Filtered, Habits } from './rule.ts';

export type FilterRule = ApiRule | EditorRule | ClipboardRule | ReaderRule;
export type Stage = keyof typeof STAGE_RULES;

export const STAGE_RULES = {
  api: API_RULES,
  editor: EDITOR_RULES,
  clipboard: CLIPBOARD_RULES,
  reader: READER_RULES,
} as const satisfies Readonly<Record<string, Readonly<Record<string, ContentRule>>>>;

export const STAGES = Object.keys(STAGE_RULES) as readonly Stage[];

/** Every rule by its name; no two stages have one of the same name. */
export const ALL_RULES: Readonly<Record<FilterRule, ContentRule>> = {
  ...API_RULES,
  ...EDITOR_RULES,
  ...CLIPBOARD_RULES,
  ...READER_RULES,
};

/** Everything is fetched, and the browser hands on all it has: what the most fortunate author meets. */
export const FORTUNATE: Habits = { fetches: 'all', svg: 'kept' };

/**
 * A stored article at a stage, with what that stage changed. `api`: as it is stored. `editor`: opened in the backend and
 * saved. `clipboard`: copied from a browser and pasted there instead. `reader`: as a client shows what the editor saved.
 */
export async function showStage(stage: Stage, stored: Filtered<ApiRule>): Promise<Filtered<FilterRule>> {
  switch (stage) {
    case 'api':
      return stored;
    case 'editor':
      return filterEditor(stored.html, FORTUNATE);
    case 'clipboard':
      return filterClipboard(stored.html, FORTUNATE);
    case 'reader':
      return showReader((await filterEditor(stored.html, FORTUNATE)).html, null);
  }
}
