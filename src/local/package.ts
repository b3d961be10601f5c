// Where the installed package lies and which version it is, wherever the bundler has put this code.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder: the nearest one upward that holds the shipped themes. */
export function findPackageFolder(): string {
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'themes', 'base.css'))) return dir;
    if (dirname(dir) === dir) throw new Error('the themes folder is missing from the package');
  }
}

export function readVersion(): string {
  const text = readFileSync(join(findPackageFolder(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
