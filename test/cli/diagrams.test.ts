// Diagrams without a browser, through the command: drawn and sent as pictures, told where they stay code, and no reason to update a draft.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runHere, startSandboxHere } from './here.ts';
import { fresh, type SandboxServer, toEnv } from './stage.ts';

const FENCE = '```';
const POST = `---
title: 图
wechat_synced: false
---

前言。

${FENCE}mermaid
flowchart LR
  写作 --> 检查{"通过 (全部)?"}
  检查 -->|是| 发布
${FENCE}
图 1：从写作到发布

${FENCE}mermaid
gantt
  初稿 :2026-01-01, 5d
${FENCE}
`;

let sandbox: SandboxServer;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  sandbox = await startSandboxHere();
  folder = fresh('diagrams');
  env = toEnv({ ...sandbox.env, WXSYNC_CHROME: 'none' });
  writeFileSync(join(folder, 'post.md'), POST);
});
afterAll(() => sandbox.stop());

test('check says what nothing here draws, with its line', async () => {
  const { code, stdout } = await runHere(['check', 'post.md', '--format', 'json'], { cwd: folder, env });
  const told = JSON.parse(stdout).findings.filter((each: { code: string }) => each.code.startsWith('diagram-'));
  expect([code, told]).toMatchObject([0, [{ code: 'diagram-no-renderer', line: 15, column: 1, severity: 'warning' }]]);
});

test('render has the picture in the page', async () => {
  const { code, stdout, stderr } = await runHere(['render', 'post.md'], { cwd: folder, env });
  expect(code).toBe(0);
  expect(stdout.match(/<img src="data:image\/png;base64,[^"]{2000,}"/g)).toHaveLength(1);
  expect(stdout).toContain('图 1：从写作到发布');
  expect(stderr).toMatch(
    /post\.md:15:1 .*it takes a browser to draw “gantt”, and WXSYNC_CHROME=none turns browsers off/,
  );
});

test('publish sends it once, and nowhere else is it another post', async () => {
  const first = await runHere(['publish', 'post.md', '--json'], { cwd: folder, env });
  const [made] = JSON.parse(first.stdout).results;
  expect([made.status, made.images.map(({ kind }: { kind: string }) => kind)]).toEqual(['created', ['body', 'cover']]);
  const [draft] = await sandbox.drafts();
  const text = JSON.stringify(draft);
  expect(text.match(/mmbiz\.qpic\.cn/g)?.length).toBeGreaterThan(0);
  expect(text).not.toMatch(/data:image|mermaid:|flowchart LR/);
  // Another computer, whose browser draws other pictures, or none.
  const elsewhere = toEnv({ ...sandbox.env, WXSYNC_CHROME: '/nonexistent/chrome' });
  const again = await runHere(['publish', 'post.md', '--update', '--json'], { cwd: folder, env: elsewhere });
  expect(JSON.parse(again.stdout).results[0].status).toBe('unchanged');
  expect(readFileSync(join(folder, 'post.md'), 'utf8')).toBe(POST.replace('synced: false', 'synced: true'));
});

test('the preview lists what only drawing finds where it stands', async () => {
  const text = POST.replace('前言', '前言[^无]').concat('\n后记[^没有]。\n');
  writeFileSync(join(folder, 'order.md'), text);
  const { stdout } = await runHere(['publish', '-n', 'order.md', '--json'], { cwd: folder, env });
  const page = readFileSync(join(folder, JSON.parse(stdout).results[0].preview), 'utf8');
  const lines = [...page.matchAll(/<li class="\w+"><span>(\d+)<\/span>/g)].map(([, line]) => Number(line));
  expect(lines).toEqual([6, 15, 20]);
});
