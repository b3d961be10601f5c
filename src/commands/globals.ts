// What every command shares: the global options, where it runs, its language and its two streams.
import { dirname, resolve } from 'node:path';
import { WxsyncError } from '../errors.ts';
import { loadConfig } from '../local/config.ts';
import { type Config, DEFAULTS } from '../local/config-keys.ts';
import { askTracking } from '../local/git.ts';
import type { Io } from '../local/io.ts';
import { findPlace, isPlanted, type Place, toAbsolute } from '../local/project.ts';
import {
  type Distrust,
  type Environment,
  findTargetKind,
  listProxyPasswords,
  loadEnvironment,
} from '../local/settings.ts';
import { printWarning } from '../report/publish-report.ts';
import { createSpeaker, type Speaker } from '../report/speaker.ts';
import { chooseLang, type Lang, say } from '../report/words.ts';

export interface GlobalOptions {
  readonly config?: string;
  readonly cwd?: string;
  readonly envFile?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  readonly lang?: string;
  /** Of the commands that have it. */
  readonly sandbox?: boolean;
}

/** Where a command runs and with what. */
export interface Surroundings {
  readonly io: Io;
  readonly cwd: string;
  /** The place of the working directory. */
  readonly place: Place;
  readonly config: Config;
  readonly environment: Environment;
  readonly speaker: Speaker;
  /** The place and config of any folder; the same folder is looked at once. */
  projectOf(folder: string): Promise<{ readonly place: Place; readonly config: Config }>;
}

/**
 * Reads place, environment and config; throws for what is wrong in them. `near` is the first path of the call: the `.env`
 * of its project is the one that counts, from wherever the command is run.
 */
export async function enter(io: Io, options: GlobalOptions, near?: string): Promise<Surroundings> {
  const cwd = toAbsolute('.', resolve(io.cwd, options.cwd ?? '.'));
  const place = findPlace(cwd, cwd);
  const its = near === undefined || near === '-' ? place : findPlace(dirname(toAbsolute(near, cwd)), cwd);
  const explicit = options.config === undefined ? null : resolve(cwd, options.config);
  const projects = new Map<string, Promise<{ place: Place; config: Config }>>();
  const projectOf = (folder: string) => {
    const known = projects.get(folder);
    if (known !== undefined) return known;
    const found = findPlace(folder, cwd);
    const loaded = loadConfig(found, explicit).then(({ config }) => ({ place: found, config }));
    projects.set(folder, loaded);
    return loaded;
  };
  const environment = await loadEnvironment(io, {
    envFile: options.envFile === undefined ? null : resolve(cwd, options.envFile),
    projectRoot: its.root,
    doubt: (file) => findDoubt(its, file, io.env),
  });
  const { config } = await projectOf(cwd);
  const speaker = createSpeaker(io, toSpeakerOptions(options, environment.env, config));
  for (const [name, value] of Object.entries(environment.env)) {
    if (/SECRET|TOKEN/.test(name) && !name.endsWith('_FILE') && value !== undefined) speaker.redactor.add(value);
  }
  for (const password of listProxyPasswords(environment.env)) speaker.redactor.add(password);
  warnOfIgnored(environment, speaker);
  return { io, cwd, place, config, environment, speaker, projectOf };
}

/** The streams before anything was read, for errors of usage and config. */
export function openSpeaker(io: Io, options: GlobalOptions): Speaker {
  return createSpeaker(io, toSpeakerOptions(options, io.env));
}

export function toSpeakerOptions(options: Partial<GlobalOptions>, env: Environment['env'], config: Config = DEFAULTS) {
  if (options.lang !== undefined && options.lang !== 'zh' && options.lang !== 'en') {
    const detail = 'zh | en';
    throw new WxsyncError('usage', { args: { detail: `--lang ${options.lang}: ${detail}`, command: '' } });
  }
  const lang: Lang = chooseLang(env, options.lang, config.lang);
  const level = options.quiet === true ? 'quiet' : options.verbose === true ? 'verbose' : 'normal';
  const target = findTargetKind(env, options);
  return { lang, level, color: options.color === false ? 'never' : 'auto', target } as const;
}

const DOUBTS = { tracked: 'env.tracked', unknown: 'env.unknown', planted: 'env.planted' } as const;

/** Where git is, git says whose a `.env` is; elsewhere its owner does. */
function findDoubt({ gitRoot }: Place, file: string, env: Io['env']): Distrust | null {
  if (gitRoot === null) return isPlanted(file) ? 'planted' : null;
  const tracking = askTracking(gitRoot, file, env);
  return tracking === 'untracked' ? null : tracking;
}

function warnOfIgnored({ ignored, distrust }: Environment, speaker: Speaker): void {
  const { lang } = speaker;
  if (distrust !== null) printWarning(say(DOUBTS[distrust], lang), speaker);
  if (ignored.length > 0) printWarning(say('env.ignored', lang, { names: ignored.join(', ') }), speaker);
}
