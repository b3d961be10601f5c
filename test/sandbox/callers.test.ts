// Who may turn the sandbox's clock and set its faults: thirty pairs of Host and Origin, and nothing changed by those refused.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { send } from './raw-http.ts';

const NOW = 1_700_000_000_000;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox({ now: () => NOW });
});
afterAll(() => sandbox.close());

/** PORT stands for the sandbox's own. */
const PAIRS: readonly [status: number, host: string, origin: string | null][] = [
  [200, '127.0.0.1:PORT', null],
  [200, 'localhost:PORT', null],
  [200, '127.0.0.1:PORT', 'http://127.0.0.1:PORT'],
  [200, 'localhost:PORT', 'http://localhost:PORT'],
  [200, '127.0.0.1:PORT', 'http://localhost:PORT'],
  [403, 'evil.test', null],
  [403, 'evil.test:PORT', null],
  [403, 'evil.test:PORT', 'http://evil.test:PORT'],
  [403, 'evil.test:PORT', 'http://127.0.0.1:PORT'],
  [403, '127.0.0.1', null],
  [403, 'localhost', null],
  [403, '127.0.0.1:1', null],
  [403, '127.0.0.1:PORT0', null],
  [403, '127.0.0.1.evil.test:PORT', null],
  [403, 'localhost.evil.test:PORT', null],
  [403, 'evil.localhost:PORT', null],
  [403, 'LOCALHOST.:PORT', null],
  [403, '0.0.0.0:PORT', null],
  [403, '127.1:PORT', null],
  [403, '2130706433:PORT', null],
  [403, '[::1]:PORT', null],
  [403, 'user@127.0.0.1:PORT', null],
  [403, '127.0.0.1:PORT, evil.test', null],
  [403, '127.0.0.1:PORT', 'https://evil.test'],
  [403, '127.0.0.1:PORT', 'http://evil.test:PORT'],
  [403, '127.0.0.1:PORT', 'https://127.0.0.1:PORT'],
  [403, '127.0.0.1:PORT', 'http://127.0.0.1:1'],
  [403, '127.0.0.1:PORT', 'http://127.0.0.1'],
  [403, '127.0.0.1:PORT', 'http://127.0.0.1:PORT.evil.test'],
  [403, '127.0.0.1:PORT', 'http://127.0.0.1:PORT/'],
  [403, '127.0.0.1:PORT', 'null'],
  [403, '127.0.0.1:PORT', 'file://'],
  [403, '127.0.0.1:PORT', 'chrome-extension://abcdefghijklmnop'],
  [403, '127.0.0.1:PORT', ''],
];

const WISHES = { '/_sandbox/clock': '{"advanceMs":3600000}', '/_sandbox/faults': '{"fault":"*:502"}' } as const;

test.each(PAIRS)('%i for Host %s, Origin %s', async (status, host, origin) => {
  const own = (text: string) => text.replaceAll('PORT', new URL(sandbox.url).port);
  const headers = { Host: own(host), ...(origin === null ? {} : { Origin: own(origin) }) };
  for (const [path, wish] of Object.entries(WISHES)) {
    // Who gets in wishes for nothing here: only whether they get in is asked.
    const body = status === 200 ? '{}' : wish;
    const answer = await send(sandbox.url, { method: 'POST', path, headers, body });
    expect([path, answer.status]).toEqual([path, status === 200 ? 400 : 403]);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  }
});

test('of all these no fault is set and no clock turned', async () => {
  const clock = await send(sandbox.url, { method: 'POST', path: '/_sandbox/clock', body: '{"advanceMs":0}' });
  expect(clock.json).toEqual({ now: NOW });
  expect((await send(sandbox.url, { path: '/cgi-bin/draft/count' })).json).toMatchObject({ errcode: 41001 });
});
