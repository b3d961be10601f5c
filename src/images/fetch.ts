// Fetches one remote picture from public servers only, within bounds of time and size; it does not know what a picture is.
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { Agent, buildConnector, Dispatcher } from 'undici';
import { LIMITS } from '../facts/limits.ts';
import { isPublicAddress } from './address.ts';
import { fail, type ImageNote } from './failure.ts';
import { showReference } from './reference.ts';

/** What a fetch may reach. There is one such network; tests make others, and no setting, post or flag can. */
export interface Network {
  /** The addresses of a host name. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Whether a connection to this address and port may be made, and kept. */
  readonly allows: (address: string, port: number) => boolean;
  /** The certificates to believe, in PEM; absent: those of the system. */
  readonly ca?: string;
}

/** The internet: public unicast addresses, the ports of the web. */
export const INTERNET: Network = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  allows: (address, port) => isPublicAddress(address) && (port === 80 || port === 443),
};

export interface FetchOptions {
  /** Only these hosts, by their exact names; null = any. */
  readonly allowHosts: readonly string[] | null;
  readonly signal?: AbortSignal;
  readonly network?: Network;
  /** Bound of the whole fetch, all redirects included. */
  readonly timeoutMs?: number;
}

export type FetchResult =
  | { readonly kind: 'ok'; readonly bytes: Uint8Array }
  /** It will not be better next time. */
  | ({ readonly kind: 'refused' } & ImageNote)
  /** Later it may be. */
  | { readonly kind: 'unreachable'; readonly detail: string };

type Step = { readonly redirect: URL } | { readonly bytes: Uint8Array };

const MAX_REDIRECTS = 3;

/** No cookies, no referrer, nothing compressed that could grow. */
const HEADERS = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'wxsync' } as const;

/** Refusals of the client's side that a later try may mend: timeout, too early, too many requests. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/** Carries a refusal out of the depths of a connection. */
class Refused extends Error {
  readonly note: ImageNote;
  constructor(note: ImageNote) {
    super(note.code);
    this.note = note;
  }
}

/** A server that answered badly, but may answer well later. */
class Unreachable extends Error {}

/**
 * Gets the bytes behind an http(s) address. Each address is checked as literal in the URL, in the look-up that its own
 * connection uses, and on the connected socket; so is each of at most three redirects. A proxy is never used.
 * Rejects only with the reason of the given signal.
 */
export async function fetchImage(url: string, options: FetchOptions): Promise<FetchResult> {
  const timer = AbortSignal.timeout(options.timeoutMs ?? LIMITS.remoteTime.value);
  const signal = options.signal === undefined ? timer : AbortSignal.any([options.signal, timer]);
  const { Agent, buildConnector } = await import('undici');
  const network = options.network ?? INTERNET;
  const connect = guardConnector(buildConnector, network);
  // One connection a request: a stranger's connection is not kept.
  const agent = new Agent({ connect, pipelining: 0 });
  try {
    let current = new URL(url);
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      checkUrl(current, options.allowHosts);
      const step = await takeStep(current, { agent, signal });
      if ('bytes' in step) return { kind: 'ok', bytes: step.bytes };
      if (current.protocol === 'https:' && step.redirect.protocol === 'http:') throw refuse('https → http');
      current = step.redirect;
    }
    throw refuse(`redirect × ${MAX_REDIRECTS + 1}`);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof Refused) return { kind: 'refused', code: error.note.code, args: error.note.args };
    return { kind: 'unreachable', detail: timer.aborted ? 'timeout' : describe(error) };
  } finally {
    await agent.destroy();
  }
}

function checkUrl(url: URL, allowHosts: readonly string[] | null): void {
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new Refused(fail('image-address-refused', { address: showReference(url.href) }));
  }
  if (allowHosts !== null && !allowHosts.includes(url.hostname)) {
    throw new Refused(fail('image-host-not-allowed', { host: url.hostname }));
  }
}

async function takeStep(url: URL, { agent, signal }: { agent: Agent; signal: AbortSignal }): Promise<Step> {
  const target = { origin: url.origin, path: url.pathname + url.search, method: 'GET' } as const;
  const answer = await agent.request({ ...target, headers: HEADERS, signal });
  const { statusCode: status, headers, body } = answer;
  // A body that is left unread fails when the agent is destroyed, and nobody would listen.
  body.on('error', () => {});
  const location = status >= 300 && status < 400 ? headers['location'] : undefined;
  if (typeof location === 'string') {
    if (!URL.canParse(location, url)) throw refuse(String(status));
    return { redirect: new URL(location, url) };
  }
  if (status >= 500 || PASSING.has(status)) throw new Unreachable(`HTTP ${status}`);
  if (status !== 200) throw refuse(String(status));
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') throw refuse(`content-encoding ${encoding}`);
  return { bytes: await readBody(body, Number(headers['content-length'] ?? 0)) };
}

/** The body, counted while it is read: what the server says of its length is believed only when it is too much. */
async function readBody(body: Dispatcher.ResponseData['body'], announced: number): Promise<Uint8Array> {
  const max = LIMITS.remoteImage.value;
  const chunks: Buffer[] = [];
  let length = 0;
  if (announced > max) throw new Refused(fail('image-too-big', { bytes: announced, max }));
  for await (const chunk of body) {
    length += chunk.length;
    if (length > max) throw new Refused(fail('image-too-big', { bytes: length, max }));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Checks a literal address before connecting (the look-up is never asked about one), and the peer afterwards. */
function guardConnector(build: typeof buildConnector, network: Network): buildConnector.connector {
  return (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    const judge = (address: string): Refused | null =>
      network.allows(address, port) ? null : refuseAddress(address, port);
    const literal = isIP(host) === 0 ? null : judge(host);
    if (literal !== null) {
      callback(literal, null);
      return;
    }
    const { ca } = network;
    build({ lookup: guardLookup(network, judge), ...(ca !== undefined && { ca }) })(target, (...[error, socket]) => {
      const peer = error === null ? judge(socket.remoteAddress ?? '') : error;
      if (peer === null && socket !== null) callback(null, socket);
      else {
        socket?.destroy();
        callback(peer ?? new Error('no socket'), null);
      }
    });
  };
}

/** One bad address among a host's addresses refuses them all. */
function guardLookup(network: Network, judge: (address: string) => Refused | null): LookupFunction {
  return (host, options, callback) => {
    network.resolve(host).then(
      (addresses) => {
        const refusal = addresses.map(judge).find((each) => each !== null);
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = found;
        if (refusal !== undefined) callback(refusal, '', 0);
        else if (first === undefined) callback(new Unreachable(`no address of ${host}`), '', 0);
        else if (options.all === true) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), '', 0),
    );
  };
}

function refuse(status: string): Refused {
  return new Refused(fail('image-remote-refused', { status }));
}

function refuseAddress(address: string, port: number): Refused {
  const shown = port === 80 || port === 443 ? address : `${address}:${port}`;
  return new Refused(fail('image-address-refused', { address: shown }));
}

function describe(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : 'unknown';
}
