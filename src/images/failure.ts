// What is said when a picture cannot be used: a finding's code and args as a value; it does not know the picture's place in a post.
import type { Args } from '../errors.ts';
import type { FindingCode } from '../facts/findings.ts';

/** A finding in the making: whoever knows the reference adds `src` to the args, and the place. */
export interface ImageNote {
  readonly code: FindingCode;
  readonly args: Args;
}

/** Why a picture cannot be used. Never thrown. */
export interface ImageFailure extends ImageNote {
  readonly ok: false;
}

export function fail(code: FindingCode, args: Args = {}): ImageFailure {
  return { ok: false, code, args };
}
