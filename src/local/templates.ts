// Reads the files that init writes into a site, and fills in their values; knows no service and no place.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPackageFolder } from './package.ts';

/** A shipped template such as `github/wxsync.yml` with each `<NAME>` filled in. Quoting is the caller's. */
export async function fillTemplate(name: string, values: Readonly<Record<string, string>>): Promise<string> {
  const text = await readFile(join(findPackageFolder(), 'templates', name), 'utf8');
  return text.replace(/<([A-Z]+)>/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`${name}: no value for ${key}`);
    return value;
  });
}
