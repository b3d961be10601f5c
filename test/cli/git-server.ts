// A git host on loopback, over HTTP and below a path, that lets nobody in without their password; knows nothing of any service.
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GitServer {
  /** The address of a repository below the served folder, without `.git`. */
  urlOf(name: string): string;
  close(): void;
}

export interface GitServerOptions {
  /** Its bare repositories are served. */
  readonly folder: string;
  /** Such as `/gitlab`. */
  readonly prefix: string;
  /** `user:password`. */
  readonly pair: string;
}

export async function startGitServer({ folder, prefix, pair }: GitServerOptions): Promise<GitServer> {
  const login = `Basic ${Buffer.from(pair).toString('base64')}`;
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://localhost');
    if (request.headers.authorization !== login) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
    } else if (!pathname.startsWith(`${prefix}/`)) response.writeHead(404).end();
    else answer(request, response, { folder, path: pathname.slice(prefix.length), query: search.slice(1) });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return { urlOf: (name) => `http://127.0.0.1:${port}${prefix}/${name}`, close: () => server.close() };
}

/** As a web server runs git's own CGI. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { folder, path, query }: { readonly folder: string; readonly path: string; readonly query: string },
): void {
  const { PATH = '' } = process.env;
  const { headers, method = '' } = request;
  const env = {
    ...{ PATH, GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: '1', REMOTE_USER: 'somebody' },
    ...{ PATH_INFO: path, QUERY_STRING: query, REQUEST_METHOD: method },
    ...{ CONTENT_TYPE: headers['content-type'] ?? '', HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '' },
    HTTP_GIT_PROTOCOL: `${headers['git-protocol'] ?? ''}`,
  };
  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  request.pipe(child.stdin.on('error', () => undefined));
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.on('close', () => {
    const whole = Buffer.concat(parts);
    const end = whole.indexOf('\r\n\r\n');
    const rows = whole
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((row) => [row.slice(0, row.indexOf(':')), row.slice(row.indexOf(':') + 1).trim()] as const);
    const status = rows.find(([name]) => name === 'Status')?.[1] ?? '200';
    response.writeHead(Number.parseInt(status, 10), Object.fromEntries(rows)).end(whole.subarray(end + 4));
  });
}
