// What a CI service says of its run: whether it may use secrets, and which branch it runs for; facts of GitHub and GitLab.
import { WxsyncError } from '../errors.ts';
import type { Io } from './io.ts';

interface Service {
  /** The variable that is `true` on this service. */
  readonly mark: string;
  /** The variable that names what started the run. */
  readonly event: string;
  /** What only people with the right to push can start. */
  readonly trusted: readonly string[];
  branchOf(env: Io['env']): string | null;
}

const SERVICES: readonly Service[] = [
  {
    mark: 'GITHUB_ACTIONS',
    event: 'GITHUB_EVENT_NAME',
    trusted: ['push', 'workflow_dispatch', 'schedule', 'release'],
    branchOf: (env) => /^refs\/heads\/(.+)$/.exec(env['GITHUB_REF'] ?? '')?.[1] ?? null,
  },
  {
    mark: 'GITLAB_CI',
    event: 'CI_PIPELINE_SOURCE',
    trusted: ['push', 'web', 'schedule', 'api', 'trigger'],
    branchOf: (env) => env['CI_COMMIT_BRANCH'] ?? null,
  },
];

/** Throws `event-refused` for a run that anyone may have started, such as a pull request's; elsewhere than in CI never. */
export function refuseUntrustedEvent(env: Io['env']): void {
  const service = findService(env);
  if (service === null) return;
  const event = env[service.event] ?? '';
  if (service.trusted.includes(event)) return;
  throw new WxsyncError('event-refused', { args: { event: event || '?', known: service.trusted.join(', ') } });
}

/** The branch that the CI service names; null for a tag, and elsewhere. */
export function findCiBranch(env: Io['env']): string | null {
  return findService(env)?.branchOf(env) ?? null;
}

export function isGitHub(env: Io['env']): boolean {
  return findService(env)?.mark === 'GITHUB_ACTIONS';
}

function findService(env: Io['env']): Service | null {
  return SERVICES.find(({ mark }) => env[mark] === 'true') ?? null;
}
