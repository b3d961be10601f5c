// The shape of an endpoint: how its request is read, the rules it may be refused by, in order, and what it then does.
import type { LinkPolicy } from './content/api.ts';
import type { Limits } from './counting.ts';
import type { Evidence } from './evidence.ts';
import type { Store } from './store.ts';
import type { Tokens } from './tokens.ts';
import type { Fields } from './wire.ts';

/** The kind of account; it decides whether the publish list may be read by API. */
export type Profile = 'personal-unverified' | 'verified' | 'service' | 'test';

/** The account an endpoint works on. */
export interface World {
  readonly appId: string;
  readonly appSecret: string;
  readonly profile: Profile;
  readonly limits: Limits;
  readonly links: LinkPolicy;
  /** Addresses that may have a token; null = any. */
  readonly allowedIps: readonly string[] | null;
  readonly tokens: Tokens;
  readonly store: Store;
  /** Milliseconds. */
  readonly now: () => number;
}

export interface Call {
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Buffer;
  /** The caller's address as its socket has it. */
  readonly ip: string;
  /** A list does not show what is younger than this. */
  readonly lagMs: number;
}

/** A line of the history: no token, no secret. */
export type Summary = Readonly<Record<string, string | number>>;

export interface Outcome {
  /** 0, or why the call was refused. */
  readonly errcode: number;
  readonly body: Fields;
  readonly summary: Summary;
}

export interface RuleFacts extends Evidence {
  readonly errcode: number;
  readonly says: string;
}

/** `refuses` may look at everything; the first rule that says yes gives the errcode. */
export interface Rule<Input> extends RuleFacts {
  readonly refuses: (input: Input, world: World) => boolean;
}

interface EndpointPlan<Input> {
  /** Without `/cgi-bin/`. */
  readonly path: string;
  readonly method: 'GET' | 'POST';
  /** Token endpoints are the ones that need none. */
  readonly auth: 'token' | 'none';
  /** Whether a success changes what the account holds (tokens are not held). */
  readonly effect: 'reads' | 'writes';
  /** Never throws: a request that cannot be read becomes an input that a rule refuses. */
  readonly read: (call: Call, world: World) => Input | Promise<Input>;
  readonly rules: readonly Rule<Input>[];
  /** For the history, before anything is decided. */
  readonly summarise?: (input: Input) => Summary;
  /** May await before its effect, never between two effects. */
  readonly run: (
    input: Input,
    world: World,
  ) =>
    | { readonly body: Fields; readonly summary?: Summary }
    | Promise<{ readonly body: Fields; readonly summary?: Summary }>;
}

export interface Endpoint {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly auth: 'token' | 'none';
  readonly effect: 'reads' | 'writes';
  readonly rules: readonly RuleFacts[];
  readonly answer: (call: Call, world: World) => Promise<Outcome>;
}

export const OK: Fields = { errcode: 0, errmsg: 'ok' };

/** An endpoint from its plan; the input's type stays inside. */
export function createEndpoint<Input>(plan: EndpointPlan<Input>): Endpoint {
  const { path, method, auth, effect, rules } = plan;
  return {
    path,
    method,
    auth,
    effect,
    rules,
    async answer(call, world) {
      const input = await plan.read(call, world);
      const summary = plan.summarise?.(input) ?? {};
      const broken = rules.find((rule) => rule.refuses(input, world));
      if (broken !== undefined) return { errcode: broken.errcode, body: {}, summary };
      const done = await plan.run(input, world);
      return { errcode: 0, body: done.body, summary: { ...summary, ...done.summary } };
    },
  };
}

/** The same rule asked of several things: it refuses when one of them is refused. */
export function toEach<Whole, Part>(parts: (whole: Whole) => readonly Part[], rule: Rule<Part>): Rule<Whole> {
  return { ...rule, refuses: (whole, world) => parts(whole).some((part) => rule.refuses(part, world)) };
}
