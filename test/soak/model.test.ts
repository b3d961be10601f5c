// The protocol's model in wider bounds: three runs, two kills, two acts of a person.
import { test } from 'vitest';
import { expectToHold, HOLDING } from '../publish/model/holding.ts';

test.each(HOLDING)('$name', (row) => {
  const acts = Math.min(row.conditions.acts * 2, 2);
  expectToHold({ ...row, conditions: { ...row.conditions, runs: 3, crashes: 2, acts } });
});
