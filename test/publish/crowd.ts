// Several processes publish one site at once while some of them are killed, until every flag is set or it takes too long.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { onStage, type Stage, toPost } from './stage.ts';

const BIN = fileURLToPath(new URL('../../bin/wxsync.js', import.meta.url));

export interface Crowd {
  readonly processes: number;
  readonly posts: number;
  readonly kills: number;
  readonly killEveryMs: number;
  /** So many runs at most, killed ones too. */
  readonly maxRuns: number;
}

/** As many drafts and flags as posts, whoever died; gives what was counted. */
export async function expectCrowdToFinish(crowd: Crowd): Promise<{ readonly runs: number; readonly killed: number }> {
  const counted = { runs: 0, killed: 0 };
  await onStage(async (stage) => {
    const paths = Array.from({ length: crowd.posts }, (_, index) => `crowd/${String(index).padStart(3, '0')}.md`);
    stage.move('posts/plain.md', 'crowd/first.txt');
    for (const [index, path] of paths.entries()) stage.write(path, toPost(`Crowd ${index}`, '![](/red.png)'));
    const alive = new Set<ChildProcess>();
    const isDone = () => paths.every((path) => stage.text(path).includes('wechat_synced: true'));
    const killer = setInterval(() => {
      const [victim] = [...alive].sort(() => Math.random() - 0.5);
      if (victim === undefined || counted.killed >= crowd.kills) return;
      counted.killed += victim.kill('SIGKILL') ? 1 : 0;
    }, crowd.killEveryMs);
    try {
      await Promise.all(
        Array.from({ length: crowd.processes }, async () => {
          while (!isDone() && counted.runs < crowd.maxRuns) {
            counted.runs++;
            await runOnce(stage, alive);
          }
        }),
      );
    } finally {
      clearInterval(killer);
      for (const child of alive) child.kill('SIGKILL');
    }
    const flagged = paths.filter((path) => stage.text(path).includes('wechat_synced: true'));
    const titles = stage.sandbox.drafts().map(({ articles }) => articles[0]?.title);
    expect({ flags: flagged.length, drafts: titles.length, titles: new Set(titles).size, ...counted }).toMatchObject({
      ...{ flags: crowd.posts, drafts: crowd.posts, titles: crowd.posts },
      killed: crowd.kills,
    });
  })();
  return counted;
}

async function runOnce(stage: Stage, alive: Set<ChildProcess>): Promise<void> {
  const child = spawn(process.execPath, [BIN, 'publish', 'crowd', '--max-new', '1000', '--quiet'], {
    ...{ cwd: stage.site, env: stage.env, stdio: 'ignore' as const },
  });
  alive.add(child);
  await new Promise((end) => child.on('close', end));
  alive.delete(child);
}
