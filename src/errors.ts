// What can go wrong, as one table: each code says who can mend it, and that decides the exit code; the words live in report/.

/** Who can mend an error. */
export type Mender = 'nobody' | 'caller' | 'writer' | 'owner' | 'content' | 'later' | 'person';

/** Exit code of each mender; see the contract in README "Exit codes". */
export const EXIT: Readonly<Record<Mender, number>> = {
  nobody: 1,
  caller: 2,
  writer: 3,
  owner: 4,
  content: 5,
  later: 6,
  person: 8,
};

/** Several posts of one run failed, or failed with different codes. */
export const EXIT_MIXED = 7;
export const EXIT_INT = 130;
export const EXIT_TERM = 143;

/** Every error code of the product, in the order of docs/errors.md. */
export const ERRORS = {
  bug: 'nobody',

  usage: 'caller',
  'path-missing': 'caller',
  'config-invalid': 'caller',
  'config-unknown-key': 'caller',
  'config-forbidden-key': 'caller',
  'config-outside': 'caller',
  'config-twice': 'caller',
  'config-script': 'caller',
  'setting-invalid': 'caller',
  'api-root-refused': 'caller',
  'sandbox-and-api-root': 'caller',
  'sandbox-elsewhere': 'caller',
  'sandbox-state': 'caller',
  'sandbox-running': 'caller',
  'port-in-use': 'caller',
  'theme-missing': 'caller',
  'theme-unreadable': 'caller',
  'theme-outside': 'caller',
  'too-many-new': 'caller',
  'ledger-unwritable': 'caller',
  'disk-failed': 'caller',
  'event-refused': 'caller',
  'no-repository': 'caller',
  'ref-unknown': 'caller',
  'branch-unknown': 'caller',
  'report-unreadable': 'caller',

  'post-invalid': 'writer',

  'credentials-missing': 'owner',
  'credentials-refused': 'owner',
  'appid-invalid': 'owner',
  'secret-invalid': 'owner',
  'secret-frozen': 'owner',
  'ip-not-allowed': 'owner',
  'confirm-needed': 'owner',
  'api-unauthorized': 'owner',
  'account-limited': 'owner',
  'push-denied': 'owner',
  'branch-refused': 'owner',
  'store-refused': 'owner',

  'content-refused': 'content',
  'field-too-long': 'content',
  'media-refused': 'content',
  'cover-refused': 'content',
  'no-comment-right': 'content',
  'quota-used-up': 'content',
  'wechat-refused': 'content',

  'network-failed': 'later',
  'no-answer': 'later',
  'bad-answer': 'later',
  busy: 'later',
  'rate-limited': 'later',
  'lease-busy': 'later',
  'file-changed': 'later',
  'image-unreachable': 'later',
  waiting: 'later',
  'behind-upstream': 'later',
  'push-raced': 'later',
  'git-failed': 'later',
  'not-updated': 'later',
  interrupted: 'later',

  unknown: 'person',
  conflict: 'person',
  blocked: 'person',
  published: 'person',
  filtered: 'person',
  'verify-failed': 'person',
  'draft-gone': 'person',
  'flag-not-written': 'person',
  'ledger-not-written': 'person',
  'ledger-unreadable': 'person',
  'no-entry': 'person',
  'nothing-to-overwrite': 'person',
  'other-account': 'person',
  'duplicate-drafts': 'person',
  'maybe-renamed': 'person',
  'maybe-moved': 'person',
  'draft-of-other': 'person',
} as const satisfies Record<string, Mender>;

export type ErrorCode = keyof typeof ERRORS;

/** Values put into the words of an error or finding. Never a secret, never a URL's query. */
export type Args = Readonly<Record<string, string | number>>;

export interface ErrorOptions {
  readonly args?: Args;
  /** WeChat's errcode, when WeChat said no. */
  readonly errcode?: number;
  /** True when the same command may simply be run again. Default: what the mender says. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** The one root of all expected errors. `code` and `args` are data; words are added by report/. */
export class WxsyncError extends Error {
  override readonly name: string = 'WxsyncError';
  readonly code: ErrorCode;
  readonly args: Args;
  readonly errcode: number | null;
  readonly retryable: boolean;

  constructor(code: ErrorCode, options: ErrorOptions = {}) {
    const args = options.args ?? {};
    const shown = Object.entries(args).map(([key, value]) => `${key}=${value}`);
    super([code, ...shown].join(' '), options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.args = args;
    this.errcode = options.errcode ?? null;
    this.retryable = options.retryable ?? ERRORS[code] === 'later';
  }

  get mender(): Mender {
    return ERRORS[this.code];
  }

  get exitCode(): number {
    return EXIT[this.mender];
  }

  /** The same error with other values in its words. */
  with(args: Args): WxsyncError {
    const { errcode, retryable, cause } = this;
    const options = { args: { ...this.args, ...args }, retryable, ...(errcode !== null && { errcode }) };
    return new WxsyncError(this.code, cause === undefined ? options : { ...options, cause });
  }
}

/** What a disk says no to, by the call that was refused. */
const DISK_CALLS = new Set(['read', 'write', 'fsync', 'fstat', 'fchmod', 'close']);

/** The error itself when it is ours, `disk-failed` for what the file system refused; null for anything else, which is a bug. */
export function findExpected(error: unknown): WxsyncError | null {
  if (error instanceof WxsyncError) return error;
  const { code, syscall, path } = (error ?? {}) as { code?: unknown; syscall?: unknown; path?: unknown };
  const isDisk = typeof syscall === 'string' && (typeof path === 'string' || DISK_CALLS.has(syscall));
  if (!isDisk || typeof code !== 'string' || code === 'EPIPE') return null;
  const args = { detail: code, path: typeof path === 'string' ? path : syscall };
  return new WxsyncError('disk-failed', { args, cause: error });
}

/** The same; a bug is thrown on. */
export function toExpected(error: unknown): WxsyncError {
  const expected = findExpected(error);
  if (expected === null) throw error;
  return expected;
}
