// The routes WeChat does not have: faults, clock, history, drafts and the page, for this computer's own eyes only.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import type { World } from './endpoint.ts';
import { type Faults, toFault } from './faults.ts';
import type { History } from './history.ts';
import { CONTENT_TYPES } from './media.ts';
import type { PageParts } from './page/page.ts';

export interface LocalParts {
  readonly world: World;
  readonly faults: Faults;
  readonly history: History;
  readonly clock: Clock;
  readonly instance: string;
  readonly page: PageParts;
}

interface LocalAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly csp?: string;
}

export interface LocalRoutes {
  /** Whether a path is one of ours rather than the API's. */
  owns(pathname: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

const MAX_WISH_BYTES = 65_536;
const IMAGE = /^\/_sandbox\/images\/([A-Za-z0-9_-]{1,128})$/;

export function createLocalRoutes({ world, faults, history, clock, instance, page }: LocalParts): LocalRoutes {
  const answer = async (request: IncomingMessage, url: URL): Promise<LocalAnswer> => {
    const { pathname } = url;
    if (request.method === 'POST' && pathname === '/_sandbox/faults') return grant(request, addFault);
    if (request.method === 'POST' && pathname === '/_sandbox/clock') return grant(request, turnClock);
    if (request.method !== 'GET' && request.method !== 'HEAD') return toText(405, 'method not allowed');
    if (pathname === '/_sandbox/instance') return toJson({ instance });
    if (pathname === '/_sandbox/history') return toJson(history.list());
    if (pathname === '/_sandbox/drafts') return toJson(world.store.drafts.list());
    const image = world.store.getImage(IMAGE.exec(pathname)?.[1] ?? '');
    if (image !== null) return { status: 200, contentType: CONTENT_TYPES[image.format], body: image.bytes };
    if (pathname.startsWith('/_sandbox/')) return toText(404, 'not found');
    return showPage(request, url);
  };

  /** The page's code is loaded when somebody looks. */
  const showPage = async (request: IncomingMessage, { pathname, searchParams }: URL): Promise<LocalAnswer> => {
    const { ICON, renderPage } = await import('./page/page.ts');
    if (pathname === '/favicon.ico') return { status: 200, contentType: 'image/svg+xml', body: ICON };
    const { status, html, csp } = await renderPage(page, {
      pathname,
      query: searchParams,
      acceptLanguage: request.headers['accept-language'] ?? '',
      origin: `http://${request.headers.host}`,
    });
    return { status, contentType: 'text/html; charset=utf-8', body: html, csp };
  };

  const addFault = (wish: unknown): unknown => {
    const fault = toFault(wish);
    faults.add(fault);
    return fault;
  };

  const turnClock = (wish: unknown): unknown => {
    const { advanceMs } = (wish ?? {}) as { readonly advanceMs?: unknown };
    if (typeof advanceMs !== 'number' || !Number.isSafeInteger(advanceMs) || advanceMs < 0) {
      throw new Error('the clock is turned on by {"advanceMs": N}, N milliseconds from 0');
    }
    clock.advance(advanceMs);
    return { now: clock.now() };
  };

  const grant = async (request: IncomingMessage, fulfil: (wish: unknown) => unknown): Promise<LocalAnswer> => {
    try {
      return toJson(fulfil(JSON.parse(await readText(request))));
    } catch (error) {
      return toText(400, error instanceof Error ? error.message : 'bad request');
    }
  };

  return {
    owns: (pathname) =>
      pathname === '/' ||
      pathname === '/favicon.ico' ||
      pathname.startsWith('/_sandbox/') ||
      pathname.startsWith('/drafts/'),
    async handle(request, response, url) {
      const { status, contentType, body, csp } = isOwnCaller(request)
        ? await answer(request, url)
        : toText(403, 'this page answers to 127.0.0.1 and localhost only');
      response.writeHead(status, {
        'Content-Type': contentType,
        'Content-Security-Policy': csp ?? "default-src 'none'; sandbox",
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-store',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    },
  };
}

/**
 * A name that resolves here by a trick (DNS rebinding) or another site's script does not get in. The article's frame
 * has an opaque origin, so its images, whose ids nobody can guess, are given to the origin `null` too.
 */
function isOwnCaller(request: IncomingMessage): boolean {
  const port = request.socket.localPort;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = request.headers;
  if (host === undefined || !hosts.includes(host)) return false;
  if (origin === 'null') return IMAGE.test(request.url ?? '');
  return origin === undefined || hosts.some((own) => origin === `http://${own}`);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_WISH_BYTES) throw new Error('a short JSON object is wanted');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toJson(value: unknown): LocalAnswer {
  return { status: 200, contentType: 'application/json; charset=utf-8', body: `${JSON.stringify(value, null, 2)}\n` };
}

function toText(status: number, text: string): LocalAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${text}\n` };
}
