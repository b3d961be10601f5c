// `wxsync sandbox`: runs the local WeChat as a server until Ctrl-C and says how to use it.
import { join, resolve } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { errorCode, makeUnseenFolder } from '../local/files.ts';
import type { Io } from '../local/io.ts';
import { say } from '../report/words.ts';
import type { SandboxOptions } from '../sandbox/index.ts';
import { enter, type GlobalOptions } from './globals.ts';

export interface SandboxFlags {
  readonly port: number;
  readonly state?: string;
  readonly appId?: string;
  readonly appSecret?: string;
  readonly profile: NonNullable<SandboxOptions['profile']>;
  readonly fault: readonly string[];
}

export async function runSandbox(
  io: Io,
  { globals, flags }: { globals: GlobalOptions; flags: SandboxFlags },
): Promise<number> {
  const { speaker, place, cwd } = await enter(io, globals);
  const { lang, paint } = speaker;
  const { createSandbox, FAULT_WORDS, parseFault, SandboxInUse } = await import('../sandbox/index.ts');
  const stateDir = flags.state === undefined ? join(place.home, '.wxsync', 'sandbox') : resolve(cwd, flags.state);
  const faults = flags.fault.map((text) => {
    try {
      return parseFault(text);
    } catch {
      const args = { fault: text, words: Object.keys(FAULT_WORDS).join(', ') };
      throw new WxsyncError('usage', { args: { detail: say('sandbox.fault', lang, args), command: 'sandbox' } });
    }
  });
  const pair = {
    ...(flags.appId === undefined ? {} : { appId: flags.appId }),
    ...(flags.appSecret === undefined ? {} : { appSecret: flags.appSecret }),
  };
  try {
    if (flags.state === undefined) await makeUnseenFolder(place.home, '.wxsync/sandbox');
    const { port, profile } = flags;
    const server = await createSandbox({ port, stateDir, profile, faults, darken: await loadDarken(), ...pair });
    // The environment may hold the same pair, to use it; here it is what the reader came for.
    speaker.redactor.forget(server.appSecret);
    const rows = [
      [say('sandbox.page', lang), `${server.url}/`],
      [say('sandbox.api', lang), server.url],
      ['AppID', server.appId],
      ['AppSecret', server.appSecret],
      [say('sandbox.state', lang), stateDir],
    ] as const;
    speaker.out(paint.bold(say('sandbox.ready', lang)));
    for (const [name, value] of rows) speaker.out(`  ${paint.dim(`${name}:`)} ${value}`);
    speaker.talk('');
    speaker.talk(say('sandbox.use', lang));
    speaker.talk(
      `  WXSYNC_API_ROOT=${server.url} WECHAT_APP_ID=${server.appId} WECHAT_APP_SECRET=${server.appSecret} wxsync publish post.md`,
    );
    speaker.talk(say('sandbox.stop', lang));
    await new Promise<void>((end) => {
      const unlisten = io.onSignal(() => {
        unlisten();
        end();
      });
    });
    await server.close();
    return 0;
  } catch (error) {
    if (error instanceof SandboxInUse) {
      throw new WxsyncError('sandbox-running', { args: { path: stateDir, url: error.url } });
    }
    if (errorCode(error) === 'EADDRINUSE') throw new WxsyncError('port-in-use', { args: { port: flags.port } });
    throw error;
  }
}

/** The sandbox knows nothing of our renderer; the page's dark mode is handed in. */
async function loadDarken(): Promise<(html: string) => string> {
  const { darken } = await import('../render/darkmode.ts');
  const { parseHtml } = await import('../render/html.ts');
  const { printNodes } = await import('../render/tree.ts');
  return (html) => printNodes(darken(parseHtml(html)));
}
