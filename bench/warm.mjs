// One contestant in a process of its own: `node warm.mjs NAME SECONDS TEXT…` prints the CPU milliseconds of a warm render.
import { CONTESTANTS } from './contestants.mjs';
import { readText } from './texts.mjs';

/** Renders before any is counted: V8 compiles what runs often, and a slow contestant would be measured before that. */
const LEAST_WARM = 100;
/** So many times the counted time is spent on them at most. */
const MOST_WARM = 10;
/** CPU time that is told apart from nothing, in ms: shorter renders are counted by the batch. */
const BATCH = 5;

const [name, seconds, ...texts] = process.argv.slice(2);
const render = await CONTESTANTS[name]();
const readCpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const results = {};
for (const each of texts) {
  const text = readText(each);
  const least = Number(seconds) * 1000;
  await renderWhile(text, (spent, renders) => spent < least || (renders < LEAST_WARM && spent < MOST_WARM * least));
  // The median of batches: a busy machine and a collection of garbage make a few of them long.
  const batches = [];
  const start = readCpu();
  do batches.push(await renderWhile(text, (spent) => spent < BATCH));
  while (readCpu() - start < least || batches.length < 5);
  results[each] = batches.sort((a, b) => a - b)[batches.length >> 1];
}
process.stdout.write(JSON.stringify(results));

/** CPU milliseconds of a render, from one and then as many as are wished. */
async function renderWhile(text, isWished) {
  const start = readCpu();
  let renders = 0;
  do {
    await render(text);
    renders += 1;
  } while (isWished(readCpu() - start, renders));
  return (readCpu() - start) / renders;
}
