// Finds files of a project by their name alone, as Obsidian does; it reads folders, never a file, and follows no link.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** So many entries of folders are looked at; a project of more is searched no further. */
const MAX_ENTRIES = 50_000;
/** Folders of what was installed, not written. */
const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'vendor']);

/** The absolute paths of all files whose path ends with the given one, whatever the case; in the order of the folders. */
export type FindByName = (path: string) => Promise<readonly string[]>;

/**
 * The folders are read when the first name is asked for, and once. What begins with a dot is left out, and so is what a
 * link leads to.
 *
 * @param root absolute
 */
export function createNameSearch(root: string): FindByName {
  let reading: Promise<ReadonlyMap<string, readonly string[]>> | null = null;
  return async (path) => {
    if (/(?:^|\/)\.\.?(?:\/|$)/.test(path)) return [];
    reading ??= readNames(root);
    const tail = `/${fold(path).replace(/^\/+/, '')}`;
    const name = tail.slice(tail.lastIndexOf('/') + 1);
    return ((await reading).get(name) ?? []).filter((found) => fold(found).replaceAll('\\', '/').endsWith(tail));
  };
}

/** Every file, by its name in lower case; those of upper folders first. */
async function readNames(root: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = new Map<string, string[]>();
  let left = MAX_ENTRIES;
  const folders = [root];
  // Folders join the list while it is walked.
  for (const folder of folders) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries.slice(0, left)) {
      if (entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(path);
      if (!entry.isFile()) continue;
      const key = fold(entry.name);
      const known = names.get(key);
      if (known === undefined) names.set(key, [path]);
      else known.push(path);
    }
    left -= Math.min(left, entries.length);
    if (left === 0) break;
  }
  return names;
}

/** Names that a reader takes for the same. */
export function fold(name: string): string {
  return name.normalize().toLowerCase();
}
