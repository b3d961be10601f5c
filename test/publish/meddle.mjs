// Preloaded into a CLI by `node --import`: counts its file operations below some folders and makes one of them the last or a failure.
import fs from 'node:fs';
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

/** Counts an operation; gives what is to come before and after it when it is the one that is met. Throws in its place. */
function meet(name, path) {
  const counts =
    !isInside &&
    typeof path === 'string' &&
    plan.folders.some((folder) => path.startsWith(folder)) &&
    (plan.only !== 'moves' || MOVES.includes(name));
  if (!counts) return { before: () => undefined, after: () => undefined };
  count += 1;
  const { log, at, what = '', when = 'before' } = plan;
  if (log !== undefined) quietly(() => fs.appendFileSync(log, `${count} ${name} ${path}\n`));
  if (count === at && !what.startsWith('SIG')) {
    throw Object.assign(new Error(`${what}: meddled with, ${name} '${path}'`), { code: what, syscall: name, path });
  }
  const kill = (moment) => () => void (count === at && when === moment && process.kill(process.pid, what));
  return { before: kill('before'), after: kill('after') };
}

/** The path of each file that was opened, by its number or handle. */
const paths = new Map();

/** Node's own functions call one another, which is one operation. */
let isInside = false;

function quietly(work) {
  const before = isInside;
  isInside = true;
  try {
    return work();
  } finally {
    isInside = before;
  }
}

async function through(name, path, work) {
  const { before, after } = meet(name, path);
  before();
  const value = await work();
  after();
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

const probe = await promises.open('/dev/null');
const prototype = Object.getPrototypeOf(probe);
await probe.close();
for (const name of ['writeFile', 'readFile', 'sync', 'chmod', 'stat']) {
  const real = prototype[name];
  prototype[name] = function (...rest) {
    return through(name, paths.get(this), () => real.apply(this, rest));
  };
}

for (const name of [...READS, ...MOVES, 'mkdir', 'writeFile', 'open', 'fstat', 'fchmod']) {
  const meddled =
    (real) =>
    (at, ...rest) => {
      const path = typeof at === 'number' ? paths.get(at) : at;
      const { before, after } = meet(name, path);
      before();
      const value = quietly(() => real(at, ...rest));
      if (name === 'open') paths.set(value, path);
      after();
      return value;
    };
  const real = fs[`${name}Sync`];
  fs[`${name}Sync`] = Object.assign(meddled(real), real.native && { native: meddled(real.native) });
}

const realFsync = fs.fsync;
fs.fsync = (file, done) => {
  try {
    meet('fsync', paths.get(file)).before();
    realFsync(file, done);
  } catch (error) {
    done(error);
  }
};

syncBuiltinESMExports();
