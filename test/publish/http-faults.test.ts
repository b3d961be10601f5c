// Faults of HTTP, each met by one call of a run; test/soak plays each at each: one rerun heals, one more writes nothing.
import { afterAll, test } from 'vitest';
import { clear, DIAGONAL, playInLanes, toName, waitsAMinute } from './http-faults.ts';

const cells = DIAGONAL.filter((cell) => !waitsAMinute(cell));
const endOf = playInLanes(cells, 12);
afterAll(clear);

test.each(cells.map((cell) => [toName(cell), cell] as const))('%s', { timeout: 60_000 }, (_name, cell) => endOf(cell));
