// How a publish run looks to a person: posts named from where they stand, the step of the moment, and the commands to run now.
import { join, relative } from 'node:path';
import type { TargetKind } from '../local/settings.ts';
import type { Target } from '../publish/open.ts';
import type { PostFile } from '../publish/read.ts';
import { isOutOfQuota, type PostResult } from '../publish/result.ts';
import type { Step } from '../publish/run.ts';
import { describeStep } from '../report/publish-report.ts';
import { toArgument, toVerb } from '../report/words.ts';
import type { Surroundings } from './globals.ts';
import type { PublishFlags } from './publish-flags.ts';

/** How posts are shown to a person: paths of output are relative to the git root, people read them from where they stand. */
export interface Stage {
  readonly target: TargetKind;
  show(path: string): string;
  toShown(result: PostResult): PostResult;
  onStep(step: Step): void;
}

export function toStage({ cwd, speaker, io }: Surroundings, posts: readonly PostFile[]): Stage {
  const files = new Map(posts.map((at) => [at.path, at]));
  const show = (path: string) => {
    const at = files.get(path);
    return at === undefined ? path : relative(cwd, at.file);
  };
  return {
    target: speaker.target,
    show,
    toShown(result) {
      const home = files.get(result.file)?.place.home ?? cwd;
      const preview = result.preview === null ? null : relative(cwd, join(home, result.preview));
      const file = show(result.file);
      return { ...result, file, preview, error: result.error?.with({ file }) ?? null };
    },
    onStep(step) {
      if (step.kind === 'read' && io.stderr.isTTY !== true) return;
      speaker.progress(describeStep({ ...step, path: show(step.path) }, speaker.lang));
    },
  };
}

/** After a rehearsal: see it, and do it for real. */
export function toNext(stage: Stage, kind: Target['kind'], results: readonly PostResult[]): readonly string[] {
  const made = results.find((each) => each.status === 'created' || each.status === 'updated');
  if (made === undefined || kind !== 'sandbox') return [];
  return made.flag.after === true
    ? ['wxsync sandbox']
    : ['wxsync sandbox', `wxsync publish ${toArgument(stage.show(made.file))}`];
}

/** What brings those over that changed since they were synced. */
export function toUpdate(stage: Stage, flags: PublishFlags, results: readonly PostResult[]): readonly string[] {
  const files = results.filter((each) => each.changedSince === true).map(({ file }) => toArgument(stage.show(file)));
  const same = flags.account === undefined ? [] : ['--account', toArgument(flags.account)];
  return files.length === 0 ? [] : [[toVerb('publish', stage.target), '--update', ...same, ...files].join(' ')];
}

/** The same command again, once there is a quota again. */
export function toAgain(said: readonly string[], results: readonly PostResult[]): readonly string[] {
  return isOutOfQuota(results) ? [toCommand(said)] : [];
}

/** After a dry run: the same for real, by the post's name when it is one. */
export function toReal(stage: Stage, said: readonly string[], results: readonly PostResult[]): readonly string[] {
  const [one, ...more] = results.filter((each) => each.status === 'planned');
  if (one === undefined) return [];
  if (more.length === 0) return [`${toVerb('publish', stage.target)} ${toArgument(stage.show(one.file))}`];
  return [toCommand(said.filter((each) => each !== '-n' && each !== '--dry-run'))];
}

function toCommand(said: readonly string[]): string {
  return ['wxsync', ...said.map((each) => (/^-[\w=./-]+$/.test(each) ? each : toArgument(each)))].join(' ');
}
