// A door before the sandbox: shows each call as it arrives and lets a test act right then; unless told, it changes no byte.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A call that has arrived and not gone on. */
export interface Arrival {
  /** Without `/cgi-bin/` and query, such as `draft/add`. */
  readonly path: string;
  readonly body: Buffer;
  /** Lets the sandbox do its work; its answer is kept. One that it does not give is no failure here. */
  forward(): Promise<void>;
}

/** Acts on one call. A verdict takes the caller's socket, and the call goes no further than `forward` took it. */
export type Act = (arrival: Arrival) => Promise<Verdict> | Verdict;
export type Verdict = ((socket: Socket) => void) | undefined;
/** The caller gets no answer. */
export const LOSE: Verdict = (socket) => void socket.resetAndDestroy();

export interface Gate {
  readonly url: string;
  /** Acts on the next call of a path, once. */
  at(path: string, act: Act): void;
  /** Resets the next call of a path before its body is read; it counts as not made. */
  cut(path: string): void;
  /** Refuses connections, from right after the answer that is under way, if there is one. */
  shut(): void;
  open(): Promise<void>;
  close(): Promise<void>;
}

interface Answer {
  readonly message: IncomingMessage;
  readonly bytes: Buffer;
  readonly whole: boolean;
}

/** Opens the door to `target`; `watch` sees every call first. */
export async function openGate(target: string, watch: (path: string, body: Buffer) => void): Promise<Gate> {
  const acts = new Map<string, Act[]>();
  const cuts = new Set<string>();
  /** While the door is shut: keeps others from getting its port, and takes no connection. */
  let bolt: Socket | null = null;

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = new URL(incoming.url ?? '/', target).pathname.replace('/cgi-bin/', '');
    if (cuts.delete(path)) return void incoming.socket.resetAndDestroy();
    const body = await readAll(incoming);
    watch(path, body);
    let answer: Promise<Answer> | null = null;
    const ask = () => {
      answer ??= exchange(target, incoming, body);
      return answer;
    };
    const act = acts.get(path)?.shift();
    const forward = () => ask().then(ignore, ignore);
    const verdict = await act?.({ path, body, forward });
    if (verdict !== undefined) return verdict(incoming.socket);
    const { message, bytes, whole } = await ask();
    outgoing.writeHead(message.statusCode ?? 0, bolt !== null ? toLast(message.rawHeaders) : message.rawHeaders);
    if (whole) outgoing.end(bytes);
    else outgoing.write(bytes, () => incoming.socket.destroy());
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => incoming.socket.resetAndDestroy());
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    at: (path, act) => void acts.set(path, [...(acts.get(path) ?? []), act]),
    cut: (path) => void cuts.add(path),
    shut() {
      server.close();
      server.closeIdleConnections();
      bolt = connect({ ...{ host: '127.0.0.1', port: Number(new URL(target).port) }, localPort: port });
      bolt.on('error', ignore);
    },
    async open() {
      await listen(port);
      bolt?.destroy();
      bolt = null;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Rejects when the connection ends before an answer has begun. */
function exchange(target: string, { url = '/', method, rawHeaders }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(url, target), { method, headers: rawHeaders, agent: false }, (message) => {
      const chunks: Buffer[] = [];
      const end = () => resolve({ message, bytes: Buffer.concat(chunks), whole: message.complete });
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('error', end).on('end', end);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Headers of the last answer on a connection. */
function toLast(raw: readonly string[]): string[] {
  const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []));
  return [...pairs.filter(([name = '']) => !/^(connection|keep-alive)$/i.test(name)), ['Connection', 'close']].flat();
}

function ignore(): undefined {
  return undefined;
}
