// The decoder's jail: a decoder that dies, hangs or hoards ends one picture; the others come out as if decoded here.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { fitCover } from '../../src/images/cover.ts';
import { fitBodyImage } from '../../src/images/fit.ts';
import { createJail, JAIL, type Job } from '../../src/images/jail.ts';
import { FAULTS, noise, withFault } from './samples.ts';

const MAX_BYTES = 400_000_000;

const picture = await noise(40, 20).png().toBuffer();
const bodyOf = (bytes: Uint8Array): Job => ({ kind: 'body', bytes, maxWidth: 1440 });
const faulty = (fault: string) => bodyOf(withFault(picture, fault));

test('what comes out is what is decoded in this process', async () => {
  const broken = picture.subarray(0, 90);
  const cover: Job = { kind: 'cover', bytes: picture };
  expect(await JAIL.fit(bodyOf(picture))).toEqual(await fitBodyImage(picture, { maxWidth: 1440 }));
  expect(await JAIL.fit(cover)).toEqual(await fitCover(picture));
  expect(await JAIL.fit(bodyOf(broken))).toEqual(await fitBodyImage(broken, { maxWidth: 1440 }));
});

describe('a decoder with faults', () => {
  // What hangs is given up before the test is, and seen by its row.
  const jail = createJail({ execArgv: FAULTS, maxBytes: MAX_BYTES, timeoutMs: 40_000 });
  const good = { ok: true, image: { format: 'png', width: 40, height: 20 } };
  const rows = [
    ['good', good],
    ['abort', { ok: false, code: 'image-crashes', args: { detail: 'SIGABRT' } }],
    ['good', good],
    ['segfault', { ok: false, code: 'image-crashes', args: { detail: 'SIGSEGV' } }],
    ['exit', { ok: false, code: 'image-crashes', args: { detail: 'exit 3' } }],
    ['late', { ok: false, code: 'image-too-heavy', args: { max: '400 MB' } }],
    ['hoard', { ok: false, code: 'image-too-heavy', args: { max: '400 MB' } }],
    ['good', good],
  ] as const;

  test('fails its own picture, and each other one comes out', async () => {
    const results = await Promise.all(
      rows.map(([fault]) => jail.fit(fault === 'good' ? bodyOf(picture) : faulty(fault))),
    );
    expect(results).toMatchObject(rows.map(([, result]) => result));
  });

  test('that hangs is given up in time', async () => {
    const hurried = createJail({ execArgv: FAULTS, timeoutMs: 2_000 });
    const tooLong = { ok: false, code: 'image-too-heavy', args: { max: '2 s' } };
    expect(await hurried.fit(faulty('hang'))).toEqual(tooLong);
  });

  test('sees nothing of the environment but where things are', async () => {
    expect(process.env).toHaveProperty('VITEST');
    const told = await jail.fit(faulty('tell'));
    const names = told.ok ? ['?'] : Object.keys(told.args);
    expect(names).toContain('PATH');
    const known = /^(?:PATH|HOME|LANG|LC_\w+|TMPDIR|TEMP|TMP|LD_LIBRARY_PATH|FONTCONFIG_\w+|XDG_\w+|NODE_CHANNEL_\w+)$/;
    expect(names.filter((name) => !known.test(name))).toEqual([]);
  });

  test('is ended at once when the run is, and the next one starts anew', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const hanging = jail.fit(faulty('hang'), controller.signal);
    const waiting = jail.fit(faulty('hang'), controller.signal);
    const queued = jail.fit(bodyOf(picture), controller.signal);
    controller.abort(reason);
    expect(await Promise.allSettled([hanging, waiting, queued])).toMatchObject(
      [1, 2, 3].map(() => ({ status: 'rejected', reason })),
    );
    expect(await jail.fit(bodyOf(picture))).toMatchObject(good);
  });
});

test('a decoder at work ends with its parent', async () => {
  const entry = fileURLToPath(new URL('../../dist/decoder.js', import.meta.url));
  const child = fork(entry, ['1e9'], { execArgv: [], serialization: 'advanced' });
  await once(child, 'spawn');
  child.send(bodyOf(await noise(3000, 3000).png({ compressionLevel: 1 }).toBuffer()), () => child.disconnect());
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
});
