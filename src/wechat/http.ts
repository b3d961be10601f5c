// One request over one socket: undici and form-data have their door here; it knows no token, no errcode and no retry.
import type { Socket } from 'node:net';
import { debuglog } from 'node:util';
import type { Dispatcher, Pool } from 'undici';
import { WxsyncError } from '../errors.ts';

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Path under the API root, with its query. The query holds the token: it goes to the socket and nowhere else. */
  readonly target: string;
  readonly body: WireBody | null;
  /** The whole call, from connecting to the last byte of the answer. */
  readonly deadlineMs: number;
  /** The longest answer that is read. */
  readonly maxBytes: number;
  /** `fresh`: a connection of its own, so that it can be proven whether a byte was written. */
  readonly connection: 'shared' | 'fresh';
  readonly signal: AbortSignal | undefined;
}

/** A body whose length is known: WeChat answers 412 to chunked ones. */
export interface WireBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
}

export interface WireReply {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export type WireFault = 'connect' | 'broken' | 'deadline' | 'stopped' | 'too-big';

/** No complete answer. Made of plain words only: the errors of sockets and of undici can hold a URL and its token. */
export class WireFailure extends Error {
  override readonly name: string = 'WireFailure';
  readonly fault: WireFault;
  /** `no` is proven: not one byte of the request was written. */
  readonly sent: 'no' | 'maybe';
  readonly detail: string;

  constructor(fault: WireFault, sent: 'no' | 'maybe', detail: string) {
    super(`${fault}: ${detail}`);
    this.fault = fault;
    this.sent = sent;
    this.detail = detail;
  }
}

export interface Transport {
  /** Resolves for any status; a redirect is an answer and never followed. Rejects with WireFailure only. */
  send(request: WireRequest): Promise<WireReply>;
  /** Closes the shared connections for good; calls in flight fail. */
  close(): Promise<void>;
}

/** Sections of NODE_DEBUG under which undici prints the URL of every request, and so the token in it. */
const TELLTALES = ['undici', 'fetch', 'websocket'];

/**
 * A transport to one root, through a proxy (by CONNECT) when one is named. Opens nothing before the first request.
 * Throws `setting-invalid` under a NODE_DEBUG that would print the token.
 */
export function createTransport(apiRoot: string, proxy: string | null): Transport {
  const telltale = TELLTALES.find((section) => debuglog(section).enabled);
  if (telltale !== undefined) {
    const detail = `with "${telltale}" it prints the address of every request, and the access token is in it`;
    throw new WxsyncError('setting-invalid', { args: { name: 'NODE_DEBUG', detail, mend: 'unset NODE_DEBUG' } });
  }
  const root = new URL(apiRoot);
  const prefix = root.pathname.replace(/\/$/, '');
  let shared: Dispatcher | null = null;
  let closed = false;

  async function send(request: WireRequest): Promise<WireReply> {
    const undici = await import('undici');
    if (closed) throw new WireFailure('stopped', 'no', 'closed');
    const fresh = request.connection === 'fresh';
    const sockets: { readonly socket: Socket; readonly before: number }[] = [];
    const stop = stopAfter(request.deadlineMs, request.signal);
    let dispatcher = fresh ? null : shared;
    try {
      if (dispatcher === null) {
        dispatcher = openDispatcher(undici, proxy, (socket) => {
          if (fresh) sockets.push({ socket, before: socket.bytesWritten });
        });
        if (!fresh) shared = dispatcher;
      }
      const answer = dispatcher.request({
        origin: root.origin,
        path: prefix + request.target,
        method: request.method,
        headers: { accept: 'application/json', 'user-agent': 'wxsync', ...request.body?.headers },
        body: request.body?.bytes ?? null,
        signal: stop.signal,
        reset: fresh,
      });
      // undici looks at the signal only once it is connected.
      const response = await Promise.race([answer, stop.reached]);
      return {
        status: response.statusCode,
        contentType: String(response.headers['content-type'] ?? ''),
        bytes: await readAll(response.body, request.maxBytes),
      };
    } catch (error) {
      // Nothing can be written between this look and the end below: both happen before anything else runs.
      const untouched = fresh && sockets.every(({ socket, before }) => socket.bytesWritten === before);
      throw toFailure(error, { stopped: closed ? 'stopped' : stop.fault(), untouched });
    } finally {
      stop.clear();
      if (fresh) await dispatcher?.destroy();
    }
  }

  return {
    send,
    close: async () => {
      closed = true;
      await shared?.destroy();
    },
  };
}

/** A JSON body in raw UTF-8: WeChat keeps `\uXXXX` literally, so characters that JSON can only escape are taken out. */
export function toJsonBody(value: unknown): WireBody {
  const plain = (_key: string, part: unknown): unknown =>
    typeof part === 'string' ? part.replace(/\p{Surrogate}/gu, '\uFFFD').replace(/[\0-\x07\x0B\x0E-\x1F]/g, '') : part;
  const bytes = Buffer.from(JSON.stringify(value, plain), 'utf8');
  return {
    headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': String(bytes.length) },
    bytes,
  };
}

/** By extension; the pictures that are sent are of these kinds. */
const MEDIA_TYPES: Readonly<Record<string, string>> = { jpg: 'image/jpeg', png: 'image/png', gif: 'image/gif' };

/** A multipart body with one part `media`. WeChat wants a quoted file name with the extension that fits the bytes. */
export async function toFileBody(fileName: string, file: Uint8Array): Promise<WireBody> {
  const { default: FormData } = await import('form-data');
  const form = new FormData();
  form.append('media', Buffer.from(file.buffer, file.byteOffset, file.byteLength), {
    filename: fileName,
    contentType: MEDIA_TYPES[fileName.slice(fileName.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
  });
  const bytes = form.getBuffer();
  return { headers: { ...form.getHeaders(), 'content-length': String(bytes.length) }, bytes };
}

/** Whatever NODE_TLS_REJECT_UNAUTHORIZED says: a token goes to nobody who cannot prove a name. NODE_EXTRA_CA_CERTS adds names. */
const TLS = { rejectUnauthorized: true } as const;

/** Every connection that is opened is shown to `watch` before anything is written to it. */
function openDispatcher(
  undici: typeof import('undici'),
  proxy: string | null,
  watch: (socket: Socket) => void,
): Dispatcher {
  const factory = (origin: string | URL, options: Pool.Options): Dispatcher => {
    const connect = typeof options.connect === 'function' ? options.connect : undici.buildConnector(TLS);
    return new undici.Pool(origin, {
      ...options,
      connect: (target, callback) => {
        connect(target, (error, socket) => {
          if (socket === null || error !== null) {
            // A foreign error would also do harm here: undici connects anew for some codes, until the deadline.
            callback(new WireFailure('connect', 'no', describe(error)), null);
          } else {
            watch(socket);
            callback(null, socket);
          }
        });
      },
    });
  };
  // The deadline of a request covers all of it, which these two do not: a slow drip resets them for ever.
  const options = { headersTimeout: 0, bodyTimeout: 0, factory: factory as never };
  return proxy === null
    ? new undici.Agent(options)
    : new undici.ProxyAgent({ ...options, uri: proxy, requestTls: TLS });
}

async function readAll(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new WireFailure('too-big', 'maybe', `more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface Stop {
  readonly signal: AbortSignal;
  /** Rejects when it is time to stop; never resolves. */
  readonly reached: Promise<never>;
  fault(): 'deadline' | 'stopped' | null;
  clear(): void;
}

function stopAfter(ms: number, user: AbortSignal | undefined): Stop {
  const controller = new AbortController();
  const stop = (fault: 'deadline' | 'stopped') => (): void => controller.abort(fault);
  const onUser = stop('stopped');
  const timer = setTimeout(stop('deadline'), ms);
  const reached = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  reached.catch(() => undefined);
  if (user?.aborted) onUser();
  user?.addEventListener('abort', onUser, { once: true });
  return {
    signal: controller.signal,
    reached,
    fault: () => (controller.signal.aborted ? (controller.signal.reason as 'deadline' | 'stopped') : null),
    clear: () => {
      clearTimeout(timer);
      user?.removeEventListener('abort', onUser);
    },
  };
}

function toFailure(
  error: unknown,
  seen: { readonly stopped: 'deadline' | 'stopped' | null; readonly untouched: boolean },
): WireFailure {
  if (error instanceof WireFailure) return error;
  // A mistake of ours is not the network's; what sockets and undici throw has a code.
  if (error instanceof TypeError && !('code' in error) && seen.stopped === null) throw error;
  const detail = seen.stopped ?? describe(error);
  return new WireFailure(seen.stopped ?? 'broken', seen.untouched ? 'no' : 'maybe', detail);
}

/** `ECONNREFUSED connect`: the code and system call of an error, and no word of its message. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  const proxyStatus = /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];
  if (proxyStatus !== undefined) return `the proxy answered ${proxyStatus}`;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return [code ?? error.name, syscall].filter(Boolean).join(' ');
}
