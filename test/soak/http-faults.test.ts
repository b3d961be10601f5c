// Every fault of HTTP met by every call of a run, with every fate of the call: about three minutes.
import { afterAll, test } from 'vitest';
import { CELLS, clear, playInLanes, toName } from '../publish/http-faults.ts';

const endOf = playInLanes(CELLS, 12);
afterAll(clear);

test.each(CELLS.map((cell) => [toName(cell), cell] as const))('%s', (_name, cell) => endOf(cell));
