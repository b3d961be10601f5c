// From a request to an answer on the API's routes: gateway rules, faults, quota, endpoint, history; it opens no port.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Endpoint, Outcome, World } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import type { Fault, Faults } from './faults.ts';
import type { History } from './history.ts';
import type { Quotas } from './quotas.ts';
import { type Reply, send } from './reply.ts';
import { type Answer, EMPTY, toGatewayAnswer, toRefusal, toSuccess } from './wire.ts';

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
    const before = await play(met, 'before', { request, honest: toRefusal(-1, now()) });
    if (before !== null) return { reply: before, committed: false, summary: {} };
    const lagMs = Math.max(0, ...met.map((fault) => (fault.kind === 'lag' ? fault.ms : 0)));
    const outcome = await answer(BY_PATH.get(name), request, { url, body, lagMs });
    const committed = outcome.errcode === 0 && BY_PATH.get(name)?.effect === 'writes';
    const honest = outcome.errcode === 0 ? toSuccess(outcome.body) : toRefusal(outcome.errcode, now());
    const after = await play(met, 'after', { request, honest });
    return { reply: after ?? { manner: 'whole', answer: honest }, committed, summary: outcome.summary };
  };

  const answer = async (
    endpoint: Endpoint | undefined,
    request: IncomingMessage,
    { url, body, lagMs }: { readonly url: URL; readonly body: Buffer; readonly lagMs: number },
  ): Promise<Outcome> => {
    const refused = (errcode: number): Outcome => ({ errcode, body: {}, summary: {} });
    if (endpoint === undefined) return refused(40066);
    if (request.method !== endpoint.method) return refused(endpoint.method === 'GET' ? 43001 : 43002);
    const tokenCode = endpoint.auth === 'none' ? 0 : world.tokens.check(url.searchParams.get('access_token'));
    if (tokenCode !== 0) return refused(tokenCode);
    if (!quotas.spend(endpoint.path)) return refused(45009);
    const contentType = request.headers['content-type'] ?? '';
    const ip = request.socket.remoteAddress ?? '';
    return endpoint.answer({ query: url.searchParams, contentType, body, ip, lagMs }, world);
  };

  /** Meets the faults of one phase; null = none of them replaces the answer, which is `honest` where half of one is sent. */
  const play = async (
    met: readonly Fault[],
    when: 'before' | 'after',
    { request, honest }: { readonly request: IncomingMessage; readonly honest: Answer },
  ): Promise<Reply | null> => {
    for (const fault of met) {
      if ((fault.when ?? 'before') !== when) continue;
      switch (fault.kind) {
        case 'late':
          request.socket.resetAndDestroy();
          await wait(fault.ms, undefined, { signal: closing });
          break;
        case 'latency':
          await wait(fault.ms, undefined, { signal: closing });
          break;
        case 'lag':
          break;
        case 'errcode':
          return { manner: 'whole', answer: toRefusal(fault.errcode, now()) };
        case 'status':
          return { manner: 'whole', answer: toGatewayAnswer(fault.status) };
        case 'html':
          return { manner: 'whole', answer: toGatewayAnswer(200) };
        case 'empty':
          return { manner: 'whole', answer: EMPTY };
        default:
          return { manner: fault.kind, answer: honest };
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
      const { answer } = decided.reply;
      const isHeard = decided.reply.manner === 'whole' && !request.socket.destroyed;
      history.record({
        n,
        at,
        endedAt: now(),
        method,
        path: url.pathname,
        status: isHeard ? answer.status : 0,
        errcode: isHeard ? answer.errcode : null,
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
    body === 'cut'
      ? { manner: 'reset', answer: EMPTY }
      : { manner: 'whole', answer: toGatewayAnswer(body === 'no-length' ? 412 : 413) };
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
