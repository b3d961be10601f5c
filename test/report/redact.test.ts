// No form of a live secret passes, whatever stands around it; seeds are printed by fast-check.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from '../../src/report/redact.ts';

const SECRET = 'c4n4ry/secret+value=="x';

test.each([
  ['raw', SECRET],
  ['in a URL', encodeURIComponent(SECRET)],
  ['base64', Buffer.from(SECRET).toString('base64')],
  ['hex', Buffer.from(SECRET).toString('hex')],
  ['JSON', JSON.stringify(SECRET)],
])('%s', (_, form) => {
  const redactor = createRedactor();
  redactor.add(SECRET);
  expect(redactor.clean(`before ${form} after`)).not.toContain(form.replaceAll('"', '').slice(0, 12));
});

test.each([
  [['canary-0123', 'canary-0123-456789'], 'canary-0123-456789', '***'],
  [['456789', 'canary-0123-456789'], 'canary-0123-456789', '***'],
  [['canary-0123-456789', '0123-4'], 'canary-0123-456789 0123-4', '*** ***'],
  [['canary+1', 'canary+1%2'], encodeURIComponent('canary+1%2'), '***'],
])('of %j nothing is left of the longer', (secrets, text, cleaned) => {
  const redactor = createRedactor();
  for (const each of secrets) redactor.add(each);
  expect(redactor.clean(text)).toBe(cleaned);
});

test('a query loses its token even when nobody named it', () => {
  expect(createRedactor().clean('GET /cgi-bin/draft/add?access_token=abcDEF_123&x=1')).toBe(
    'GET /cgi-bin/draft/add?access_token=***&x=1',
  );
});

test('short words are no secrets', () => {
  const redactor = createRedactor();
  redactor.add('a');
  expect(redactor.clean('banana')).toBe('banana');
});

test('property: never the raw secret', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, maxLength: 40 }), fc.string(), fc.string(), (secret, before, after) => {
      const redactor = createRedactor();
      redactor.add(secret);
      const cleaned = redactor.clean(`${before}${secret}${after}`);
      return !cleaned.includes(secret) || '***'.includes(secret) || `${before}***${after}`.includes(secret);
    }),
    { numRuns: 500, verbose: 1 },
  );
});
