// GET /cgi-bin/get_api_domain_ip: the cheapest call that proves a token.
import { createEndpoint } from '../endpoint.ts';

export const getApiDomainIp = createEndpoint({
  path: 'get_api_domain_ip',
  method: 'GET',
  auth: 'token',
  effect: 'reads',
  read: () => null,
  rules: [],
  run: () => ({ body: { ip_list: ['127.0.0.1'] } }),
});
