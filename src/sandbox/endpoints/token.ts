// GET /cgi-bin/token: a new token on each call.
import { createEndpoint } from '../endpoint.ts';
import { CREDENTIAL_RULES, type Credentials } from './credential-rules.ts';

export const token = createEndpoint<Credentials>({
  path: 'token',
  method: 'GET',
  auth: 'none',
  effect: 'reads',
  read: ({ query, ip }) => ({
    ip,
    grantType: query.get('grant_type'),
    appId: query.get('appid'),
    appSecret: query.get('secret'),
  }),
  rules: CREDENTIAL_RULES,
  run: (_input, world) => ({ body: { ...world.tokens.issue() } }),
});
