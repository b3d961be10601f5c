// POST /cgi-bin/stable_token: the same token until it nears its end, or a forced new one.
import { createEndpoint } from '../endpoint.ts';
import { parseJsonBody } from '../json-body.ts';
import { BODY_RULES, type JsonInput, toText } from './body-rules.ts';
import { CREDENTIAL_RULES, type Credentials } from './credential-rules.ts';

interface StableInput extends JsonInput, Credentials {
  readonly isForced: boolean;
}

export const stableToken = createEndpoint<StableInput>({
  path: 'stable_token',
  method: 'POST',
  auth: 'none',
  effect: 'reads',
  read: (call) => {
    const body = parseJsonBody(call.body);
    return {
      body,
      ip: call.ip,
      grantType: toText(body.fields, 'grant_type'),
      appId: toText(body.fields, 'appid'),
      appSecret: toText(body.fields, 'secret'),
      isForced: body.fields?.['force_refresh'] === true,
    };
  },
  rules: [...BODY_RULES, ...CREDENTIAL_RULES],
  run: ({ isForced }, world) => ({ body: { ...world.tokens.issueStable(isForced ? 'forced' : 'normal') } }),
});
