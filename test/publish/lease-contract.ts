// What every store of leases must do, wherever it keeps them: one holder at a time, the entry handed on, the gone replaced.
import { describe, expect, test } from 'vitest';
import type { LeaseStore } from '../../src/publish/lease.ts';
import { toReceipt } from './repository.ts';

/** One place of leases, seen by several runs. */
export interface Place {
  /** The store as another run would open it. */
  open(): LeaseStore;
  /** Leaves a lease whose holder is gone. */
  abandon(key: string): Promise<void> | void;
  /** Gives the lease to somebody else, whoever holds it. */
  usurp(key: string): Promise<void> | void;
}

const now = { waitMs: 0, onWait: () => undefined };
const entry = toReceipt('a.md', 'text');

export function holdToContract(name: string, create: () => Promise<Place> | Place): void {
  describe(name, () => {
    test('a second holder waits, and then gives up', async () => {
      const place = await create();
      const lease = await place.open().acquire('k', now);
      const second = place.open().acquire('k', { waitMs: 150, onWait: () => undefined });
      await expect(second).rejects.toMatchObject({ code: 'lease-busy', retryable: true, args: { pid: process.pid } });
      await lease.release();
      await (await place.open().acquire('k', now)).release();
    });

    test('who waits has it when it is free', async () => {
      const place = await create();
      const lease = await place.open().acquire('k', now);
      const second = place.open().acquire('k', { waitMs: 20_000, onWait: () => void lease.release() });
      await (await second).release();
    });

    test('who waits is told whom for, and when told to stop waits no longer', async () => {
      const place = await create();
      const lease = await place.open().acquire('k', now);
      const stop = new AbortController();
      const told: number[] = [];
      const onWait = ({ pid }: { readonly pid: number }) => {
        told.push(pid);
        stop.abort();
      };
      const second = place.open().acquire('k', { waitMs: 60_000, onWait, stop: stop.signal });
      await expect(second).rejects.toMatchObject({ code: 'lease-busy' });
      expect(told).toEqual([process.pid]);
      await lease.release();
    });

    test('an entry that was forgotten is not handed on', async () => {
      const place = await create();
      const first = await place.open().acquire('k', now);
      await first.keep(entry);
      await first.keep(null);
      await first.release();
      const second = await place.open().acquire('k', now);
      expect(second.entry).toBeNull();
      await second.release();
    });

    test('other posts are free', async () => {
      const place = await create();
      const leases = [await place.open().acquire('a', now), await place.open().acquire('b', now)];
      for (const lease of leases) await lease.release();
    });

    test('the last entry is handed on, through all who keep none', async () => {
      const place = await create();
      const first = await place.open().acquire('k', now);
      expect(first.entry).toBeNull();
      await first.keep({ ...entry, state: 'prepared' });
      await first.keep(entry);
      await first.release();
      await (await place.open().acquire('k', now)).release();
      const third = await place.open().acquire('k', now);
      expect(third.entry).toEqual(entry);
      await third.release();
    });

    test('what is kept is known to who holds no lease', async () => {
      const place = await create();
      const held = await place.open().acquire('k', now);
      await held.keep(entry);
      const left = await place.open().acquire('l', now);
      await left.keep({ ...entry, state: 'prepared' });
      await left.release();
      await (await place.open().acquire('m', now)).release();
      const kept = await place.open().kept();
      expect([...kept].sort()).toEqual([
        ['k', entry],
        ['l', { ...entry, state: 'prepared' }],
      ]);
      await held.release();
    });

    test('the lease of one who is gone is taken over', async () => {
      const place = await create();
      await place.abandon('k');
      const lease = await place.open().acquire('k', now);
      await lease.check();
      await lease.release();
    });

    test('who lost the lease is told before a send, and does not take the new one away', async () => {
      const place = await create();
      const lease = await place.open().acquire('k', now);
      await place.usurp('k');
      await expect(lease.keep(entry).then(() => lease.check())).rejects.toMatchObject({ code: 'lease-busy' });
      await lease.release();
      await expect(place.open().acquire('k', now)).rejects.toMatchObject({ code: 'lease-busy' });
    });

    test('of eight who come at once one has it', async () => {
      const place = await create();
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => place.open().acquire('k', now)));
      const held = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(held).toHaveLength(1);
      for (const lease of held) {
        await lease.check();
        await lease.release();
      }
    });

    test('of many who find the same gone holder one has it at a time', async () => {
      const place = await create();
      await place.abandon('k');
      let holders = 0;
      let most = 0;
      const work = async () => {
        const lease = await place.open().acquire('k', { waitMs: 20_000, onWait: () => undefined });
        most = Math.max(most, ++holders);
        await new Promise((resolve) => setImmediate(resolve));
        holders--;
        await lease.release();
      };
      await Promise.all(Array.from({ length: 6 }, work));
      expect(most).toBe(1);
    });
  });
}
