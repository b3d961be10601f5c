// A raw HTTP server that plays one scripted act for each request, down to half a body and a reset; it knows nothing of WeChat.
import { createServer, type Socket } from 'node:net';

export interface Seen {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Ordinal number of the connection, from 1. */
  readonly connection: number;
}

export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What the server does: answer with JSON, answer with anything, or take the socket into its own hands. */
export type Act = { readonly json: unknown } | Answer | ((socket: Socket) => void);

export interface ScriptOptions {
  /** Plays as soon as a connection is there, before a byte is read. */
  readonly onConnect?: (socket: Socket) => void;
  /** Plays when the head of a request is there, before its body. Null goes on. */
  readonly onHead?: (target: string) => Act | null;
  /** Plays when a request is complete. */
  readonly onRequest?: (seen: Seen) => Act;
}

export interface ScriptServer {
  readonly root: string;
  readonly port: number;
  /** Complete requests, in order. */
  readonly seen: readonly Seen[];
  /** Bytes that arrived on all connections. */
  bytes(): number;
  close(): Promise<void>;
}

export async function startScriptServer(options: ScriptOptions): Promise<ScriptServer> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let bytes = 0;
  let connections = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    let waiting = Buffer.alloc(0);
    let headDone = false;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    options.onConnect?.(socket);
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      waiting = Buffer.concat([waiting, chunk]);
      for (;;) {
        const end = waiting.indexOf('\r\n\r\n');
        if (end < 0) return;
        const [line = '', ...fields] = waiting.subarray(0, end).toString('latin1').split('\r\n');
        const [method = '', target = ''] = line.split(' ');
        const headers = Object.fromEntries(
          fields.map((field) => [
            field.slice(0, field.indexOf(':')).toLowerCase(),
            field.slice(field.indexOf(':') + 2),
          ]),
        );
        if (!headDone) {
          headDone = true;
          const act = options.onHead?.(target) ?? null;
          if (act !== null) {
            play(socket, act);
            return;
          }
        }
        const length = Number(headers['content-length'] ?? 0);
        if (waiting.length < end + 4 + length) return;
        const body = waiting.subarray(end + 4, end + 4 + length);
        waiting = waiting.subarray(end + 4 + length);
        headDone = false;
        const request = { method, target, path: target.split('?')[0] ?? '', headers, body, connection };
        seen.push(request);
        if (options.onRequest !== undefined) play(socket, options.onRequest(request));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    root: `http://127.0.0.1:${port}`,
    port,
    seen,
    bytes: () => bytes,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function play(socket: Socket, act: Act): void {
  if (typeof act === 'function') {
    act(socket);
    return;
  }
  const answer: Answer =
    'json' in act ? { body: JSON.stringify(act.json), type: 'application/json; encoding=utf-8' } : act;
  const body = Buffer.from(answer.body ?? '');
  socket.write(
    head(answer.status ?? 200, {
      ...(answer.type === undefined ? {} : { 'content-type': answer.type }),
      'content-length': String(body.length),
      ...answer.headers,
    }),
  );
  socket.write(body);
}

/** The head of an answer as bytes. */
export function head(status: number, headers: Readonly<Record<string, string>>): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Scripted\r\n${fields.join('')}\r\n`;
}

export const reset: Act = (socket) => void socket.resetAndDestroy();
export const finish: Act = (socket) => void socket.end();
export const silence: Act = () => undefined;

/** Sends these bytes as they are, then does the last act. */
export function raw(text: string, then: (socket: Socket) => void): Act {
  return (socket) => void socket.write(text, () => then(socket));
}

/** A correct head, then a byte now and then, for ever. */
export const drip: Act = (socket) => {
  socket.write(head(200, { 'content-type': 'application/json', 'content-length': '100000' }));
  const timer = setInterval(() => socket.write(' '), 10);
  socket.on('close', () => clearInterval(timer));
};
