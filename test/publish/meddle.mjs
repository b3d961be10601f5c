// Preloaded into a CLI by `node --import`: counts its file operations below some folders and makes one of them the last or a failure.
import { appendFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const READS = ['readdir', 'lstat', 'stat', 'realpath', 'readFile'];
const MOVES = ['rename', 'link', 'unlink', 'rm'];

/**
 * `folders`: only paths below them count. `log`: gets a line for each operation. `only`: `moves`, those after which
 * another run sees something else, or all. `at`: the operation that is met, from 1; `when`: before or after it.
 * `what`: a signal that the process sends itself, or the code of an error in the operation's place.
 */
let plan = JSON.parse(process.env.WXSYNC_TEST_MEDDLE ?? '{"folders":[]}');
let count = 0;

/** Begins anew; gives how many operations there were. */
export function meddle(next) {
  const before = count;
  plan = next;
  count = 0;
  return before;
}

async function through(name, path, work) {
  const counts =
    typeof path === 'string' &&
    plan.folders.some((folder) => path.startsWith(folder)) &&
    (plan.only !== 'moves' || MOVES.includes(name));
  if (!counts) return work();
  count += 1;
  const { log, at, what = '', when = 'before' } = plan;
  if (log !== undefined) appendFileSync(log, `${count} ${name} ${path}\n`);
  if (count !== at) return work();
  if (!what.startsWith('SIG')) {
    throw Object.assign(new Error(`${what}: meddled with, ${name} '${path}'`), { code: what, syscall: name });
  }
  if (when === 'before') process.kill(process.pid, what);
  const value = await work();
  if (when === 'after') process.kill(process.pid, what);
  return value;
}

for (const name of [...READS, ...MOVES, 'mkdir', 'writeFile', 'open']) {
  const real = promises[name];
  promises[name] = (path, ...rest) =>
    through(name, path, async () => {
      const value = await real(path, ...rest);
      if (name === 'open') paths.set(value, path);
      return value;
    });
}

const paths = new WeakMap();
const probe = await promises.open('/dev/null');
const prototype = Object.getPrototypeOf(probe);
await probe.close();
for (const name of ['writeFile', 'readFile', 'sync', 'chmod', 'stat']) {
  const real = prototype[name];
  prototype[name] = function (...rest) {
    return through(name, paths.get(this), () => real.apply(this, rest));
  };
}

syncBuiltinESMExports();
