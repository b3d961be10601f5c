// The CLI in this process: arguments and environment in, both streams and the exit code out; cheaper than a process of its own.
import { run } from '../../src/cli.ts';
import { refuseLeaks } from '../canary.ts';
import type { Outcome } from './stage.ts';

export interface Here {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs `wxsync ...args`; nothing is a terminal. */
export async function runHere(args: readonly string[], { cwd, env }: Here): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const into = (stream: keyof typeof written) => ({
    write: (text: string) => {
      written[stream] += text;
    },
  });
  const code = await run({
    ...{ argv: args, env, cwd, platform: process.platform, stdin: process.stdin },
    ...{ stdout: into('stdout'), stderr: into('stderr') },
    onSignal: () => () => undefined,
  });
  refuseLeaks(`wxsync ${args.join(' ')}`, written);
  return { code, ...written };
}
