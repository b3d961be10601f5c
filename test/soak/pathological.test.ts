// Hostile and senseless Markdown, all of each row: npm test is content with a third that is quick enough.
import { beforeAll, test } from 'vitest';
import { ALL, expectInTime, FLAT, FLAT_MDX, findLoop } from '../render/pathological.ts';

beforeAll(findLoop);

test.each(FLAT)('%s', async (_name, make) => expectInTime(make(ALL)));

test.each(FLAT_MDX)('MDX: %s', async (_name, make) => expectInTime(make(ALL), { dialect: 'mdx' }));
