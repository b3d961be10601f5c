// The flags of `wxsync publish` and what they mean to selection, story and fields; reads no file and starts nothing.
import { resolve } from 'node:path';
import type { Target } from '../publish/open.ts';
import type { Selection } from '../publish/posts.ts';
import type { Overrides } from '../publish/read.ts';
import type { Wishes } from '../publish/run.ts';

export interface PublishFlags {
  readonly dryRun?: boolean;
  readonly sandbox?: boolean;
  readonly update?: boolean;
  readonly force?: boolean;
  readonly overwrite?: boolean;
  readonly all?: boolean;
  /** Takes only posts that differ from this commit. */
  readonly since?: string;
  readonly theme?: string;
  readonly codeTheme?: string;
  readonly account?: string;
  readonly cover?: string;
  readonly author?: string;
  readonly digest?: string;
  /** Absent: flips, but not in a sandbox run. */
  readonly flip?: boolean;
  readonly maxNew: number;
  readonly wait: boolean;
  readonly failFast?: boolean;
  readonly apiRoot?: string;
  readonly json?: boolean;
}

export function toWishes(flags: PublishFlags, kind: Target['kind']): Wishes {
  return {
    update: flags.update === true,
    force: flags.force === true,
    overwrite: flags.overwrite === true,
    flip: flags.flip ?? kind === 'wechat',
    wait: flags.wait,
  };
}

export function toSelection(flags: PublishFlags): Selection {
  return {
    update: flags.update === true,
    force: flags.force === true,
    all: flags.all === true,
    showSynced: flags.dryRun === true,
  };
}

export function toOverrides({ theme, codeTheme, cover, author, digest }: PublishFlags, cwd: string): Overrides {
  return {
    theme: theme?.endsWith('.css') ? resolve(cwd, theme) : (theme ?? null),
    codeTheme: codeTheme ?? null,
    cover: cover === undefined ? null : toCover(cover, cwd),
    author: author ?? null,
    digest: digest ?? null,
  };
}

function toCover(cover: string, cwd: string): Overrides['cover'] {
  if (/^https?:\/\//i.test(cover)) return { kind: 'remote', url: cover };
  return { kind: 'file', path: resolve(cwd, cover), shown: cover };
}
