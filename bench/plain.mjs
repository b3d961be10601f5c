// The plain way, as one bundled file: marked, then juice with our theme.
import { readFileSync } from 'node:fs';
import juice from 'juice/client.js';
import { Marked } from 'marked';

const [file, ...css] = process.argv.slice(2);
const body = readFileSync(file, 'utf8').replace(/^---\n.*?\n---\n/s, '');
const theme = css.map((each) => readFileSync(each, 'utf8')).join('\n');
process.stdout.write(juice.inlineContent(`<section class="wx">${new Marked().parse(body)}</section>`, theme));
