// Findings as a GitLab code quality report, which a merge request shows beside its changes; knows nothing of how they were found.
import { createHash } from 'node:crypto';
import type { Finding, Severity } from '../facts/findings.ts';
import { describeFinding, type Lang } from './words.ts';

const SEVERITIES = { error: 'major', warning: 'minor', info: 'info' } as const satisfies Record<Severity, string>;

/** One entry a finding, with paths relative to the repository's root. docs.gitlab.com/ci/testing/code_quality */
export function toCodeQuality(findings: readonly (Finding & { readonly file: string })[], lang: Lang) {
  const seen = new Map<string, number>();
  return findings.map((each) => {
    const description = describeFinding(each, lang);
    // GitLab takes those of one fingerprint for the same finding; a line that moved is no news, a second one like it is.
    const key = JSON.stringify([each.file, each.code, each.args]);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return {
      description,
      check_name: each.code,
      fingerprint: createHash('sha256').update(`${key}${count}`).digest('hex'),
      severity: SEVERITIES[each.severity],
      location: { path: each.file, lines: { begin: each.line } },
    } as const;
  });
}
