// A cover without a draft: what counts is how old it was when its draft was looked for.
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULTS } from '../../src/local/config-keys.ts';
import { readPost } from '../../src/publish/read.ts';
import type { Run } from '../../src/publish/run.ts';
import type { Scene } from '../../src/publish/scene.ts';
import { weigh } from '../../src/publish/search.ts';
import { toPost } from './stage.ts';

const NOW = 1_800_000_000_000;
const CLOCKS = { timeoutMs: 30_000, quietMs: 60_000 };

/** A post whose cover is so many seconds old, and was found without a draft so many seconds ago. `now` is NOW. */
async function toScene(age: number, looked: number): Promise<Scene> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-weigh-')));
  const file = join(root, 'a.md');
  writeFileSync(file, toPost('A', 'No picture.'));
  const at = { file, named: true, path: 'a.md', place: { root, gitRoot: null, home: root }, config: DEFAULTS };
  const overrides = { theme: null, codeTheme: null, cover: null, author: null, digest: null };
  const reading = await readPost(at, { overrides, leaveOut: () => null, accountOf: () => null });
  if (reading.kind !== 'ok') throw new Error(reading.kind);
  const time = NOW / 1000 - age;
  const wishes = { update: false, force: false, overwrite: false, flip: true, wait: false };
  const run: Partial<Run> = { clocks: CLOCKS, wishes, now: () => NOW, stop: new AbortController().signal };
  const scene: Partial<Scene> = {
    ...{
      read: reading.read,
      run: run as Run,
      scanSince: 0,
      prepared: { body: [] as const } as unknown as Scene['prepared'],
    },
    trace: { kind: 'cover', coverIds: ['c'], since: time, time, seenAt: NOW - looked * 1000 },
  };
  return scene as Scene;
}

test('found young and old by now: its draft may have landed since, so it is looked for again', async () => {
  const next = await weigh(await toScene(300, 290));
  expect(next.trace).toBeNull();
  expect(next.scanSince).toBeGreaterThan(0);
});

test('found young a moment ago: it is waited for', async () => {
  await expect(toScene(10, 1).then(weigh)).rejects.toMatchObject({ code: 'waiting' });
});
