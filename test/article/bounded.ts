// Runs hostile work that must end: work that does not is stopped from outside, so that the test fails and never hangs.
import { runInNewContext } from 'node:vm';

/** Far more than any of it needs on a busy computer, and far less than work that grows with the square of its input. */
const LIMIT_MS = 20_000;

/** What the work gives. Throws ERR_SCRIPT_EXECUTION_TIMEOUT for work that goes on and on, also inside one regular expression. */
export function runBounded<T>(work: () => T): T {
  return runInNewContext('work()', { work }, { timeout: LIMIT_MS }) as T;
}
