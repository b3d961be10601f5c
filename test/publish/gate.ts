// A door before the sandbox: shows each call as it arrives and lets a test act right then; it changes no byte on its way.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call that has arrived and not gone on. */
export interface Arrival {
  /** Without `/cgi-bin/` and query, such as `draft/add`. */
  readonly path: string;
  readonly body: Buffer;
  /** Lets the sandbox do its work; the answer is kept. */
  forward(): Promise<void>;
}

/** Acts on one call. Verdict `lose`: the caller gets no answer, and the call goes no further than `forward` took it. */
export type Act = (arrival: Arrival) => Promise<Verdict> | Verdict;
export type Verdict = 'lose' | undefined;
export const LOSE: Verdict = 'lose';

export interface Gate {
  readonly url: string;
  /** Acts on the next call of a path, once. */
  at(path: string, act: Act): void;
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

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = new URL(incoming.url ?? '/', target).pathname.replace('/cgi-bin/', '');
    const body = await readAll(incoming);
    watch(path, body);
    let answer: Promise<Answer> | null = null;
    const ask = () => {
      answer ??= exchange(target, incoming, body);
      return answer;
    };
    const act = acts.get(path)?.shift();
    const verdict = await act?.({ path, body, forward: async () => void (await ask()) });
    if (verdict === 'lose') return void incoming.socket.resetAndDestroy();
    const { message, bytes, whole } = await ask();
    outgoing.writeHead(message.statusCode ?? 0, message.rawHeaders);
    if (whole) outgoing.end(bytes);
    else outgoing.write(bytes, () => incoming.socket.destroy());
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => incoming.socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    at: (path, act) => void acts.set(path, [...(acts.get(path) ?? []), act]),
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
