// Takes the leases of the next posts without a receipt together, so that one look through the account serves them all.
import type { Lease, LeaseStore } from './lease.ts';
import type { Reading, ReadPost } from './read.ts';
import type { Run } from './run.ts';

/** So many at once: another run that waits for one of them should not wait for all. */
const POSTS_AT_ONCE = 10;

export interface Hold {
  /** Gives out what is held, else what the run's own store gives. */
  readonly leases: LeaseStore;
  /** Lets go of what was not asked for, and takes leases for the next posts; says how many were looked at. */
  take(readings: readonly Reading[]): Promise<number>;
  release(): Promise<void>;
}

export function createHold(run: Run): Hold {
  const held = new Map<string, Lease>();
  const release = async () => {
    const leases = [...held.values()];
    held.clear();
    for (const lease of leases) await lease.release();
  };
  return {
    leases: {
      async acquire(key, options) {
        const lease = held.get(key);
        held.delete(key);
        return lease ?? run.leases.acquire(key, options);
      },
      kept: () => run.leases.kept(),
    },

    async take(readings) {
      await release();
      const keys: string[] = [];
      let count = 0;
      for (const reading of readings) {
        if (keys.length === POSTS_AT_ONCE) break;
        count++;
        if (reading.kind === 'ok' && (await mayNeedScan(reading.read, run))) keys.push(run.markOf(reading.read.at));
      }
      // One that is not free, or cannot be had at all, is for the post's own turn to tell.
      const acquire = (key: string) => run.leases.acquire(key, { waitMs: 0, onWait: () => undefined, stop: run.stop });
      for (const key of keys.sort()) {
        const lease = await acquire(key).catch(() => null);
        if (lease !== null) held.set(key, lease);
      }
      return count;
    },

    release,
  };
}

async function mayNeedScan({ at, post }: ReadPost, run: Run): Promise<boolean> {
  if (post.flag === 'true' && !run.wishes.force && !run.wishes.update) return false;
  const ledger = run.ledgerOf(at);
  return ledger.read(at.path, run.appId).then(
    (entry) => entry === null,
    () => false,
  );
}
