// wenyan-core as a process: renders one file.
import { readFileSync } from 'node:fs';
import { CONTESTANTS } from './contestants.mjs';

const render = await CONTESTANTS['wenyan-core']();
process.stdout.write(await render(readFileSync(process.argv[2], 'utf8')));
