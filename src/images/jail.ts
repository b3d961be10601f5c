// Has pictures decoded in child processes, so that a decoder that dies, hangs or hoards ends one picture and not the run; it knows no format.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { LIMITS } from '../facts/limits.ts';
import type { Answer, Job } from './decoder.ts';
import { fail } from './failure.ts';
import type { FitResult } from './fit.ts';

export type { Job } from './decoder.ts';

export interface Jail {
  /** Fits one picture. Rejects only with the signal's reason, or with a bug. */
  fit(job: Job, signal?: AbortSignal): Promise<FitResult>;
}

export interface JailOptions {
  /** Flags of Node for the children; tests bring faults in by them, and no setting, post or flag can. */
  readonly execArgv?: readonly string[];
  /** Longest time for one picture. */
  readonly timeoutMs?: number;
  /** Most memory of one child. */
  readonly maxBytes?: number;
}

/** As many as a small machine has cores; each has one picture at a time, so that it is clear which one killed it. */
const CHILDREN = 2;

/** What a child sees of the environment: where programs, fonts and temporary files are. Never a secret. */
const KEPT =
  /^(?:PATH|HOME|LANG|LC_\w+|TMPDIR|TEMP|TMP|(?:LD|DYLD)_LIBRARY_PATH|FONTCONFIG_\w+|XDG_\w+_(?:HOME|DIRS))$/i;
const KEPT_ON_WINDOWS = /^(?:SystemRoot|SystemDrive|windir|USERPROFILE|APPDATA|LOCALAPPDATA)$/i;

/** A jail whose children start when there is work, and never keep the process alive; they end with it, however it ends. */
export function createJail({
  execArgv = [],
  timeoutMs = LIMITS.decodeTime.value,
  maxBytes = LIMITS.decodeMemory.value,
}: JailOptions = {}): Jail {
  const idle = new Set<ChildProcess>();
  const queue: (() => void)[] = [];
  let busy = 0;

  const start = (): ChildProcess => {
    const child = fork(findBuilt('decoder.js'), [`${maxBytes}`], {
      execArgv: [...execArgv],
      env: toBareEnv(),
      // Away from the terminal's Ctrl-C, which is for the run to hear; on Windows that would open a window.
      detached: process.platform !== 'win32',
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.once('exit', () => idle.delete(child));
    return child;
  };

  return {
    async fit(job, signal) {
      if (busy === CHILDREN) await new Promise<void>((resolve) => queue.push(resolve));
      else busy++;
      try {
        signal?.throwIfAborted();
        const [child = start()] = idle;
        idle.delete(child);
        const result = await ask(child, job, { timeoutMs, maxBytes, signal });
        // Its end may be told before that of its channel.
        if (child.connected && child.exitCode === null && child.signalCode === null) idle.add(child);
        return result;
      } finally {
        // A place that someone waits for is handed on, not given back.
        const next = queue.shift();
        if (next === undefined) busy--;
        else next();
      }
    },
  };
}

/** The jail of this process. */
export const JAIL = createJail();

interface Bounds {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** Gives a child one picture. A child that gives no result is dead when this settles. */
function ask(child: ChildProcess, job: Job, { timeoutMs, maxBytes, signal }: Bounds): Promise<FitResult> {
  return new Promise((resolve, reject) => {
    let ending: (() => void) | null = null;
    const stop = (how: () => void) => {
      ending ??= how;
      child.kill('SIGKILL');
    };
    const overstep = (max: string) => stop(() => resolve(fail('image-too-heavy', { max })));
    const interrupt = () => stop(() => reject(signal?.reason));
    const timer = setTimeout(() => overstep(`${timeoutMs / 1000} s`), timeoutMs);
    const onMessage = (answer: Answer) => {
      if (ending !== null) return;
      if (answer === 'too-much-memory') return overstep(`${maxBytes / 1_000_000} MB`);
      settle();
      if (types.isNativeError(answer)) reject(answer);
      else resolve(answer);
    };
    const onExit = (code: number | null, by: string | null) => {
      settle();
      if (ending !== null) ending();
      else resolve(fail('image-crashes', { detail: by ?? `exit ${code}` }));
    };
    const onError = (error: Error) => {
      settle();
      resolve(fail('image-crashes', { detail: error.message }));
    };
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupt);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      child.unref();
      child.channel?.unref();
    };
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    signal?.addEventListener('abort', interrupt);
    child.ref();
    child.channel?.ref();
    // A child that died meanwhile is told of by its exit.
    child.send(job, () => undefined);
  });
}

/** A file of the package's `dist`, from wherever this code is: in there, or in the source. */
export function findBuilt(name: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'dist', name);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) throw new Error(`dist/${name} is missing: npm run build makes it`);
  }
}

/** The environment for a process that handles what strangers wrote. */
export function toBareEnv(): Record<string, string> {
  const kept = process.platform === 'win32' ? [KEPT, KEPT_ON_WINDOWS] : [KEPT];
  const all = Object.entries(process.env).filter(([name]) => kept.some((rule) => rule.test(name)));
  return Object.fromEntries(all.map(([name, value = '']) => [name, value]));
}
