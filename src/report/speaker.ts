// The two streams of a run: results on stdout, talk on stderr, both redacted, coloured only where colour is wanted.
import { Chalk, type ChalkInstance } from 'chalk';
import { isGitHub } from '../local/ci.ts';
import type { Io, OutputStream } from '../local/io.ts';
import { isCi } from '../local/io.ts';
import type { TargetKind } from '../local/settings.ts';
import { toInert, toMask } from './github.ts';
import { createRedactor, type Redactor } from './redact.ts';
import type { Lang } from './words.ts';

export interface SpeakerOptions {
  readonly lang: Lang;
  readonly color: 'auto' | 'never';
  readonly level: 'quiet' | 'normal' | 'verbose';
  /** Absent: wechat. */
  readonly target?: TargetKind;
}

export interface Speaker {
  readonly lang: Lang;
  readonly level: SpeakerOptions['level'];
  /** What the commands in words to a person are for, as the run was. */
  readonly target: TargetKind;
  /** Whether GitHub's runner reads the log, and commands in it. */
  readonly inGitHub: boolean;
  readonly redactor: Redactor;
  /** How wide the terminal is that stdout goes to; null when it goes elsewhere. */
  readonly columns: number | null;
  /** Colours for stdout and for stderr. */
  readonly paint: ChalkInstance;
  readonly paintErr: ChalkInstance;
  /** A line of the result. */
  out(line: string): void;
  /** A line of talk; nothing when quiet. */
  talk(line: string): void;
  /** A line on stderr even when quiet: errors. */
  complain(line: string): void;
  /** The one line that is rewritten on a terminal, or a plain line elsewhere; nothing when quiet. */
  progress(line: string): void;
  /** Takes the rewritten line away. */
  clearProgress(): void;
  /** A line of the result as people read it: in GitHub's log no text in it can be taken for a command. */
  tell(line: string): void;
  /** A workflow command, on stderr as it is. All other talk is kept from being one. */
  annotate(line: string): void;
  /** Hides a secret from now on; in GitHub's log also from every other program, unless GitHub gave it to us. */
  keepSecret(secret: string): void;
}

/** `--no-color`, then FORCE_COLOR, then NO_COLOR, then TERM=dumb, then whether that stream is a terminal. */
function colorLevel(io: Io, stream: OutputStream, wish: SpeakerOptions['color']): 0 | 1 {
  const { FORCE_COLOR, NO_COLOR, TERM } = io.env;
  if (wish === 'never') return 0;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR === '0' || FORCE_COLOR === 'false' ? 0 : 1;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return 0;
  return stream.isTTY === true && TERM !== 'dumb' ? 1 : 0;
}

/** What one run learned is secret for all its speakers, also for the one that tells of a bug when the run is over. */
const REDACTORS = new WeakMap<Io, Redactor>();

export function createSpeaker(io: Io, options: SpeakerOptions): Speaker {
  const redactor = REDACTORS.get(io) ?? createRedactor();
  REDACTORS.set(io, redactor);
  const live = io.stderr.isTTY === true && !isCi(io) && io.env['TERM'] !== 'dumb';
  let shown = false;
  const clearProgress = () => {
    if (shown) io.stderr.write('\r\u001b[2K');
    shown = false;
  };
  const line = (stream: OutputStream, text: string) => {
    clearProgress();
    stream.write(`${redactor.clean(text)}\n`);
  };
  const inGitHub = isGitHub(io.env);
  const inert = (text: string) => (inGitHub ? toInert(text) : text);
  return {
    lang: options.lang,
    level: options.level,
    target: options.target ?? 'wechat',
    inGitHub,
    redactor,
    columns: io.stdout.isTTY === true ? io.stdout.columns || 80 : null,
    paint: new Chalk({ level: colorLevel(io, io.stdout, options.color) }),
    paintErr: new Chalk({ level: colorLevel(io, io.stderr, options.color) }),
    out: (text) => line(io.stdout, text),
    tell: (text) => line(io.stdout, inert(text)),
    complain: (text) => line(io.stderr, inert(text)),
    annotate: (text) => line(io.stderr, text),
    talk(text) {
      if (options.level !== 'quiet') line(io.stderr, inert(text));
    },
    progress(text) {
      if (options.level === 'quiet') return;
      if (!live) return line(io.stderr, inert(text));
      const width = Math.max(20, (io.stderr.columns || 80) - 1);
      io.stderr.write(`\r\u001b[2K${cutToWidth(redactor.clean(text), width)}`);
      shown = true;
    },
    clearProgress,
    keepSecret(secret) {
      const given = Object.values(io.env).includes(secret);
      // Before the redactor knows it: the mask is the one line that must hold it.
      if (inGitHub && !given) io.stderr.write(`${toMask(secret)}\n`);
      redactor.add(secret);
    },
  };
}

/** Cuts so that the line never wraps; a wide character counts two columns. */
function cutToWidth(text: string, width: number): string {
  let used = 0;
  let cut = '';
  for (const each of text) {
    used += (each.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1;
    if (used > width) return `${cut.slice(0, -1)}…`;
    cut += each;
  }
  return cut;
}
