// One contestant in a process of its own: `node warm.mjs NAME SECONDS TEXT…` prints the CPU milliseconds of a warm render.
import { CONTESTANTS } from './contestants.mjs';
import { readText } from './texts.mjs';

const [name, seconds, ...texts] = process.argv.slice(2);
const render = await CONTESTANTS[name]();
const readCpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const results = {};
for (const each of texts) {
  const text = readText(each);
  // As long again to warm up; at least one render is counted, however long it takes.
  await renderFor(text, Number(seconds) * 1000);
  results[each] = await renderFor(text, Number(seconds) * 1000);
}
process.stdout.write(JSON.stringify(results));

/** CPU milliseconds of a render, from as many as fit. */
async function renderFor(text, milliseconds) {
  const start = readCpu();
  let renders = 0;
  do {
    await render(text);
    renders += 1;
  } while (readCpu() - start < milliseconds);
  return (readCpu() - start) / renders;
}
