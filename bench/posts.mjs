// Many posts in one process: `node --expose-gc posts.mjs NAME COUNT` prints posts for each second of CPU, peak memory and what the heap grew by.
import { CONTESTANTS } from './contestants.mjs';
import { readText } from './texts.mjs';

const [name, count] = process.argv.slice(2);
const render = await CONTESTANTS[name]();
const text = readText('sample');
const readHeap = () => {
  globalThis.gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const first = Math.ceil(Number(count) / 10);
let heap = 0;
const start = process.cpuUsage();
for (let at = 0; at < Number(count); at += 1) {
  if (at === first) heap = readHeap();
  await render(`${text}\n\n第 ${at} 篇。\n`);
}
const { user, system } = process.cpuUsage(start);
process.stdout.write(
  JSON.stringify({
    perSecond: (Number(count) * 1e6) / (user + system),
    rss: process.resourceUsage().maxRSS / 1024,
    heapGrowth: readHeap() - heap,
  }),
);
