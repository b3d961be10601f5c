// From a request to an answer on the API's routes: gateway rules, faults, quota, endpoint, history; it opens no port.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Endpoint, Outcome, World } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import type { Fault, Faults } from './faults.ts';
import type { History } from './history.ts';
import type { Quotas } from './quotas.ts';
import { type Answer, toGatewayAnswer, toRefusal, toSuccess } from './wire.ts';

export interface Gateway {
  /** Answers one API call, whatever it is. */
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

export interface GatewayParts {
  readonly world: World;
  readonly faults: Faults;
  readonly quotas: Quotas;
  readonly history: History;
  /** Aborted when the server closes, so that no latency outlives it. */
  readonly closing: AbortSignal;
}

/** What the caller gets: an answer, half of one, or a reset connection. */
type Reply = { readonly kind: 'whole' | 'half'; readonly answer: Answer } | { readonly kind: 'reset' };

interface Decided {
  readonly reply: Reply;
  readonly committed: boolean;
  readonly summary: Outcome['summary'];
}

const API_PREFIX = '/cgi-bin/';
/** No general limit of WeChat is known; this only keeps a mistake from filling the memory. */
const MAX_BODY_BYTES = 64 * 1_048_576;
const BY_PATH: ReadonlyMap<string, Endpoint> = new Map(ENDPOINTS.map((endpoint) => [endpoint.path, endpoint]));

export function createGateway({ world, faults, quotas, history, closing }: GatewayParts): Gateway {
  const { now } = world;

  const decide = async (request: IncomingMessage, url: URL, body: Buffer): Promise<Decided> => {
    const name = url.pathname.startsWith(API_PREFIX) ? url.pathname.slice(API_PREFIX.length) : '';
    const met = faults.meet(name);
    const before = await play(met, 'before', null);
    if (before !== null) return { reply: before, committed: false, summary: {} };
    const outcome = await answer(BY_PATH.get(name), request, url, body);
    const committed = outcome.errcode === 0 && BY_PATH.get(name)?.effect === 'writes';
    const honest = outcome.errcode === 0 ? toSuccess(outcome.body) : toRefusal(outcome.errcode, now());
    const after = await play(met, 'after', honest);
    return { reply: after ?? { kind: 'whole', answer: honest }, committed, summary: outcome.summary };
  };

  const answer = async (
    endpoint: Endpoint | undefined,
    request: IncomingMessage,
    url: URL,
    body: Buffer,
  ): Promise<Outcome> => {
    const refused = (errcode: number): Outcome => ({ errcode, body: {}, summary: {} });
    if (endpoint === undefined) return refused(40066);
    if (request.method !== endpoint.method) return refused(endpoint.method === 'GET' ? 43001 : 43002);
    const tokenCode = endpoint.auth === 'none' ? 0 : world.tokens.check(url.searchParams.get('access_token'));
    if (tokenCode !== 0) return refused(tokenCode);
    if (!quotas.spend(endpoint.path)) return refused(45009);
    const contentType = request.headers['content-type'] ?? '';
    return endpoint.answer({ query: url.searchParams, contentType, body }, world);
  };

  /** Meets the faults of one phase; null = none of them replaces the answer. */
  const play = async (
    met: readonly Fault[],
    when: 'before' | 'after',
    honest: Answer | null,
  ): Promise<Reply | null> => {
    for (const fault of met) {
      if ((fault.when ?? 'before') !== when) continue;
      switch (fault.kind) {
        case 'latency':
          await wait(fault.ms, undefined, { signal: closing });
          break;
        case 'errcode':
          return { kind: 'whole', answer: toRefusal(fault.errcode, now()) };
        case 'status':
          return { kind: 'whole', answer: toGatewayAnswer(fault.status) };
        case 'reset':
          return { kind: 'reset' };
        case 'half-body':
          return { kind: 'half', answer: honest ?? toRefusal(-1, now()) };
      }
    }
    return null;
  };

  return {
    async handle(request, response, url) {
      const n = history.begin();
      const at = now();
      const method = request.method ?? '';
      const body = await readBody(request);
      const decided = await decideOn(body, () => decide(request, url, body instanceof Buffer ? body : Buffer.alloc(0)));
      history.record({
        n,
        at,
        endedAt: now(),
        method,
        path: url.pathname,
        status: decided.reply.kind === 'whole' ? decided.reply.answer.status : 0,
        errcode: decided.reply.kind === 'whole' ? decided.reply.answer.errcode : null,
        committed: decided.committed,
        summary: decided.summary,
      });
      send(response, decided.reply);
    },
  };
}

/** Requests that the gateway turns away never reach an endpoint. */
async function decideOn(
  body: Buffer | 'no-length' | 'too-long' | 'cut',
  decide: () => Promise<Decided>,
): Promise<Decided> {
  if (body instanceof Buffer) return decide();
  const reply: Reply =
    body === 'cut' ? { kind: 'reset' } : { kind: 'whole', answer: toGatewayAnswer(body === 'no-length' ? 412 : 413) };
  return { reply, committed: false, summary: {} };
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'no-length' | 'too-long' | 'cut'> {
  const length = request.headers['content-length'];
  const hasBody = request.method === 'POST' || request.method === 'PUT' || request.method === 'PATCH';
  if (hasBody && length === undefined) return 'no-length';
  if (Number(length ?? 0) > MAX_BODY_BYTES) return 'too-long';
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return 'cut';
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const bytes = Buffer.from(reply.answer.body);
  const isUnread = reply.answer.status === 412 || reply.answer.status === 413;
  response.writeHead(reply.answer.status, {
    ...reply.answer.headers,
    'Content-Length': bytes.length,
    ...(isUnread ? { Connection: 'close' } : {}),
  });
  if (reply.kind === 'whole') response.end(bytes);
  else response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
}
