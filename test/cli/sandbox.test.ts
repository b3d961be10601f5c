// `wxsync sandbox` as a command: the pair it says is the pair it takes, whatever the environment holds.
import { expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/index.ts';
import { runHere } from './here.ts';
import { fresh, toEnv } from './stage.ts';

const SECRET = '0123456789abcdef0123456789abcdef';
const OTHER = 'fedcba9876543210fedcba9876543210';

test('its AppSecret is shown though the environment has it too, and no other secret is', async () => {
  const flags = ['--port', '0', '--state', fresh(OTHER), '--app-id', 'wx0123456789abcdef', '--app-secret', SECRET];
  const { code, stdout, stderr } = await runHere(['sandbox', ...flags], {
    cwd: fresh('nowhere'),
    env: toEnv({ WECHAT_APP_SECRET: SECRET, WECHAT_APP_SECRET__TEAM: OTHER }),
    onSignal(listener) {
      queueMicrotask(() => listener('SIGINT'));
      return () => undefined;
    },
  });
  expect([code, stdout]).toEqual([0, expect.stringContaining(`AppSecret: ${SECRET}\n`)]);
  expect(stderr).toContain(` WECHAT_APP_SECRET=${SECRET} wxsync publish`);
  expect(stdout).not.toContain(OTHER);
});

test.each(['en', 'zh'])(
  'a second one on the same folder is sent to the first, and nothing is to be deleted: %s',
  async (lang) => {
    const stateDir = fresh('state');
    const first = await createSandbox({ stateDir });
    const env = toEnv({ WXSYNC_LANG: lang });
    const { code, stderr } = await runHere(['sandbox', '--port', '0', '--state', stateDir], {
      cwd: fresh('nowhere'),
      env,
    });
    await first.close();
    expect([code, stderr]).toEqual([2, expect.stringContaining('sandbox-running')]);
    expect(stderr).toContain(`${first.url}/`);
    expect(stderr).not.toMatch(/[Dd]elete|删除/);
  },
);
