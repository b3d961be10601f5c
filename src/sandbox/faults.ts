// What can go wrong on purpose: the faults, their spelling on a command line, and which of them a call meets.
import type { Manner } from './reply.ts';

interface FaultPlace {
  /** Endpoint without `/cgi-bin/`, such as `draft/add`; `*` = every endpoint. */
  readonly path: string;
  /** Only this call, 1 = the next one after the fault was added; absent = every call. */
  readonly call?: number;
  /** Before the call has an effect (the default), or after it. */
  readonly when?: 'before' | 'after';
}

/** Faults that are a word alone; a new one is a new line here and a case where the server meets it. */
const WORDS = {
  reset: 'the connection is reset without an answer',
  fin: 'the connection ends in good order, without an answer',
  'half-body': 'Content-Length of the whole answer, half of its bytes, then the end',
  truncated: 'a clean 200 without Content-Length, half of the JSON, then the end',
  drip: 'the head of an answer, then a byte now and then, for ever',
  html: 'status 200 with a page of HTML, as a captive portal answers',
  empty: 'status 200 with no body',
} as const satisfies Readonly<Record<Exclude<Manner, 'whole'> | 'html' | 'empty', string>>;

/** Faults with a time, spelled `WORD=MS`. */
const TIMED = {
  latency: 'the call waits so long',
  late: 'the connection is reset at once, and the call has its effect so much later',
  lag: 'a list does not show what is younger',
} as const;

export type FaultWord = keyof typeof WORDS;
export type TimedWord = keyof typeof TIMED;

/** One kind a line. */
export type Fault = FaultPlace &
  (
    | { readonly kind: 'errcode'; readonly errcode: number }
    /** 3xx redirects to elsewhere, anything else is a gateway's HTML page. */
    | { readonly kind: 'status'; readonly status: number }
    | { readonly kind: TimedWord; readonly ms: number }
    | { readonly kind: FaultWord }
  );

/** Every fault that is a word, with what it does, as on a command line. */
export const FAULT_WORDS: Readonly<Record<string, string>> = {
  ...WORDS,
  ...Object.fromEntries(Object.entries(TIMED).map(([word, says]) => [`${word}=MS`, says])),
};

export interface Faults {
  add(fault: Fault): void;
  /** From now on all is well. */
  clear(): void;
  /** The faults that this call meets, in the order they were added; counts the call. */
  meet(path: string): readonly Fault[];
}

export function createFaults(initial: readonly Fault[]): Faults {
  const armed = initial.map((fault) => ({ fault, calls: 0 }));
  return {
    add: (fault) => void armed.push({ fault, calls: 0 }),
    clear: () => void armed.splice(0),
    meet(path) {
      const met: Fault[] = [];
      for (const entry of armed) {
        if (entry.fault.path !== path && entry.fault.path !== '*') continue;
        entry.calls += 1;
        if (entry.fault.call === undefined || entry.fault.call === entry.calls) met.push(entry.fault);
      }
      return met;
    },
  };
}

const SPELLING = /^([a-z_]+(?:\/[a-z_]+)?|\*):(-?\d+|[a-z-]+|[a-z]+=\d+)(?::(before|after))?(?:@([1-9]\d*))?$/;

/**
 * Reads `PATH:WHAT[:before|after][@N]`: `draft/add:45009@2` (the second call), `draft/add:-1:after`,
 * `draft/get:502`, `token:307`, `draft/add:latency=500`, `draft/add:reset:after`, `draft/batchget:lag=3000`.
 * Numbers from 300 to 599 are HTTP statuses, all others errcodes.
 * @throws Error with the spelling that was expected.
 */
export function parseFault(text: string): Fault {
  const [, path, what = '', when, call] = SPELLING.exec(text) ?? [];
  const kind = path === undefined ? null : toKind(what);
  if (path === undefined || kind === null) {
    throw new Error(
      `the fault "${text}" is not PATH:WHAT[:before|after][@N]; WHAT is an errcode, an HTTP status, ` +
        `${Object.keys(FAULT_WORDS).join(', ')}, as in draft/add:45009@2 or draft/add:reset:after`,
    );
  }
  return {
    path,
    ...(when === undefined ? {} : { when: when as 'before' | 'after' }),
    ...(call === undefined ? {} : { call: Number(call) }),
    ...kind,
  };
}

type Kind = Fault extends infer Each ? (Each extends Fault ? Omit<Each, keyof FaultPlace> : never) : never;

function toKind(what: string): Kind | null {
  const [word = '', ms] = what.split('=');
  if (Object.hasOwn(WORDS, what)) return { kind: what as FaultWord };
  if (ms !== undefined) return Object.hasOwn(TIMED, word) ? { kind: word as TimedWord, ms: Number(ms) } : null;
  const code = Number(what);
  if (Number.isNaN(code)) return null;
  return code >= 300 && code <= 599 ? { kind: 'status', status: code } : { kind: 'errcode', errcode: code };
}

/**
 * Reads a fault that came as JSON: the same fields, or `{"fault": "draft/add:45009@2"}`.
 * @throws Error when it is neither.
 */
export function toFault(value: unknown): Fault {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  if (typeof fields['fault'] === 'string') return parseFault(fields['fault']);
  const { path, kind, call, when, ms } = fields;
  const what = kind === 'errcode' || kind === 'status' ? fields[kind] : ms === undefined ? kind : `${kind}=${ms}`;
  const phase = when === undefined ? '' : `:${String(when)}`;
  return parseFault(`${String(path)}:${String(what)}${phase}${call === undefined ? '' : `@${String(call)}`}`);
}
