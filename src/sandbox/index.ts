// A WeChat Official Account on 127.0.0.1: starts and stops it; it imports nothing of the product it is used to judge.
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { createClock } from './clock.ts';
import type { LinkPolicy } from './content/api.ts';
import { LIMITS } from './counting.ts';
import type { Profile, World } from './endpoint.ts';
import { createFaults, type Fault } from './faults.ts';
import { createGateway } from './gateway.ts';
import { createHistory, type HistoryEntry } from './history.ts';
import { createLocalRoutes } from './local-routes.ts';
import { findHolder, removeLock, takeLock } from './lock.ts';
import { createQuotas, toQuotaDay } from './quotas.ts';
import { createMediaId, createStateDir, loadPair, openStore, type SandboxDraft } from './store.ts';
import { createTokens } from './tokens.ts';

export type { Profile } from './endpoint.ts';
export { FAULT_WORDS, type Fault, parseFault } from './faults.ts';
export type { HistoryEntry } from './history.ts';
export { SandboxInUse } from './lock.ts';
export type { SandboxArticle, SandboxDraft } from './store.ts';

export interface SandboxOptions {
  /** Default 0 = a free one. The host is always 127.0.0.1. */
  readonly port?: number;
  /** A folder for drafts, images, materials and the account; absent = in memory. */
  readonly stateDir?: string;
  /** Only this pair is accepted; the default is made once and kept in the state folder. */
  readonly appId?: string;
  readonly appSecret?: string;
  readonly profile?: Profile;
  /** Links to elsewhere: refused with 45166 (the default), or reduced to their text. */
  readonly links?: LinkPolicy;
  /** Field lengths as publishers measured them (the default), or as the pages say. */
  readonly limits?: 'measured' | 'documented';
  /** Calls a day by endpoint, such as `{ 'draft/add': 3 }`. */
  readonly quotas?: Readonly<Record<string, number>>;
  /** Callers from other addresses get no token (40164); absent = any address. Callers of this computer are 127.0.0.1. */
  readonly allowedIps?: readonly string[];
  /** The clock in milliseconds. */
  readonly now?: () => number;
  readonly faults?: readonly Fault[];
  /** Article HTML as a phone in dark mode shows it; without it the page has no dark view of an article. */
  readonly darken?: (html: string) => string;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly profile: Profile;
  /** Newest first. */
  drafts(): readonly SandboxDraft[];
  /**
   * What a person does by hand in WeChat's backend: the draft leaves the box and enters the publish list.
   * @returns its article id. Throws when there is no such draft.
   */
  publish(mediaId: string): string;
  /** In order of arrival. */
  history(): readonly HistoryEntry[];
  addFault(fault: Fault): void;
  /** Takes all faults away, also those that no call has met. */
  clearFaults(): void;
  /** Turns the clock on by so many milliseconds: tokens age, quotas of a new day are fresh. */
  advance(ms: number): void;
  /** Ends open connections, frees the port and the lock. */
  close(): Promise<void>;
}

export interface RunningSandbox {
  readonly url: string;
  readonly appId: string;
  readonly appSecret: string;
}

/**
 * Starts a sandbox.
 * @throws SandboxInUse when a living one holds the state folder; Node's own error when the port is taken.
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const stateDir = options.stateDir ?? null;
  const profile = options.profile ?? 'personal-unverified';
  const clock = createClock(options.now ?? Date.now);
  const { now } = clock;
  const day = (): string => toQuotaDay(now());
  const instance = randomBytes(16).toString('hex');
  const closing = new AbortController();
  const history = createHistory();
  const faults = createFaults(options.faults ?? []);

  if (stateDir !== null) createStateDir(stateDir);
  const kept = loadPair(stateDir);
  const pair = { appId: options.appId ?? kept.appId, appSecret: options.appSecret ?? kept.appSecret };

  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;

  // The store is read only once the folder is ours; until then the server answers nothing but who it is.
  server.on('request', (_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ instance }));
  });
  if (stateDir !== null) {
    try {
      await takeLock(stateDir, { pid: process.pid, port, instance, ...pair });
    } catch (error) {
      await stop(server);
      throw error;
    }
  }

  const world: World = {
    ...pair,
    profile,
    limits: LIMITS[options.limits ?? 'measured'],
    links: options.links ?? 'reject',
    allowedIps: options.allowedIps ?? null,
    tokens: createTokens(now, day),
    store: openStore(stateDir, pair.appId, now),
    now,
  };
  const quotas = createQuotas(options.quotas ?? {}, day);
  const gateway = createGateway({ world, faults, quotas, history, closing: closing.signal });
  const local = createLocalRoutes({
    world,
    faults,
    history,
    clock,
    instance,
    page: { ...world, darken: options.darken ?? null },
  });
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const target = new URL(request.url ?? '/', url);
    const routes = local.owns(target.pathname) ? local : gateway;
    routes.handle(request, response, target).catch((error: unknown) => {
      if (!closing.signal.aborted) response.destroy(error instanceof Error ? error : undefined);
    });
  });

  return {
    url,
    ...pair,
    profile,
    drafts: () => world.store.drafts.list(),
    publish: (mediaId) => publishDraft(world, mediaId),
    history: () => history.list(),
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    advance: clock.advance,
    async close() {
      closing.abort();
      if (stateDir !== null) removeLock(stateDir, instance);
      await stop(server);
    },
  };
}

/** The sandbox that serves a state folder now, by its lock; null when none lives or answers. */
export async function findRunningSandbox(stateDir: string): Promise<RunningSandbox | null> {
  const holder = await findHolder(stateDir);
  return holder === null ? null : { url: holder.url, appId: holder.appId, appSecret: holder.appSecret };
}

function publishDraft({ store, now }: World, mediaId: string): string {
  const draft = store.drafts.get(mediaId);
  if (draft === null) throw new Error(`the sandbox has no draft ${mediaId}`);
  const articleId = createMediaId();
  store.published.put({ ...draft, mediaId: articleId, updateTime: Math.floor(now() / 1000) });
  store.drafts.delete(mediaId);
  return articleId;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
