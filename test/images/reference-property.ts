// One property of the resolver: any text means a file inside the root that may be seen, an address, bytes of its own, or nothing.
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { findImages, readImage } from '../../src/images/find.ts';

/** What lies outside of the root, or must not be seen, says so. */
const SECRET = 'SECRET';

const SEEN = [
  'content/post.md',
  'content/a.png',
  'content/post/b.png',
  'public/c.png',
  'public/图 片.png',
  'public/A/d.png',
];
const UNSEEN = ['.env', '.git/config', 'public/.d.png', 'content/.x/a.png', '../outside/a.png', '../root-twin/a.png'];
const LINKS: readonly (readonly [at: string, to: string])[] = [
  ['public/out', '../../outside'],
  ['public/up', '..'],
  ['public/out.png', '../../outside/a.png'],
  ['public/env.png', '../.env'],
  ['public/in.png', 'c.png'],
  ['content/etc', '/etc'],
];

const PIECES = [
  ...[
    '..',
    '.',
    '...',
    '....',
    '/',
    '//',
    '\\',
    '%2e',
    '%2E%2e',
    '%2f',
    '%252e',
    '%5c',
    '%00',
    '\0',
    '~',
    '%c0%ae',
    '．．',
    '／',
  ],
  ...[
    'file:',
    'file://',
    'C:',
    'http:',
    'https://',
    'data:image/png,',
    '?',
    '#',
    ':',
    '$HOME',
    '%',
    ' ',
    '\n',
    '\u202e',
    '\ud800',
  ],
  ...[
    'content',
    'public',
    'post',
    'outside',
    'root',
    'root-twin',
    'etc',
    'passwd',
    'proc/self/environ',
    'dev/null',
    'a.png',
  ],
  ...[
    'b.png',
    'c.png',
    '图 片.png',
    'A',
    'd.png',
    '.env',
    '.git',
    'config',
    '.x',
    '.d.png',
    'out',
    'up',
    'out.png',
    'env.png',
    'in.png',
  ],
];
const SURROGATES = 0x800;
/** Any but a lone surrogate. fast-check's own `binary` makes a table of a million characters first. */
const character = fc
  .nat(0x10_ffff - SURROGATES)
  .map((code) => String.fromCodePoint(code < 0xd800 ? code : code + SURROGATES));
/** Nearly what an author would write. */
const path = fc
  .tuple(
    fc.array(fc.constantFrom('/', './', '../', 'post/', 'public/', 'up/', '%2e%2e/'), { maxLength: 3 }),
    fc.constantFrom('a.png', 'b.png', 'c.png', 'A/d.png', 'content/a.png', 'public/c.png', 'in.png', 'out.png', '.env'),
    fc.constantFrom('', '', '?v=1', '#x', '/', ' ', '%00'),
  )
  .map(([steps, name, end]) => steps.join('') + name + end);
const text = fc.oneof(
  { weight: 4, arbitrary: path },
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((pieces) => pieces.join('')) },
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 7 }).map((pieces) => pieces.join('/')) },
  { weight: 1, arbitrary: fc.string({ unit: character }) },
);

export interface Outcome {
  readonly files: number;
}

/** Runs the property so many times. Throws with seed and counter-example; else tells how many texts meant a file. */
export async function checkReferences(runs: number, seed: number): Promise<Outcome> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'wxsync-references-')));
  const root = join(base, 'root');
  for (const path of [...SEEN, ...UNSEEN]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), UNSEEN.includes(path) ? `${SECRET} ${path}` : path);
  }
  for (const [at, to] of LINKS) symlinkSync(to, join(root, at));
  const roots = {
    projectRoot: root,
    postFile: join(root, 'content/post.md'),
    publicDirs: ['public', '.', '../outside'],
  };
  let files = 0;
  const property = fc.asyncProperty(text, async (src) => {
    const { sources, findings } = await findImages([{ src, alt: '', line: 1, column: 1 }], roots);
    const source = sources.get(src);
    const refused = findings.some(({ severity }) => severity === 'error');
    must(refused === (source === undefined), 'neither found nor refused');
    must(!JSON.stringify(findings).includes(base), 'a message tells where the project lies');
    if (source === undefined || source.kind === 'data') return;
    if (source.kind !== 'file')
      return must(/^https?:$/.test(new URL(source.url).protocol), `an address: ${source.url}`);
    files += 1;
    const inside = relative(root, realpathSync(source.path));
    must(SEEN.includes(inside), `another file: ${inside}`);
    must(statSync(source.path).isFile(), 'no regular file');
    const read = await readImage(source, roots);
    must(read.ok && Buffer.from(read.bytes).equals(readFileSync(join(root, inside))), 'other bytes');
    must(read.ok && !Buffer.from(read.bytes).includes(SECRET), 'a secret');
  });
  try {
    await fc.assert(property, { numRuns: runs, seed });
  } finally {
    rmSync(base, { recursive: true });
  }
  return { files };
}

function must(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(what);
}
