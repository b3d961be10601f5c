// What can go wrong on purpose: the faults, their spelling on a command line, and which of them a call meets.

interface FaultPlace {
  /** Endpoint without `/cgi-bin/`, such as `draft/add`; `*` = every endpoint. */
  readonly path: string;
  /** Only this call, 1 = the next one after the fault was added; absent = every call. */
  readonly call?: number;
  /** Before the call has an effect (the default), or after it. */
  readonly when?: 'before' | 'after';
}

/** One kind a line; a new kind is a new line here, a spelling below and a case where the server meets it. */
export type Fault = FaultPlace &
  (
    | { readonly kind: 'errcode'; readonly errcode: number }
    /** 3xx redirects to elsewhere, anything else is a gateway's HTML page. */
    | { readonly kind: 'status'; readonly status: number }
    | { readonly kind: 'latency'; readonly ms: number }
    /** The connection is reset without an answer. */
    | { readonly kind: 'reset' }
    /** Content-Length of the whole answer, half of its bytes, then the connection ends. */
    | { readonly kind: 'half-body' }
  );

export interface Faults {
  add(fault: Fault): void;
  /** The faults that this call meets, in the order they were added; counts the call. */
  meet(path: string): readonly Fault[];
}

export function createFaults(initial: readonly Fault[]): Faults {
  const armed = initial.map((fault) => ({ fault, calls: 0 }));
  return {
    add: (fault) => void armed.push({ fault, calls: 0 }),
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

const SPELLING = /^([a-z_]+(?:\/[a-z_]+)?|\*):(-?\d+|latency=\d+|reset|half-body)(?::(before|after))?(?:@([1-9]\d*))?$/;

/**
 * Reads `PATH:WHAT[:before|after][@N]`: `draft/add:45009@2` (the second call), `draft/add:-1:after`,
 * `draft/get:502`, `token:307`, `draft/add:latency=500`, `draft/add:reset:after`, `draft/get:half-body`.
 * Numbers from 300 to 599 are HTTP statuses, all others errcodes.
 * @throws Error with the spelling that was expected.
 */
export function parseFault(text: string): Fault {
  const [, path, what = '', when, call] = SPELLING.exec(text) ?? [];
  if (path === undefined) {
    throw new Error(
      `the fault "${text}" is not PATH:WHAT[:before|after][@N]; WHAT is an errcode, an HTTP status, ` +
        'latency=MS, reset or half-body, as in draft/add:45009@2 or draft/add:reset:after',
    );
  }
  const place: FaultPlace = {
    path,
    ...(when === undefined ? {} : { when: when as 'before' | 'after' }),
    ...(call === undefined ? {} : { call: Number(call) }),
  };
  if (what === 'reset' || what === 'half-body') return { ...place, kind: what };
  if (what.startsWith('latency=')) return { ...place, kind: 'latency', ms: Number(what.slice('latency='.length)) };
  const code = Number(what);
  if (code >= 300 && code <= 599) return { ...place, kind: 'status', status: code };
  return { ...place, kind: 'errcode', errcode: code };
}

/**
 * Reads a fault that came as JSON: the same fields, or `{"fault": "draft/add:45009@2"}`.
 * @throws Error when it is neither.
 */
export function toFault(value: unknown): Fault {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  if (typeof fields['fault'] === 'string') return parseFault(fields['fault']);
  const { path, kind, call, when } = fields;
  const what =
    kind === 'errcode' || kind === 'status'
      ? String(fields[kind])
      : kind === 'latency'
        ? `latency=${String(fields['ms'])}`
        : String(kind);
  const phase = when === undefined ? '' : `:${String(when)}`;
  return parseFault(`${String(path)}:${what}${phase}${call === undefined ? '' : `@${String(call)}`}`);
}
