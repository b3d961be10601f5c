// Opens what a run works with: client, token and picture caches, ledgers, leases; from a target and the trusted environment.
import { join } from 'node:path';
import { parsePost } from '../article/post.ts';
import { LIMITS } from '../facts/limits.ts';
import type { Studio } from '../images/studio.ts';
import { findCacheHome, openCache, openJsonCache, sha256 } from '../local/cache.ts';
import { refuseUntrustedEvent } from '../local/ci.ts';
import { readRegularFile } from '../local/files.ts';
import { openGit } from '../local/git.ts';
import { type Io, isCi } from '../local/io.ts';
import { readVersion } from '../local/package.ts';
import { readOrigin, toPosixPath } from '../local/project.ts';
import { type ApiRoot, type Clocks, type Credential, findProxy, loadClocks, loadStore } from '../local/settings.ts';
import type { PageWords } from '../preview/page.ts';
import { createClient, type WechatClient, type WireEvent } from '../wechat/client.ts';
import { toTextPart } from './fingerprint.ts';
import { openGitLeases } from './git-leases.ts';
import { openMachineLeases } from './lease.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { showPost } from './page.ts';
import { fetchPending, takePending, type Waiting } from './pending.ts';
import { mapLimited } from './pool.ts';
import { type PostFile, readPost } from './read.ts';
import type { PostFacts, Run, Step, Wishes } from './run.ts';
import { type Scan, scanAccount } from './scan.ts';
import { selectPosts } from './select.ts';
import { toSnapshots } from './source-hash.ts';

const LEASE_WAIT_MS = 30_000;
const READS_AT_ONCE = 8;

/** What is published to. */
export interface Target {
  readonly kind: 'wechat' | 'sandbox';
  readonly root: ApiRoot;
  readonly credential: Credential;
  /** What uploaded pictures are remembered by beside the AppID. */
  readonly place: string;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly target: Target;
  readonly io: Pick<Io, 'env' | 'platform'>;
  readonly env: Io['env'];
  /** Where git keeps the project; null: nowhere. */
  readonly gitRoot: string | null;
  readonly wishes: Wishes;
  /** Where diagrams are drawn, for the caller to close; null: nowhere, as nothing will be sent. */
  readonly studio: Studio | null;
  readonly stop: AbortSignal;
  /** Ends calls in flight. */
  readonly hard: AbortSignal;
  /** Told each secret before it is used. */
  readonly keepSecret: (secret: string) => void;
  readonly words: PageWords;
  readonly onStep: (step: Step) => void;
  readonly onWire: (event: WireEvent) => void;
}

/**
 * Throws `setting-invalid` for clocks that are too short and a store that is not known, `event-refused` for a CI run that
 * may not use secrets; the target is closed then, or its server would keep the process alive. Opens no connection.
 */
export async function openRun(options: OpenOptions): Promise<Run> {
  try {
    return createRun(options);
  } catch (error) {
    await options.target.close();
    throw error;
  }
}

function createRun({ target, io, env, gitRoot, wishes, ...rest }: OpenOptions): Run {
  const { credential, root } = target;
  if (target.kind === 'wechat') refuseUntrustedEvent(io.env);
  const home = findCacheHome(io);
  const clocks = loadClocks(env, root);
  rest.keepSecret(credential.kind === 'secret' ? credential.secret : credential.token);
  const tokens = openJsonCache(openCache(join(home, 'tokens')), isToken);
  // With the secret in it, a wrong secret is told at once and not hidden by a token that an older one bought.
  const tokenKey = `${credential.appId} ${root.url} ${credential.kind === 'secret' ? sha256(credential.secret) : ''}`;
  const uploads = openJsonCache(openCache(join(home, 'uploads')), isUpload);
  const uploadKey = (hash: string) => `${credential.appId} ${target.place} ${hash}`;
  const client = createClient({
    apiRoot: root.url,
    appId: credential.appId,
    credential,
    tokens: {
      async load() {
        const token = await tokens.get(tokenKey);
        if (token !== null) rest.keepSecret(token.value);
        return token;
      },
      async save(token) {
        rest.keepSecret(token.value);
        await tokens.put(tokenKey, token);
      },
      clear: () => tokens.remove(tokenKey),
    },
    timeoutMs: clocks.timeoutMs,
    proxy: findProxy(env, root),
    signal: rest.hard,
    onEvent: rest.onWire,
  });
  const projectOf = once(({ place, config }: PostFile) => JSON.stringify([place.home, config.project]), toProjectId);
  const store = openStore({ target, io, env, gitRoot }, clocks);
  const takeIn = store === null ? null : createTaker(store);
  return {
    appId: credential.appId,
    client,
    wishes,
    clocks,
    ledgerOf: once(
      ({ place }) => place.home,
      (at) => openAfter(takeIn, openLedgerOf(at, target.kind)),
    ),
    markOf: (at) => sha256([credential.appId, projectOf(at), at.path].join('\n')).slice(0, 20),
    leases: store === null ? openMachineLeases(join(home, 'leases')) : openGitLeases(store.git, store),
    postsOf: once(({ place }) => place.root, listPosts),
    leaseWaitMs: LEASE_WAIT_MS,
    scan: createScanner(client),
    uploads: {
      get: (hash) => uploads.get(uploadKey(hash)),
      put: (hash, value) => uploads.put(uploadKey(hash), value),
    },
    fitted: openCache(join(home, 'fitted')),
    studio: rest.studio,
    allowHostsOf: (at) => (isCi(io) ? at.config.images.allowHosts : null),
    showPage: target.kind === 'sandbox' ? (read, prepared) => showPost(read, prepared, rest.words) : null,
    renderer: readVersion(),
    stop: rest.stop,
    now: Date.now,
    onStep: rest.onStep,
  };
}

/** A scan serves every post that was leased before it began. */
function createScanner(client: WechatClient): Run['scan'] {
  let last: Promise<Scan> | null = null;
  return async (since) => {
    const known = await last?.catch(() => null);
    if (known != null && known.began >= since) return known;
    last = scanAccount(client, Date.now());
    return last;
  };
}

async function listPosts({ place, config }: PostFile): Promise<readonly PostFacts[]> {
  const found = await selectPosts([], { cwd: place.root, root: place.root, config });
  const all = await mapLimited(found, READS_AT_ONCE, async ({ file, link }): Promise<readonly PostFacts[]> => {
    const read = link === null ? readRegularFile(file, LIMITS.postFile.value) : null;
    if (read?.kind !== 'ok') return [];
    const path = toPosixPath(place.home, file);
    const { post } = await parsePost({ bytes: read.bytes, path });
    if (post === null) return [];
    const { title, locale, flag, draftMark } = post;
    const snapshots = toSnapshots(read.bytes);
    let text: Promise<string | null> | null = null;
    const readText = () => {
      text ??= readShown({ file, named: false, path, place, config });
      return text;
    };
    return [{ path, title, locale, snapshots, isHidden: draftMark !== null, flag, readText }];
  });
  return all.flat();
}

/** The text part of what a post shows; null for one that cannot be published. */
async function readShown(at: PostFile): Promise<string | null> {
  const reading = await readPost(at, {
    overrides: { theme: null, codeTheme: null, cover: null, author: null, digest: null },
    accountOf: () => null,
    leaveOut: () => null,
    // Nobody is told what is wrong with it.
    lookCloser: async () => [],
  });
  return reading.kind === 'ok' ? toTextPart(reading.read.page.html) : null;
}

/** One value for each key. */
function once<In, Out>(keyOf: (value: In) => string, create: (value: In) => Out): (value: In) => Out {
  const known = new Map<string, Out>();
  return (value) => {
    const key = keyOf(value);
    const made = known.get(key) ?? create(value);
    known.set(key, made);
    return made;
  };
}

/** Least time after which a silent holder counts as gone, towards WeChat itself. */
const LEASE_TTL_MS = 180_000;

/** The store that the environment names; null: this machine alone. A rehearsal is nobody else's business. */
function openStore(
  { target, io, env, gitRoot }: Pick<OpenOptions, 'target' | 'io' | 'env' | 'gitRoot'>,
  { timeoutMs, quietMs }: Clocks,
) {
  const store = target.kind === 'sandbox' ? null : loadStore(env, gitRoot);
  if (store === null) return null;
  const ttlMs = Math.max(2 * (timeoutMs + quietMs), target.root.loopback ? 0 : LEASE_TTL_MS);
  return { git: openGit(store.gitRoot, io.env), remote: store.remote, ttlMs };
}

/** Takes in the receipts that wait beside the branch, when it is first called. */
function createTaker(store: Waiting): () => Promise<unknown> {
  const take = async () => {
    const pending = await fetchPending(store, 'HEAD');
    if (pending !== null) await takePending(pending);
  };
  let taken: Promise<void> | null = null;
  return () => {
    taken ??= take();
    return taken;
  };
}

/** A ledger that is read when `before` is done. */
function openAfter(before: (() => Promise<unknown>) | null, ledger: Ledger): Ledger {
  if (before === null) return ledger;
  return {
    ...ledger,
    read: (path, appId) => before().then(() => ledger.read(path, appId)),
    readAll: (path) => before().then(() => ledger.readAll(path)),
    readAccount: (appId) => before().then(() => ledger.readAccount(appId)),
  };
}

/** A post's ledger; rehearsals keep their own, so that they never eat the real publish. */
export function openLedgerOf(at: PostFile, kind: Target['kind']): Ledger {
  return openLedger(at.place.home, kind === 'sandbox' ? 'sandbox/posts' : 'posts');
}

/**
 * The project's name, else its remote, else its folder: two nameless sites of one account may both have a `post.md`, and
 * neither may be taken for the other.
 */
function toProjectId(at: PostFile): string {
  return at.config.project ?? (readOrigin(at.place.gitRoot) || at.place.home);
}

function isToken(value: unknown): value is { value: string; expiresAt: number } {
  const token = value as { value?: unknown; expiresAt?: unknown } | null;
  return typeof token?.value === 'string' && typeof token.expiresAt === 'number';
}

function isUpload(value: unknown): value is { url: string } {
  return typeof (value as { url?: unknown } | null)?.url === 'string';
}
