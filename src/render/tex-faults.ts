// What MathJax refuses, as a table: its own names of errors to ours, and the part of its sentence that names the culprit; no words for readers.

/** Why TeX is broken: what is wrong, for which the reports have words, and what with. */
export interface TexFault {
  readonly problem: string;
  /** A command, a sign or an environment, as the post has it; empty when there is none to name. */
  readonly name: string;
  /** What stands where `name` should, when there are two. */
  readonly other: string;
}

/** A command or a sign, and the name in braces or quotes of an environment. */
const COMMAND = /(\\(?:[A-Za-z]+|[^A-Za-z])|[&#])/;
const ENVIRONMENT = /\{(.*?)\}(?:.*\{(.*?)\})?/s;
const QUOTED = /["'](.*)["']/s;

const PROBLEMS: readonly (readonly [problem: string, ids: string, culprit: RegExp])[] = [
  ['tex-command', 'UndefinedControlSequence', COMMAND],
  ['tex-argument', 'MissingArgFor MissingBoxFor MissingCS TokenNotFoundForCommand RunawayArgument', COMMAND],
  ['tex-open', 'ExtraCloseMissingOpen ExtraCloseLooking', COMMAND],
  ['tex-close', 'MissingCloseBrace ExtraOpenMissingClose', COMMAND],
  ['tex-bracket', 'MissingCloseBracket NoClosingDelim', COMMAND],
  ['tex-right', 'ExtraLeftMissingRight ExtraOrMissingDelims', COMMAND],
  ['tex-left', 'MissingLeftExtraRight', COMMAND],
  ['tex-middle', 'ExtraMiddle', COMMAND],
  ['tex-delimiter', 'MissingOrUnrecognizedDelim', COMMAND],
  ['tex-end', 'EnvMissingEnd', ENVIRONMENT],
  ['tex-begin', 'MissingBeginExtraEnd', ENVIRONMENT],
  ['tex-ends', 'EnvBadEnd', ENVIRONMENT],
  ['tex-environment', 'UnknownEnv InvalidEnv', QUOTED],
  ['tex-subscripts', 'DoubleSubscripts', COMMAND],
  ['tex-exponents', 'DoubleExponent DoubleExponentPrime', COMMAND],
  ['tex-script', 'MissingScript MissingOpenForSup MissingOpenForSub', COMMAND],
  ['tex-misplaced', 'Misplaced', COMMAND],
  ['tex-limits', 'MisplacedLimits', COMMAND],
  ['tex-dimension', 'MissingDimOrUnits BracketMustBeDimension', COMMAND],
  ['tex-dollar', 'MathNotTerminated', COMMAND],
  ['tex-endless', 'MaxMacroSub1 MaxMacroSub2 MaxBufferSize', COMMAND],
  ['tex-hash', 'CantUseHash1', COMMAND],
  [
    'tex-definition',
    'IllegalControlSequenceName IllegalMacroParam IllegalParamNumber SequentialParam MismatchUseDef CantUseHash2 ' +
      'MissingReplacementString',
    COMMAND,
  ],
  ['tex-colour', 'UndefinedColorModel ModelArg1 ModelArg2 InvalidNumber InvalidDecimalNumber', COMMAND],
  ['tex-columns', 'MultlineRowsOneCol XalignOverflow ExtraAlignTab ExtraCasesAlignTab', COMMAND],
  ['tex-nested', 'ErroneousNestingEq', COMMAND],
  ['tex-ambiguous', 'AmbiguousUseOf', COMMAND],
  ['tex-chemistry', 'MhchemErrorBond MhchemBugA MhchemBugP MhchemBugT MhchemBugU', COMMAND],
];

const BY_ID: ReadonlyMap<string, readonly [problem: string, culprit: RegExp]> = new Map(
  PROBLEMS.flatMap(([problem, ids, culprit]) => ids.split(' ').map((id) => [id, [problem, culprit] as const])),
);

/** What an error of MathJax means, by its `id` and message. */
export function toTexFault(id: string, message: string): TexFault {
  const [problem = 'other', culprit] = BY_ID.get(id) ?? [];
  const found = culprit?.exec(message) ?? [];
  return { problem, name: (found[1] ?? '').slice(0, MAX_NAME), other: (found[2] ?? '').slice(0, MAX_NAME) };
}

const MAX_NAME = 60;
