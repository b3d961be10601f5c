// `wxsync resolve`: a person's word on a post that waits for one; writes the post's entry and sends nothing.
import { dirname } from 'node:path';
import { EXIT, WxsyncError } from '../errors.ts';
import type { Io } from '../local/io.ts';
import { toAbsolute, toPosixPath } from '../local/project.ts';
import { type ReadPost, readPost } from '../publish/read.ts';
import { type Resolution, resolvePost } from '../publish/resolve.ts';
import { printFindings } from '../report/publish-report.ts';
import { say, toArgument, toVerb } from '../report/words.ts';
import { enter, type GlobalOptions, type Surroundings } from './globals.ts';
import { openQuietRun, openTarget } from './target.ts';

export interface ResolveFlags {
  readonly adopt?: string;
  readonly none?: boolean;
  readonly recreate?: boolean;
  readonly overwrite?: boolean;
  readonly account?: string;
  readonly apiRoot?: string;
  readonly sandbox?: boolean;
}

export async function runResolve(
  io: Io,
  { globals, flags, file }: { globals: GlobalOptions; flags: ResolveFlags; file: string },
): Promise<number> {
  const around = await enter(io, globals, file);
  const { speaker, environment } = around;
  const resolution = toResolution(flags, speaker.lang);
  const read = await readNamed(around, file, flags);
  if (read === null) return EXIT.writer;
  const target = await openTarget({
    env: environment.env,
    sandbox: flags.sandbox === true,
    apiRoot: flags.apiRoot,
    account: read.account,
    home: read.at.place.home,
    file,
    speaker,
  });
  const run = await openQuietRun(around, target, read.at.place.gitRoot);
  try {
    const entry = await resolvePost(read, run, resolution);
    const { paint } = speaker;
    speaker.out(
      `${paint.green('✔')} ${paint.bold(file)}  ${say(`resolved.${resolution.kind}`, speaker.lang, { mediaId: entry.mediaId ?? '' })}`,
    );
    speaker.talk('');
    speaker.talk(speaker.paintErr.bold(say('next', speaker.lang)));
    speaker.talk(
      `  ${toVerb('publish', speaker.target)} ${read.post.flag === 'true' ? '--force ' : ''}${toArgument(file)}`,
    );
    return 0;
  } finally {
    await run.client.close();
    await target.close();
  }
}

/** Exactly one word is taken. */
function toResolution(flags: ResolveFlags, lang: 'zh' | 'en'): Resolution {
  const said: Resolution[] = [];
  if (flags.adopt !== undefined) said.push({ kind: 'adopt', mediaId: flags.adopt });
  for (const kind of ['none', 'recreate', 'overwrite'] as const) if (flags[kind] === true) said.push({ kind });
  const [only, ...others] = said;
  if (only !== undefined && others.length === 0) return only;
  throw new WxsyncError('usage', { args: { detail: say('usage.resolve', lang), command: 'resolve' } });
}

/** The post as publishing would read it; null when it must be mended first, which is told. */
async function readNamed(around: Surroundings, file: string, flags: ResolveFlags): Promise<ReadPost | null> {
  const full = toAbsolute(file, around.cwd);
  const project = await around.projectOf(dirname(full));
  const at = { file: full, named: true, path: toPosixPath(project.place.home, full), ...project };
  const reading = await readPost(at, {
    overrides: { theme: null, codeTheme: null, cover: null, author: null, digest: null },
    leaveOut: () => null,
    accountOf: (post) => flags.account ?? around.environment.env['WXSYNC_ACCOUNT'] ?? post.account ?? at.config.account,
  });
  if (reading.kind === 'ok') return reading.read;
  if (reading.kind === 'invalid') printFindings(reading.findings, file, around.speaker);
  return null;
}
