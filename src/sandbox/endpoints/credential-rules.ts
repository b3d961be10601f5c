// What both token endpoints ask of an AppID, a grant type and a secret, in the order that live probes showed.
import type { Rule } from '../endpoint.ts';
import { PAGES } from '../evidence.ts';

export interface Credentials {
  readonly grantType: string | null;
  readonly appId: string | null;
  readonly appSecret: string | null;
  readonly ip: string;
}

const PROBES = 'live probes without credentials, 2026-09';

export const CREDENTIAL_RULES: readonly Rule<Credentials>[] = [
  {
    errcode: 41002,
    says: 'appid is missing or empty',
    confidence: 'documented',
    source: PAGES.stableToken,
    refuses: ({ appId }) => appId === null || appId === '',
  },
  {
    errcode: 40013,
    says: 'appid is not this account; asked before grant_type and secret',
    confidence: 'observed',
    source: PROBES,
    refuses: ({ appId }, world) => appId !== world.appId,
  },
  {
    errcode: 40002,
    says: 'grant_type is not client_credential',
    confidence: 'documented',
    source: PAGES.token,
    refuses: ({ grantType }) => grantType !== 'client_credential',
  },
  {
    errcode: 41004,
    says: 'secret is missing or empty',
    confidence: 'documented',
    source: PAGES.token,
    refuses: ({ appSecret }) => appSecret === null || appSecret === '',
  },
  {
    errcode: 40125,
    says: 'secret is not this account’s',
    confidence: 'documented',
    source: PAGES.token,
    refuses: ({ appSecret }, world) => appSecret !== world.appSecret,
  },
  {
    errcode: 40164,
    says: 'the caller’s address is not on the list of allowed ones (option allowedIps); asked after the secret',
    confidence: 'documented',
    source: `${PAGES.token}; that it is asked last is assumed`,
    refuses: ({ ip }, { allowedIps }) => allowedIps !== null && !allowedIps.includes(ip),
  },
];
