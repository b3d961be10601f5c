// Writes beside the built code the shipped themes, compiled, and what V8 compiles for the commands that people run most: `precompile.mjs DIST`.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? 'dist');
const require = createRequire(import.meta.url);
const { findCompiled, openCode, toCompiledName } = require(join(folder, 'start.js'));
const work = mkdtempSync(join(tmpdir(), 'wxsync-build-'));
const code = openCode(folder);
const out = { write: () => true, isTTY: false };

try {
  await require(join(folder, 'themes.js')).compileThemes(join(folder, 'rules'));
  const site = join(work, 'blog');
  cpSync(join(root, 'examples', 'blog'), site, { recursive: true });
  const post = join('content', 'zh', '2026-trade.md');
  const lines = [['--help'], ['render', post], ['check', post], ['publish', '--dry-run', post]];
  for (const [index, argv] of lines.entries()) {
    const env = { WXSYNC_HOME: join(work, 'home'), LANG: index % 2 === 0 ? 'zh_CN.UTF-8' : 'en_US.UTF-8' };
    const io = { argv, env, cwd: site, platform: process.platform, stdin: process.stdin, stdout: out, stderr: out };
    const exitCode = await code.load('cli.js').run({ ...io, onSignal: () => () => {} });
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}`);
  }
  const compiled = findCompiled(folder);
  mkdirSync(compiled);
  for (const [name, script] of code.scripts) {
    writeFileSync(join(compiled, toCompiledName(name)), script.createCachedData());
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
