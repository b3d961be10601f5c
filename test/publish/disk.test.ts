// A disk that fails at any one operation of a run: nothing is torn, no draft is lost or made twice.
import { test } from 'vitest';
import { expectSoundDisk, failDisk } from './failing-disk.ts';
import { onStage } from './stage.ts';

test(
  'every thirteenth operation fails, one a run, until a run meets no fault',
  onStage(async ({ site }) => expectSoundDisk(await failDisk(site, { codes: 'one', step: 13 }))),
  120_000,
);
