// Every operation of a run's disk fails once with each code.
import { test } from 'vitest';
import { expectSoundDisk, failDisk } from '../publish/failing-disk.ts';
import { onStage } from '../publish/stage.ts';

test(
  'the Nth operation fails, for each N and each code, until a run meets no fault',
  onStage(async ({ site }) => expectSoundDisk(await failDisk(site, { codes: 'all', step: 1 }))),
);
