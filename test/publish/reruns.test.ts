// Killed runs, runs at once, authors who go on writing, broken disks, rehearsals and whole folders: what one rerun finds.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/local/cache.ts';
import { currentProcess } from '../../src/local/machine.ts';
import { type Entry, type Intent, printEntry, toEntryName } from '../../src/publish/entry.ts';
import { openMachineLeases } from '../../src/publish/lease.ts';
import { parseFault } from '../../src/sandbox/index.ts';
import { LOSE } from './gate.ts';
import {
  A,
  B,
  draftsOf,
  expectAtRest,
  expectHealed,
  onStage,
  PLAIN,
  reword,
  type Stage,
  toPost,
  unflag,
} from './stage.ts';

/** A spawned run that is killed as its call of `path` arrives; `lands` or not, no answer reaches it. */
async function killAt(stage: Stage, path: string, lands: boolean): Promise<void> {
  const { child, ended } = stage.spawn(A);
  const killed = new Promise<void>((resolve, reject) => {
    stage.gate.at(path, async ({ forward }) => {
      if (lands) await forward();
      child.kill('SIGKILL');
      resolve();
      return LOSE;
    });
    ended.then(
      ({ code, stderr }) => code !== null && reject(new Error(`ended with ${code} before ${path}: ${stderr}`)),
    );
  });
  await killed;
  await ended;
}

const keyOf = ({ sandbox }: Stage) => sha256([sandbox.appId, 'story', A].join('\n')).slice(0, 20);
const leaseOf = (stage: Stage, kind: string) => join(stage.home, 'leases', `${keyOf(stage)}.${kind}`);
const holdLease = (stage: Stage) =>
  openMachineLeases(join(stage.home, 'leases')).acquire(keyOf(stage), { waitMs: 0, onWait: () => undefined });

describe.concurrent('kill -9', () => {
  test.each<[path: string, lands: boolean, adds: number]>([
    ['stable_token', true, 1],
    ['media/uploadimg', false, 1],
    ['media/uploadimg', true, 1],
    ['material/add_material', false, 1],
    ['material/add_material', true, 1],
    ['draft/add', false, 2],
    ['draft/add', true, 1],
    ['draft/get', false, 1],
  ])('inside %s, landed: %s', async (path, lands, adds) => {
    await onStage(async (stage) => {
      await killAt(stage, path, lands);
      expect(stage.text(A)).toContain('wechat_synced: false');
      await expectHealed(stage, A);
      expect(stage.calls().filter((call) => call === 'draft/add').length).toBe(adds);
    })();
  });

  test.each([true, false])('inside draft/update, landed: %s', async (lands) => {
    await onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, (text) => reword(text).replace('"Post A"', '"Post A2"'));
      await killAt(stage, 'draft/update', lands);
      await expectHealed(stage, A);
      expect(stage.entry(A)?.rev).toBe(2);
      expect(stage.calls().filter((call) => call === 'draft/update').length).toBe(lands ? 1 : 2);
    })();
  });

  test(
    'and the checkout thrown away: the lease kept the entry',
    onStage(async (stage) => {
      await killAt(stage, 'draft/add', true);
      rmSync(join(stage.site, '.wxsync'), { recursive: true });
      await expectHealed(stage, A);
      expect(stage.calls().filter((call) => call === 'draft/add').length).toBe(1);
    }),
  );

  test(
    'by a run whose clock was ahead: no longer than the quiet is waited',
    onStage(async (stage) => {
      await killAt(stage, 'draft/add', false);
      const entry = stage.entry(A) as Entry;
      const intent = { ...(entry.intent as Intent), time: Date.now() + 86_400_000 };
      for (const file of [join(stage.site, '.wxsync/posts', toEntryName(A, entry.appId)), leaseOf(stage, 'json')]) {
        writeFileSync(file, printEntry({ ...entry, intent }));
      }
      await expectHealed(stage, A);
    }),
  );

  test.each<[string, (text: string) => string, string[]]>([
    ['the same text asks', (text) => text, ['text']],
    ['another text asks too', reword, ['text']],
  ])('before the draft was read back, and an edit in WeChat meanwhile: %s', async (_, change, parts) => {
    const clock = { ahead: 0 };
    await onStage(
      async (stage) => {
        await killAt(stage, 'draft/get', false);
        clock.ahead = 5_000;
        const { mediaId, articles } = draftsOf(stage, A)[0] ?? {};
        const { title, digest, thumbMediaId, content } = articles?.[0] ?? {};
        const edited = { title, digest, thumb_media_id: thumbMediaId, content: `${content}<p>By hand.</p>` };
        expect(await stage.call('draft/update', { media_id: mediaId, index: 0, articles: edited })).toMatchObject({
          errcode: 0,
        });
        stage.write(A, change);
        for (const _again of [1, 2]) {
          const { results } = await stage.publish(A);
          expect(results).toMatchObject([{ error: { code: 'conflict', args: { detail: parts.join(', ') } } }]);
        }
        expect(draftsOf(stage, A)[0]?.articles[0]?.content).toContain('By hand.');
        await expectHealed(stage, A, { overwrite: true });
        expect(draftsOf(stage, A)[0]?.articles[0]?.content).not.toContain('By hand.');
      },
      { now: () => Date.now() + clock.ahead },
    )();
  });
});

describe.concurrent('two runs at once', () => {
  test(
    'of two processes make one draft; who comes second finds it done',
    onStage(async (stage) => {
      const runs = [stage.spawn(A, '--json'), stage.spawn(A, '--json')];
      const ended = await Promise.all(runs.map((run) => run.ended));
      expect(ended.map(({ code }) => code)).toEqual([0, 0]);
      const statuses = ended.map(({ stdout }) => JSON.parse(stdout).results[0].status as string);
      expect(statuses.sort()).toEqual(['created', 'skipped']);
      expect(stage.calls().filter((call) => call === 'draft/add').length).toBe(1);
      await expectAtRest(stage, A);
    }),
  );

  test(
    'of one process too, and the second waits for the first',
    onStage(async (stage) => {
      const reports = await Promise.all([1, 2, 3].map(() => stage.publish(A)));
      expect(reports.map(({ results }) => results[0]?.status).sort()).toEqual(['created', 'skipped', 'skipped']);
      await expectAtRest(stage, A);
    }),
  );
});

describe.concurrent('a run whose lease went to another', () => {
  test.each<[write: string, during: string, change: (text: string) => string]>([
    ['draft/add', 'material/add_material', (text) => text],
    ['draft/update', 'draft/get', reword],
  ])('sends no %s', async (write, during, change) => {
    await onStage(async (stage) => {
      if (write === 'draft/update') await stage.publish(A);
      stage.write(A, change);
      const lock = leaseOf(stage, 'lock');
      stage.gate.at(during, () => void writeFileSync(lock, JSON.stringify({ ...currentProcess(), id: 'another' })));
      const before = stage.calls().length;
      expect(await stage.publish(A)).toMatchObject({ exitCode: 6, results: [{ error: { code: 'lease-busy' } }] });
      expect(stage.calls().slice(before)).toContain(during);
      expect(stage.calls().slice(before)).not.toContain(write);
      rmSync(lock);
      await expectHealed(stage, A);
    })();
  });
});

describe.concurrent('an author who goes on writing', () => {
  test.each(['material/add_material', 'draft/add', 'draft/get'])('during %s keeps the flag', async (path) => {
    await onStage(async (stage) => {
      stage.gate.at(path, () => {
        stage.write(A, (text) => text.replace('First words', 'Newest words'));
        return undefined;
      });
      const { results, exitCode } = await stage.publish(A);
      expect({ exitCode, results }).toMatchObject({
        exitCode: 6,
        results: [{ status: 'failed', flag: { after: false }, error: { code: 'file-changed', retryable: true } }],
      });
      expect(stage.text(A)).toContain('Newest words');
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'updated', error: null }]);
      expect(draftsOf(stage, A)[0]?.articles[0]?.content).toContain('Newest words');
      await expectAtRest(stage, A);
    })();
  });

  test.each<[string, (text: string) => string, object]>([
    ['a body changed', reword, { status: 'failed', error: { code: 'file-changed' } }],
    ['a flag set true by hand', (text) => text.replace(': false', ': true'), { status: 'skipped' }],
    ['a flag only spelled anew', (text) => text.replace(': false', ': False'), { status: 'created' }],
    ['a key taken away', (text) => text.replace(/wechat_synced.*\n/, ''), { error: { code: 'file-changed' } }],
  ])('while the run waits for the lease: %s', async (_, change, result) => {
    await onStage(async (stage) => {
      const lease = await holdLease(stage);
      const waits = stage.heard(/waiting for another run/);
      const report = stage.publish(A);
      await waits;
      stage.write(A, change);
      await lease.release();
      expect((await report).results).toMatchObject([result]);
    })();
  });

  test(
    'only where no reader sees it: the receipt names the new bytes',
    onStage(async (stage) => {
      await stage.publish(A);
      const before = stage.entry(A)?.snapshot;
      stage.write(A, (text) => unflag(text).replace('---\n', '---\n# a note to myself\n'));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'unchanged', flag: { after: true } }]);
      expect(stage.entry(A)?.snapshot).not.toBe(before);
      const calls = stage.calls();
      stage.write(A, (text) => text.replace('a note to myself', 'another note'));
      expect((await stage.publish(A)).results).toMatchObject([{ status: 'skipped', changedSince: true }]);
      expect((await stage.publish(A, { update: true })).results).toMatchObject([{ status: 'unchanged' }]);
      expect((await stage.publish(A)).results[0]).not.toHaveProperty('changedSince', true);
      expect(stage.calls()).toEqual(calls);
    }),
  );
});

describe.concurrent('a disk that refuses', () => {
  test(
    'the ledger: nothing is sent',
    onStage(async (stage) => {
      writeFileSync(join(stage.site, '.wxsync'), 'a file');
      expect(await stage.publish(A)).toMatchObject({
        exitCode: 2,
        results: [{ error: { code: 'ledger-unwritable' } }],
      });
      expect(stage.writes()).toEqual([]);
      rmSync(join(stage.site, '.wxsync'));
      await expectHealed(stage, A);
    }),
  );

  test.each([true, false])('the home of leases, whether the post is new: %s', async (isNew) => {
    await onStage(async (stage) => {
      if (!isNew) await stage.publish(A);
      stage.write(A, unflag);
      rmSync(stage.home, { recursive: true });
      writeFileSync(stage.home, 'a file');
      const before = stage.writes();
      expect(await stage.publish(A)).toMatchObject({
        exitCode: 2,
        results: [{ error: { code: 'ledger-unwritable' } }],
      });
      expect(stage.writes()).toEqual(before);
      rmSync(stage.home);
      await expectHealed(stage, A);
    })();
  });

  test(
    'the ledger after the draft was made: the id is said, and the lease remembers it',
    onStage(async (stage) => {
      const posts = join(stage.site, '.wxsync/posts');
      stage.gate.at('draft/add', ({ forward }) => {
        return forward().then(() => {
          rmSync(posts, { recursive: true });
          writeFileSync(posts, 'a file');
          return undefined;
        });
      });
      const { results, exitCode } = await stage.publish(A);
      expect({ exitCode, results }).toMatchObject({
        exitCode: 8,
        results: [{ error: { code: 'ledger-not-written' } }],
      });
      expect(results[0]?.error?.args['mediaId']).toBe(stage.sandbox.drafts()[0]?.mediaId);
      rmSync(posts);
      await expectHealed(stage, A);
      expect(stage.calls().filter((call) => call === 'draft/add').length).toBe(1);
    }),
  );

  test(
    'a receipt that cannot be read stops its post',
    onStage(async (stage) => {
      await stage.publish(A);
      stage.write(A, unflag);
      const receipt = join(stage.site, '.wxsync/posts', toEntryName(A, stage.sandbox.appId));
      const whole = readFileSync(receipt);
      writeFileSync(receipt, whole.subarray(0, 100));
      const before = stage.calls().length;
      expect(await stage.publish(A)).toMatchObject({
        exitCode: 8,
        results: [{ error: { code: 'ledger-unreadable' } }],
      });
      expect(stage.calls().length).toBe(before);
      writeFileSync(receipt, whole);
    }),
  );

  test(
    'the post itself, become a folder',
    onStage(async (stage) => {
      const file = join(stage.site, PLAIN);
      const text = stage.text(PLAIN);
      stage.gate.at('draft/get', () => {
        rmSync(file);
        mkdirSync(file);
        return undefined;
      });
      expect(await stage.publish(PLAIN)).toMatchObject({ exitCode: 6, results: [{ error: { code: 'file-changed' } }] });
      rmSync(file, { recursive: true });
      stage.write(PLAIN, text);
      await expectHealed(stage, PLAIN);
    }),
  );
});

describe.concurrent('a rehearsal', () => {
  test(
    'keeps a ledger of its own and leaves the flag',
    onStage(
      async (stage) => {
        const { target, results } = await stage.publish(A);
        expect({ target, results }).toMatchObject({
          target: 'sandbox',
          results: [{ status: 'created', flag: { before: false, after: false } }],
        });
        expect(results[0]?.preview).toMatch(/^\.wxsync\/preview\//);
        expect(stage.entry(A, '.wxsync/sandbox/posts')).toMatchObject({ state: 'verified' });
        expect(stage.entry(A)).toBeNull();
        const before = stage.writes();
        expect((await stage.publish(A)).results).toMatchObject([{ status: 'unchanged' }]);
        expect(stage.writes()).toEqual(before);
        expect((await stage.publish(A, { flip: true })).results).toMatchObject([{ flag: { after: true } }]);
      },
      { appId: 'wxsandbox012345678' },
    ),
  );
});

describe.concurrent('several posts', () => {
  test(
    'more new ones than allowed: no call at all',
    onStage(async (stage) => {
      const { exitCode, error, results } = await stage.publish('posts', { maxNew: 2 });
      expect({ exitCode, code: error?.code, args: error?.args, results }).toEqual({
        exitCode: 2,
        code: 'too-many-new',
        args: { count: 3, max: 2 },
        results: [],
      });
      expect(stage.sandbox.history()).toEqual([]);
      expect((await stage.publish([A, B], { maxNew: 2 })).exitCode).toBe(0);
      expect((await stage.publish('posts', { maxNew: 1 })).exitCode).toBe(0);
      expect(await stage.publish('posts', { maxNew: 0, update: true })).toMatchObject({ exitCode: 0 });
    }),
  );

  test(
    'one that must be mended and one that is refused leave the others alone',
    onStage(async (stage) => {
      stage.write('posts/0.md', toPost('Bad', '![](/missing.png)'));
      stage.sandbox.addFault(parseFault('draft/add:45166@1'));
      const { exitCode, results } = await stage.publish('posts');
      expect(exitCode).toBe(7);
      expect(results.map(({ file, status, error }) => [file, status, error?.code])).toEqual([
        ['posts/0.md', 'failed', 'post-invalid'],
        [A, 'failed', 'content-refused'],
        [B, 'created', undefined],
        [PLAIN, 'created', undefined],
      ]);
    }),
  );

  test(
    '--fail-fast starts nothing after the first failure',
    onStage(async (stage) => {
      stage.sandbox.addFault(parseFault('draft/add:45009@1'));
      const { exitCode, results } = await stage.publish('posts', { failFast: true });
      expect(exitCode).toBe(7);
      expect(results.map(({ status, reason }) => [status, reason])).toEqual([
        ['failed', null],
        ['skipped', 'interrupted'],
        ['skipped', 'interrupted'],
      ]);
      expect(stage.calls().filter((call) => call === 'draft/add').length).toBe(1);
    }),
  );

  test(
    'Ctrl-C finishes the draft in flight and its flip, and starts nothing new',
    onStage(async (stage) => {
      const { child, ended } = stage.spawn('posts', '--json');
      const talked = new Promise<void>((resolve) => {
        child.stderr?.on('data', (text: string) => /stop/i.test(text) && resolve());
      });
      stage.gate.at('draft/add', async () => {
        child.kill('SIGINT');
        await talked;
        return undefined;
      });
      const { code, stdout } = await ended;
      expect(code).toBe(130);
      const { results } = JSON.parse(stdout) as { results: { status: string; reason: string | null }[] };
      expect(results.map(({ status, reason }) => [status, reason])).toEqual([
        ['created', null],
        ['skipped', 'interrupted'],
        ['skipped', 'interrupted'],
      ]);
      await expectAtRest(stage, A);
    }),
  );

  test(
    'Ctrl-C while another run has the post waits no longer',
    onStage(async (stage) => {
      const lease = await holdLease(stage);
      const { child, ended } = stage.spawn(A, '--json');
      child.stderr?.on('data', (text: string) => /waiting for another run/.test(text) && child.kill('SIGINT'));
      const { code, stdout } = await ended;
      expect(code).toBe(130);
      expect(JSON.parse(stdout).results).toMatchObject([{ status: 'failed', error: { code: 'lease-busy' } }]);
      await lease.release();
      await expectHealed(stage, A);
    }),
  );

  test(
    'a second Ctrl-C ends the call in flight and says so in the receipt',
    onStage(async (stage) => {
      const { child, ended } = stage.spawn(A, '--json');
      let talk = 0;
      stage.gate.at('draft/add', async () => {
        const talked = new Promise<void>((resolve) => {
          child.stderr?.on('data', (text: string) => /stop/i.test(text) && talk++ === 0 && resolve());
        });
        child.kill('SIGINT');
        await talked;
        child.kill('SIGINT');
        await ended;
        return undefined;
      });
      expect((await ended).code).toBe(130);
      expect(stage.entry(A)).toMatchObject({ state: 'unknown', intent: { attempt: 1 } });
      await expectHealed(stage, A);
    }),
  );
});
