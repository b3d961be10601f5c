// One contestant in a process of its own: `node warm.mjs NAME SECONDS TEXT…` prints the CPU milliseconds that a render of each takes when warm.
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
  const end = performance.now() + Number(seconds) * 1000;
  // The first third of the time warms up; at least one render is counted, however long it takes.
  do await render(text);
  while (performance.now() < end - (Number(seconds) * 2000) / 3);
  let renders = 0;
  const start = readCpu();
  do {
    await render(text);
    renders += 1;
  } while (performance.now() < end);
  results[each] = (readCpu() - start) / renders;
}
process.stdout.write(JSON.stringify(results));
