// Diagrams drawn in real Chromium: each kind that only it draws, what is wrong with one, that nothing is asked of a network, and that it ends.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { openStudio } from '../../src/images/studio.ts';
import { toEnv } from '../cli/stage.ts';

const chrome = process.env['WXSYNC_CHROME'] ?? '/usr/bin/chromium';
const open = (timeoutMs?: number) =>
  openStudio({
    env: { WXSYNC_CHROME: chrome },
    platform: process.platform,
    hearing: 'caller',
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
const studio = open();
afterAll(() => studio.close());
const draw = (source: string) => studio.draw({ source, accent: '#07c160', maxWidth: 1440 });

test.each<readonly [kind: string, source: string]>([
  ['flowchart', 'flowchart TD\n  开始 --> 检查{通过?}\n  检查 -->|是| 完成[/存草稿/]'],
  [
    'sequence',
    'sequenceDiagram\n  autonumber\n  actor 作者\n  作者->>+微信: 上传\n  Note over 作者,微信: 只发一次\n  微信-->>-作者: 好',
  ],
  ['gantt', 'gantt\n  dateFormat YYYY-MM-DD\n  section 写作\n  初稿 :a1, 2026-01-01, 5d\n  校对 :after a1, 2d'],
  ['mind map', 'mindmap\n  root((公众号))\n    写作\n    发布'],
  ['pie', '%%{init: {"theme": "forest"}}%%\npie title 来源\n  "会话" : 30\n  "其他" : 70'],
])('%s', async (_, source) => {
  const drawn = await draw(source);
  if (!drawn.ok) throw new Error(JSON.stringify(drawn));
  const { bytes, width, height } = drawn.image;
  expect([drawn.by, drawn.image.format, width > 200, height > 100]).toEqual(['browser', 'png', true, true]);
  const { data } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([data[3], data[data.length - 1]]).toEqual([0, 0]);
  const inks = new Set<string>();
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) inks.add(data.subarray(at, at + 3).join());
  expect(inks.size).toBeGreaterThan(30);
});

test.each<readonly [title: string, source: string, line: number | null, problem: string, name: string]>([
  ['a shape that does not end', 'flowchart TD\n  %% 说明\n  A --> B[未闭合', 3, 'diagram-end', ''],
  ['an arrow that is none', 'flowchart TD\n  A --> B\n  B -> -> C', 3, 'diagram-near', '-'],
  ['brackets in words', 'flowchart TD\n  A[中文(x)] --> B', 2, 'diagram-near', '('],
  ['a value that is none', '\npie\n  "甲" : x\n', 3, 'diagram-near', 'x'],
  ['a direction that is none', 'flowchart XX\n  A --> B', 1, 'diagram-near', ''],
  ['a message without words', 'sequenceDiagram\n  A->>B hi\n', 2, 'diagram-end', ''],
  ['no kind at all', '你好', null, 'diagram-kind', '你好'],
  ['two roots', 'mindmap\n  a\n  b', null, 'diagram-root', ''],
  ['a task without a length', 'gantt\n  title x\n  完成 : 2024-01', null, 'diagram-inside', ''],
  ['what mermaid alone can say', 'gitGraph\n  commit\n  checkout no', null, 'other', ''],
])('%s is told with its line', async (_, source, line, problem, name) => {
  expect(await draw(source)).toMatchObject({
    ...{ ok: false, code: 'diagram-broken', line },
    args: { problem, name, detail: expect.stringMatching(/./) },
  });
});

test('one that breaks, or sets things up, changes nothing for the next', async () => {
  const source = 'flowchart TD\n  A[甲] --> B[乙]';
  const first = await draw(source);
  await draw('flowchart TD\n  A[');
  await draw('%%{init: {"theme": "dark", "themeVariables": {"fontSize": "40px"}}}%%\nflowchart TD\n  A');
  await draw('---\nconfig:\n  securityLevel: loose\n  htmlLabels: true\n---\nflowchart TD\n  A["<b>x</b>"]');
  expect(await draw(source)).toEqual(first);
});

test('asks nothing of a network, whatever a diagram says', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tags = `<img src=${url}/img onerror=fetch('${url}/onerror')><script src=${url}/script></script>`;
  const css = `@import url(${url}/css); * { background: url(${url}/ground) }`;
  const sources = [
    `flowchart TD\n  A@{ img: "${url}/shape", label: "图", w: 60, h: 60, constraint: "on" }\n  click A href "${url}/click"`,
    `%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "${css}"}}%%\nflowchart TD\n  A["${tags}"]`,
    `flowchart TD\n  A["图"]\n  style A fill:url(${url}/fill)\n  click A call alert()`,
    `sequenceDiagram\n  A->>B: ${tags}`,
  ];
  for (const source of sources) await draw(source);
  expect(await draw(sources[0] ?? '')).toMatchObject({
    code: 'diagram-broken',
    args: { detail: expect.stringContaining('image'), problem: 'other' },
  });
  server.close();
  expect(asked).toEqual([]);
});

test('one that takes too long is given up, and its browser with it', async () => {
  const hurried = open(1);
  const job = { source: 'pie\n  "甲" : 1', accent: '', maxWidth: 1440 };
  for (let count = 0; count < 3; count++) expect(await hurried.draw(job)).toMatchObject({ code: 'diagram-too-much' });
  // A fourth browser is not started.
  expect(await hurried.draw(job)).toMatchObject({ code: 'diagram-no-renderer' });
  await hurried.close();
});

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

/** All processes of the computer. */
function listProcesses(): readonly Running[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parent, ...name] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), name: name.join(' ') };
  });
}

/** The browsers below a process. */
function browsersOf(pid: number): readonly number[] {
  const all = listProcesses();
  const below = (id: number): readonly Running[] =>
    all.filter(({ parent }) => parent === id).flatMap((each) => [each, ...below(each.pid)]);
  return below(pid).flatMap((each) => (/chrom/i.test(each.name) ? [each.pid] : []));
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('not within 30 seconds');
}

describe('no process of it is left', () => {
  test('when the studio closes', async () => {
    const own = open();
    await own.draw({ source: 'pie\n  "甲" : 1', accent: '', maxWidth: 1440 });
    const before = browsersOf(process.pid);
    await own.close();
    const left = browsersOf(process.pid);
    expect(before.length - left.length).toBeGreaterThan(0);
    await studio.close();
    expect(browsersOf(process.pid)).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('when %s ends the command', async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'wxsync-diagram-'));
    const fence = '```';
    const posts = Array.from({ length: 40 }, (_, index) => `${fence}mermaid\npie\n  "甲" : ${index + 1}\n${fence}\n`);
    writeFileSync(join(folder, 'post.md'), `# 图\n\n${posts.join('\n')}`);
    const bin = fileURLToPath(new URL('../../bin/wxsync.js', import.meta.url));
    const env = { ...toEnv({ WXSYNC_CHROME: chrome }), TMPDIR: folder };
    const child = spawn(process.execPath, [bin, 'render', 'post.md'], { cwd: folder, env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(() => browsersOf(child.pid ?? 0).length > 2);
    const browsers = browsersOf(child.pid ?? 0);
    child.kill(signal);
    await ended;
    await until(() => listProcesses().every(({ pid, name }) => !browsers.includes(pid) || !/chrom/i.test(name)));
    if (signal !== 'SIGKILL') expect(readdirSync(folder).filter((name) => name.includes('profile'))).toEqual([]);
  });
});

test('a post shows its diagrams on its preview page, and the secrets of the environment stay out of the browser', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxsync-diagram-'));
  const spy = join(folder, 'chrome.sh');
  writeFileSync(spy, `#!/bin/sh\nenv > "${folder}/env.txt"\nexec "${chrome}" "$@"\n`, { mode: 0o755 });
  writeFileSync(
    join(folder, 'post.md'),
    '---\ntitle: 图\n---\n\n话。\n\n```mermaid\njourney\n  title 一天\n  section 早\n    写: 5: 我\n```\n',
  );
  const bin = fileURLToPath(new URL('../../bin/wxsync.js', import.meta.url));
  const env = toEnv({ WXSYNC_CHROME: spy, WECHAT_APP_SECRET: 'a-secret-of-mine', WECHAT_APP_ID: 'wx0123456789abcdef' });
  const text = execFileSync(process.execPath, [bin, 'publish', '-n', 'post.md', '--json'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  const [result] = JSON.parse(text).results;
  expect(result).toMatchObject({ status: 'planned', images: [{ kind: 'body' }, { kind: 'cover' }] });
  expect(readFileSync(join(folder, result.preview), 'utf8')).toMatch(/&lt;img src=&quot;data:image\/png/);
  expect(readFileSync(join(folder, 'env.txt'), 'utf8')).not.toContain('a-secret-of-mine');
});
