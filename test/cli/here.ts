// The CLI and the sandbox in this process: arguments and environment in, both streams and the exit code out; cheaper than processes.
import { run } from '../../src/cli.ts';
import type { Io } from '../../src/local/io.ts';
import { createSandbox } from '../../src/sandbox/index.ts';
import { refuseLeaks } from '../canary.ts';
import { type Outcome, PAIR, type SandboxServer, toServer } from './stage.ts';

export interface Here {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Gets what a Ctrl-C would call. */
  readonly onSignal?: Io['onSignal'];
}

/** Runs `wxsync ...args`; nothing is a terminal. */
export async function runHere(
  args: readonly string[],
  { cwd, env, onSignal = () => () => undefined }: Here,
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const into = (stream: keyof typeof written) => ({
    write: (text: string) => {
      written[stream] += text;
    },
  });
  const code = await run({
    ...{ argv: args, env, cwd, platform: process.platform, stdin: process.stdin },
    ...{ stdout: into('stdout'), stderr: into('stderr') },
    onSignal,
  });
  refuseLeaks(`wxsync ${args.join(' ')}`, written);
  return { code, ...written };
}

/** As `startSandbox` of stage.ts, in this process. */
export async function startSandboxHere(): Promise<SandboxServer> {
  const sandbox = await createSandbox({ appId: PAIR.WECHAT_APP_ID, appSecret: PAIR.WECHAT_APP_SECRET });
  return { ...toServer(sandbox.url), stop: () => sandbox.close() };
}
