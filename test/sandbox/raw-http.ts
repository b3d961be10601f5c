// Raw HTTP for the wire tests: bytes out, bytes in; it knows neither our client nor the sandbox.
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface RawRequest {
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** Sends a request with Content-Length, unless the headers ask for chunks. Rejects when the connection ends early. */
export function send(root: string, { method = 'GET', path, headers = {}, body }: RawRequest): Promise<RawResponse> {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const isChunked = headers['Transfer-Encoding'] === 'chunked';
  const length = bytes === undefined || isChunked ? {} : { 'Content-Length': bytes.length };
  return new Promise((resolve, reject) => {
    const request = root.startsWith('https:') ? requestHttps : requestHttp;
    const outgoing = request(
      new URL(path, root),
      { method, headers: { ...length, ...headers }, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          if (!answer.complete) return reject(new Error('the answer was cut'));
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: toObject(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

export interface FilePart {
  /** The whole Content-Disposition value. */
  readonly disposition?: string;
  readonly filename?: string;
  readonly bytes: Buffer;
}

const BOUNDARY = 'wire-test-boundary';

/** A multipart body with one part, as browsers write it. */
export function toMultipart({ disposition, filename = 'a.png', bytes }: FilePart): {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
} {
  const head = disposition ?? `form-data; name="media"; filename="${filename}"`;
  return {
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: ${head}\r\nContent-Type: image/png\r\n\r\n`),
      bytes,
      Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
    ]),
  };
}

function toObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
