// Asks git one question at a time, without the repository's hooks or monitors and without a shell.
import { spawnSync } from 'node:child_process';

const SAFE = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];

/** Whether git tracks this file; false where there is no git. */
export function isTracked(gitRoot: string | null, file: string): boolean {
  if (gitRoot === null) return false;
  const args = [...SAFE, '-C', gitRoot, 'ls-files', '--error-unmatch', '--', file];
  return spawnSync('git', args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}
