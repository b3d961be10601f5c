// Findings as SARIF 2.1.0, the form that code scanning services read; knows nothing of how they were found.
import type { WxsyncError } from '../errors.ts';
import { FINDINGS, type Finding, type Severity } from '../facts/findings.ts';
import { describeRule } from './rule-words.ts';
import { describeError, describeFinding, type Lang } from './words.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

export interface SarifInput {
  /** With paths relative to the repository's root, `/`-separated. */
  readonly findings: readonly (Finding & { readonly file: string })[];
  /** What ended the run before everything was looked at. */
  readonly error: WxsyncError | null;
  readonly version: string;
  readonly lang: Lang;
}

/** The log with one run; its rules are those that were broken. docs.oasis-open.org/sarif/sarif/v2.1.0 */
export function toSarif({ findings, error, version, lang }: SarifInput) {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  const results = findings.map((each) => ({
    ruleId: each.code,
    ruleIndex: codes.indexOf(each.code),
    level: LEVELS[each.severity],
    message: { text: describeFinding(each, lang) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(each.file), uriBaseId: '%SRCROOT%' },
          region: { startLine: each.line, startColumn: each.column },
        },
      },
    ],
  }));
  const driver = { name: 'wxsync', semanticVersion: version, rules: codes.map((code) => toRule(code, lang)) };
  const invocation = {
    executionSuccessful: error === null,
    ...(error === null ? {} : { toolExecutionNotifications: [toNotification(error, lang)] }),
  };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', invocations: [invocation], results }],
  } as const;
}

function toRule(code: Finding['code'], lang: Lang) {
  const { reason, mend } = describeRule(code, lang);
  const text = `${reason} ${mend}`;
  return {
    id: code,
    shortDescription: { text: reason },
    help: { text, markdown: text },
    defaultConfiguration: { level: LEVELS[FINDINGS[code]] },
  };
}

function toNotification(error: WxsyncError, lang: Lang) {
  const { message, hint } = describeError(error, lang);
  return { level: 'error', descriptor: { id: error.code }, message: { text: `${message} ${hint}`.trim() } } as const;
}

/** A relative reference: each part encoded, so that neither `:` nor `#` nor a space gets a meaning. */
function toUri(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
