// One contestant in a process of its own: `node length.mjs NAME TEXT…` prints the characters of HTML that it makes of each text.
import { CONTESTANTS } from './contestants.mjs';
import { readText } from './texts.mjs';

const [name, ...texts] = process.argv.slice(2);
const render = await CONTESTANTS[name]();
const lengths = {};
for (const text of texts) lengths[text] = (await render(readText(text))).length;
process.stdout.write(JSON.stringify(lengths));
