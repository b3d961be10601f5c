// Boxes before the items of a list, `[ ]` and `[x]`, with the states that Obsidian adds: what each says; knows no parser.

/** `dropped`: given up, and struck through. */
export type Task = 'open' | 'done' | 'dropped';

/** Letters and digits but `x` number the items of many lists, so they are no boxes. */
const BOX = '\\[[ xX√✓✔/<>!?*"+~-]\\]';

/** In place of marked's own patterns of the same names. */
export const TASK_PATTERNS = {
  listIsTask: new RegExp(`^${BOX}[ \\t]+\\S`),
  listReplaceTask: new RegExp(`^${BOX}[ \\t]+`),
  listTaskCheckbox: new RegExp(BOX),
};

/** What a box says. Obsidian shows every one with a sign in it as ticked. */
export function readTask(box: string): Task {
  const sign = box.charAt(1);
  return sign === ' ' ? 'open' : sign === '-' ? 'dropped' : 'done';
}
