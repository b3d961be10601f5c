// The one door to this process: arguments, environment, streams, signals; everything above gets them handed in.
import { fstatSync, writeSync } from 'node:fs';

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** What a run may know of its surroundings. `env` is a copy; nothing writes to the real one. */
export interface Io {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: string;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Calls back on SIGINT and SIGTERM until the returned function is called. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
}

/** An Io from a Node process (`argv` without node and script). */
export function createIo(process: NodeJS.Process): Io {
  return {
    argv: process.argv.slice(2),
    env: { ...process.env },
    cwd: process.cwd(),
    platform: process.platform,
    get stdin() {
      return process.stdin;
    },
    stdout: openOutput(1, () => process.stdout),
    stderr: openOutput(2, () => process.stderr),
    onSignal(listener) {
      const signals = ['SIGINT', 'SIGTERM'] as const;
      for (const signal of signals) process.on(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
  };
}

/**
 * Writes to a file or a pipe at once, without Node's stream, which takes a fifth of a short run to load; that stream serves
 * terminals, and what a pipe does not take at once. A reader that closes a pipe early, such as `head`, is no error.
 */
function openOutput(fd: number, open: () => NodeJS.WriteStream): OutputStream {
  let stream: NodeJS.WriteStream | null = null;
  const toStream = (): NodeJS.WriteStream => {
    stream ??= open().on('error', ignoreClosed);
    return stream;
  };
  const isPlain = isFileOrPipe(fd);
  return {
    get isTTY() {
      return isPlain ? false : toStream().isTTY;
    },
    get columns() {
      return isPlain ? undefined : toStream().columns;
    },
    write(text) {
      let rest: Uint8Array = Buffer.from(text);
      try {
        while (isPlain && stream === null && rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return ignoreClosed(error as NodeJS.ErrnoException);
      }
      if (rest.length > 0) toStream().write(rest);
    },
  };
}

function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function isFileOrPipe(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFile() || stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

/** CI is on unless the variable is absent, empty, `0` or `false`. */
export function isCi(io: Pick<Io, 'env'>): boolean {
  const value = io.env['CI'];
  return value !== undefined && value !== '' && value !== '0' && value.toLowerCase() !== 'false';
}
