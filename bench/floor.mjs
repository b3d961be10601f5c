// The least that a render could be: loads the packages that a plain post needs, and parses it.
import { readFileSync } from 'node:fs';
import { Chalk } from 'chalk';
import { Command } from 'commander';
import matter from 'gray-matter';
import { Parser } from 'htmlparser2';
import { Marked } from 'marked';
import { parseDocument } from 'yaml';

const program = new Command().argument('<file>').parse();
const { content, data } = matter(readFileSync(program.args[0], 'utf8'), {
  engines: { yaml: (text) => parseDocument(text).toJS() },
});
const html = new Marked().parse(content);
new Parser({}).end(html);
process.stdout.write(`${new Chalk({ level: 0 }).bold(data.title)}\n${html}`);
