// `wxsync init`: writes a config, and with --ci the files of a CI service, into a site; says what it wrote and what is left to do.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { loadConfig } from '../local/config.ts';
import { errorCode, makeFolder, readRegularFile, writeFileAtomic } from '../local/files.ts';
import { openGit } from '../local/git.ts';
import type { Io } from '../local/io.ts';
import { findPackageFolder } from '../local/package.ts';
import { readOrigin, toPosixPath } from '../local/project.ts';
import { fillTemplate } from '../local/templates.ts';
import { readPosts } from '../publish/posts.ts';
import { selectPosts } from '../publish/select.ts';
import { printWarning } from '../report/publish-report.ts';
import { say } from '../report/words.ts';
import { enter, type GlobalOptions, type Surroundings } from './globals.ts';

export interface InitFlags {
  readonly ci?: keyof typeof SERVICES;
  /** Replaces files of the CI service; a config is never replaced. */
  readonly force?: boolean;
  /** `owner/name@commit` or `https://host/owner/name@commit`. */
  readonly from?: string;
}

/** Paths in the git root with their templates, and where the secrets go. */
const SERVICES = {
  github: {
    files: [
      ['.github/workflows/wxsync.yml', 'github/wxsync.yml'],
      ['.github/workflows/wxsync-check.yml', 'github/wxsync-check.yml'],
    ],
    secrets: 'init.github',
  },
  gitlab: {
    files: [
      ['.gitlab/wxsync.yml', 'gitlab/wxsync.yml'],
      ['.gitlab-ci.yml', 'gitlab/gitlab-ci.yml'],
    ],
    secrets: 'init.gitlab',
  },
} as const;

/** Stands where nobody has said which copy of wxsync to use. */
const UNKNOWN_SOURCE = 'OWNER/wxsync@COMMIT';
const CONFIG = 'wxsync.config.json';
const MAX_BYTES = 1_000_000;

export async function runInit(
  io: Io,
  { globals, flags }: { readonly globals: GlobalOptions; readonly flags: InitFlags },
): Promise<number> {
  const around = await enter(io, globals);
  const { place, speaker } = around;
  const { lang, paint } = speaker;
  const source = await findSource(around, flags);
  const posts = await lookAtPosts(around);
  const left: string[] = [];

  let wrote = 0;
  const put = async (path: string, text: string) => {
    await write(around, path, text);
    speaker.tell(`${paint.green('✔')} ${say('init.wrote', lang, { path })}`);
    wrote++;
  };
  const keep = (key: 'init.stays' | 'init.kept', path: string) => {
    speaker.tell(`${paint.dim('–')} ${say(key, lang, { path })}`);
  };

  const { file: known } = await loadConfig(place, null);
  if (known === null) await put(toPosixPath(place.home, join(place.root, CONFIG)), toConfig(around, posts));
  else {
    keep('init.stays', toPosixPath(place.home, known));
    const unlisted = posts.hosts.filter((host) => !around.config.images.allowHosts.includes(host));
    if (unlisted.length > 0) left.push(say('init.hosts', lang, { hosts: unlisted.join(', ') }));
  }

  if (flags.ci !== undefined) {
    const service = SERVICES[flags.ci];
    const values = { ...source.values, ...(await toValues(around)) };
    for (const [path, template] of service.files) {
      const text = await readText(join(place.home, path));
      const isTheirs = path === '.gitlab-ci.yml';
      if (text === null || (flags.force === true && !isTheirs)) {
        await put(path, await fillTemplate(template, values));
        continue;
      }
      keep(isTheirs ? 'init.stays' : 'init.kept', path);
      if (isTheirs && !text.includes('.gitlab/wxsync.yml')) left.push(say('init.include', lang));
    }
    const { CLONE: clone, COMMIT: ref } = source.values;
    if (source.known && !WHOLE_COMMIT.test(ref)) {
      printWarning(say('init.unpinned', lang, { ref }), speaker);
      left.push(say('init.pin', lang, { clone, ref }));
    }
    if (!source.known) left.push(say('init.source', lang, { source: UNKNOWN_SOURCE }));
    left.push(say(service.secrets, lang), say('init.address', lang));
  }
  if (wrote > 0) left.push(say('init.commit', lang));
  if (left.length === 0) return 0;
  speaker.talk('');
  speaker.talk(speaker.paintErr.bold(say('next', lang)));
  for (const line of left) speaker.talk(`  ${line}`);
  return 0;
}

/** Null when nothing is there; what is no text counts as a file that stays. */
async function readText(file: string): Promise<string | null> {
  const read = readRegularFile(file, MAX_BYTES);
  if (read.kind === 'missing') return null;
  return read.kind === 'ok' ? new TextDecoder().decode(read.bytes) : '';
}

interface Source {
  readonly known: boolean;
  readonly values: { readonly REPOSITORY: string; readonly CLONE: string; readonly COMMIT: string };
}

const SOURCE = /^(?:https:\/\/([\w.-]+)\/)?([\w.-]+(?:\/[\w.-]+)+)@([\w./-]+)$/;

/** What cannot be moved to other code later, as a branch or a tag can. */
const WHOLE_COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Which copy of wxsync a CI job uses: `--from`, else the clone that this one runs from, at its commit. */
async function findSource({ io, speaker }: Surroundings, { from }: InitFlags): Promise<Source> {
  const text = from ?? (await readOwnSource(io)) ?? UNKNOWN_SOURCE;
  const match = SOURCE.exec(text);
  if (match === null) {
    throw new WxsyncError('usage', {
      args: { detail: say('usage.from', speaker.lang, { from: text }), command: 'init' },
    });
  }
  const [, host = 'github.com', path = '', COMMIT = ''] = match;
  const REPOSITORY = path.replace(/\.git$/, '');
  const values = { REPOSITORY, CLONE: `https://${host}/${REPOSITORY}.git`, COMMIT };
  return { known: text !== UNKNOWN_SOURCE, values };
}

async function readOwnSource(io: Io): Promise<string | null> {
  const folder = findPackageFolder();
  const origin = existsSync(join(folder, '.git')) ? readOrigin(folder) : '';
  if (origin === '') return null;
  const { code, stdout } = await openGit(folder, io.env).run(['rev-parse', 'HEAD']);
  const text = `https://${origin}@${stdout.toString().trim()}`;
  return code === 0 && SOURCE.test(text) ? text : null;
}

/** What the templates need to know of the site; quoted as each place asks, since a branch or folder may be named as it likes. */
async function toValues({ io, place, speaker }: Surroundings) {
  const { gitRoot } = place;
  const head = ['symbolic-ref', '--quiet', '--short', 'HEAD'];
  const answer = gitRoot === null ? null : await openGit(gitRoot, io.env).run(head);
  const branch = answer?.code === 0 ? answer.stdout.toString().trim() : 'main';
  const folder = toPosixPath(place.home, place.root) || '.';
  const ref = `'refs/heads/${branch.replaceAll("'", "''")}'`;
  return { BRANCH: JSON.stringify(branch), REF: ref, FOLDER: JSON.stringify(folder), LANG: speaker.lang };
}

interface Posts {
  /** Where pictures of posts are fetched from. */
  readonly hosts: readonly string[];
  /** Globs of the folders in which posts with a flag lie. */
  readonly include: readonly string[];
}

/** Looks at the posts that carry the flag. One that cannot be used now still counts. */
async function lookAtPosts({ cwd, place, config, environment }: Surroundings): Promise<Posts> {
  const hosts = new Set<string>();
  const include = new Set<string>();
  const files = await selectPosts([], { cwd, root: place.root, config });
  const posts = files.map(({ file, named }) => ({ file, named, path: toPosixPath(place.home, file), place, config }));
  await readPosts(posts, {
    // Every one with a flag, whatever it says.
    selection: { update: true, force: true, all: false, showSynced: true },
    overrides: { theme: null, codeTheme: null, cover: null, author: null, digest: null },
    accountOf: (post) => environment.env['WXSYNC_ACCOUNT'] ?? post.account,
    onRead: () => undefined,
    async lookCloser({ at, sources }) {
      const [top = '', ...rest] = toPosixPath(place.root, at.file).split('/');
      include.add(`${rest.length === 0 ? '' : `${top}/**/`}*${posix.extname(at.file)}`);
      for (const source of sources.values()) {
        if (source.kind === 'remote') hosts.add(new URL(source.url).hostname);
      }
      return [];
    },
  });
  return { hosts: [...hosts].sort(), include: [...include].sort() };
}

/** The project's name is written down, so that moving the repository does not change which drafts are whose. */
function toConfig({ place }: Surroundings, { hosts, include }: Posts): string {
  const project = readOrigin(place.gitRoot) || `${basename(place.home)}-${randomBytes(4).toString('hex')}`;
  const config = {
    project,
    ...(include.length > 0 && { include }),
    ...(hosts.length > 0 && { images: { allowHosts: hosts } }),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Writes inside the repository only: a link in the way is not followed. */
async function write({ place, speaker }: Surroundings, path: string, text: string): Promise<void> {
  try {
    makeFolder(place.home, posix.dirname(path));
    await writeFileAtomic(join(place.home, path), text);
  } catch (error) {
    const detail = say('usage.unwritable', speaker.lang, { path, detail: errorCode(error) });
    throw new WxsyncError('usage', { args: { detail, command: 'init' }, cause: error });
  }
}
