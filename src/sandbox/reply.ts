// Puts an answer on its socket, whole or spoiled in one of the ways in which networks spoil them; it decides nothing.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer } from './wire.ts';

export type Manner = 'whole' | 'half-body' | 'truncated' | 'drip' | 'reset' | 'fin';

export interface Reply {
  readonly manner: Manner;
  readonly answer: Answer;
}

const DRIP_MS = 100;
/** More than drips in an hour. */
const DRIP_BYTES = 100_000;

type Spoil = (socket: Socket, answer: Answer) => void;

const SPOILS: Readonly<Record<Exclude<Manner, 'whole'>, Spoil>> = {
  reset: (socket) => void socket.resetAndDestroy(),
  fin: (socket) => void socket.end(),
  'half-body': (socket, answer) =>
    void socket.end(toHead(answer, { 'Content-Length': Buffer.byteLength(answer.body) }) + toHalf(answer)),
  truncated: (socket, answer) => void socket.end(toHead(answer, { Connection: 'close' }) + toHalf(answer)),
  drip(socket, answer) {
    socket.write(toHead(answer, { 'Content-Length': DRIP_BYTES }));
    const timer = setInterval(() => socket.write(' '), DRIP_MS);
    socket.once('close', () => clearInterval(timer));
  },
};

export function send(response: ServerResponse, { manner, answer }: Reply): void {
  if (manner === 'whole') sendWhole(response, answer);
  else if (response.socket !== null) SPOILS[manner](response.socket, answer);
}

function sendWhole(response: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = Buffer.from(body);
  const isUnread = status === 412 || status === 413;
  response.writeHead(status, {
    ...headers,
    'Content-Length': bytes.length,
    ...(isUnread ? { Connection: 'close' } : {}),
  });
  response.end(bytes);
}

/** Past Node's own writing of answers, which would mend them. */
function toHead({ status, headers }: Answer, more: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries({ ...headers, ...more }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} OK\r\n${lines.join('')}\r\n`;
}

/** Answers that can be spoiled are ASCII but for two errmsgs, so half of the text is about half of the bytes. */
function toHalf({ body }: Answer): string {
  return body.slice(0, Math.floor(body.length / 2));
}
