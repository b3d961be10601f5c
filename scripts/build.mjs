// Builds dist/: the CLI and the library bundled and code-split by esbuild, the types by tsc, and NOTICE.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** Of packages that are loaded late only what is used: juice without its reader of files, undici without fetch and mocks. */
const PARTS = {
  htmlparser2: `export { Parser } from 'htmlparser2';`,
  yaml: `export { isMap, LineCounter, parseDocument } from 'yaml';`,
  juice: `export { default } from 'juice/client.js';`,
  'beautiful-mermaid': `export { renderMermaidSVG } from 'beautiful-mermaid';`,
  undici: `import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import request from 'undici/lib/api/api-request.js';
Dispatcher.prototype.request = request;
export { default as Agent } from 'undici/lib/dispatcher/agent.js';
export { default as Pool } from 'undici/lib/dispatcher/pool.js';
export { default as ProxyAgent } from 'undici/lib/dispatcher/proxy-agent.js';
export { default as buildConnector } from 'undici/lib/core/connect.js';`,
};

/** The same package in a form of which parts can be taken. */
const INSTEAD = { cheerio: 'cheerio/slim', yaml: join(root, 'node_modules/yaml/browser/dist/index.js') };

/** sharp is native and stays a dependency; playwright-core is for those who want a browser to draw. */
const OUTSIDE = ['sharp', 'playwright-core'];

// Built beside and then put in place, so that nobody ever runs half a build.
const next = `dist.${process.pid}`;

/** What runs in that browser: one script, as mermaid's own file would be, but with its licences in NOTICE. */
const inPage = build({
  entryPoints: { mermaid: 'src/images/mermaid-page.ts' },
  outdir: next,
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: 'chrome110',
  minify: true,
  // In any encoding the same.
  charset: 'ascii',
  legalComments: 'none',
  write: false,
  metafile: true,
  logLevel: 'warning',
});

const { metafile, outputFiles } = await build({
  entryPoints: {
    start: 'src/start.ts',
    cli: 'src/cli.ts',
    index: 'src/index.ts',
    sandbox: 'src/sandbox/index.ts',
    decoder: 'src/images/decoder.ts',
    themes: 'src/local/themes.ts',
  },
  outdir: next,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: OUTSIDE,
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  plugins: [lateNode(), leaveOut(), namedLazyImports()],
  write: false,
  metafile: true,
  logLevel: 'warning',
});
await Promise.all(outputFiles.map(writeCommonJs));
const page = await inPage;
for (const { path, contents } of page.outputFiles) writeFileSync(path, contents);
writeFileSync(join(next, 'package.json'), '{ "type": "commonjs" }\n');

const types = spawnSync(
  process.execPath,
  [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', join(next, 'types')],
  {
    stdio: 'inherit',
  },
);
if (types.status !== 0) {
  rmSync(next, { recursive: true, force: true });
  process.exit(types.status ?? 1);
}
rmSync('dist', { recursive: true, force: true });
renameSync(next, 'dist');
precompile();

writeFileSync('NOTICE', toNotice([...Object.keys(metafile.inputs), ...Object.keys(page.metafile.inputs)]));

/**
 * esbuild splits only ES modules, and Node loads CommonJS in half of the time: a run loads twenty files. An importer sees the
 * same names either way.
 */
async function writeCommonJs({ path, text }) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__url' },
    banner: text.includes('import.meta.url') ? "const __url = require('node:url').pathToFileURL(__filename).href;" : '',
    // Exports come as getters of getters, and a call from another file asks both. Nothing exported changes once a file has
    // run, but where esbuild itself puts it off.
    footer: /\b__esm\b/.test(text)
      ? ''
      : "module.exports=Object.defineProperty({...module.exports},'__esModule',{value:true});",
    minifySyntax: true,
    minifyWhitespace: true,
  });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
}

/** Compiles themes and code, in place, as the commands start the decoder from there. Without the flags of whoever builds: V8 takes what it compiled only where they are the same. */
function precompile() {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status } = spawnSync(process.execPath, ['scripts/precompile.mjs', 'dist'], { stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * A CommonJS package that is imported lazily would come out of esbuild with a default export only; Node gives it its
 * names as well, and so does this: the chunk re-exports by name what Node says is there. Of a package in PARTS only that.
 */
function namedLazyImports() {
  return {
    name: 'named-lazy-imports',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[a-z@]/ }, ({ path, kind, resolveDir }) => {
        if (kind !== 'dynamic-import' || OUTSIDE.includes(path) || path.startsWith('node:')) return undefined;
        return { path, namespace: 'lazy', pluginData: resolveDir };
      });
      onLoad({ filter: /.*/, namespace: 'lazy' }, async ({ path, pluginData: resolveDir }) => {
        if (path in PARTS) return { contents: PARTS[path], resolveDir, loader: 'js' };
        const names = Object.keys(await import(path)).filter((name) => /^[\w$]+$/.test(name));
        return { contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`, resolveDir, loader: 'js' };
      });
    },
  };
}

/**
 * Node's own modules that cost a short run milliseconds and that it never calls: loaded by the first call of a function, or
 * by the first object made of a class.
 */
function lateNode() {
  return {
    name: 'late-node',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:(?:child_process|crypto|dns\/promises|net|os)$/ }, ({ path, namespace, importer }) => {
        // Packages extend some of these classes.
        const isPackage = importer.includes('node_modules') && !/:(?:child_process|crypto)$/.test(path);
        return namespace === 'late-node' || isPackage
          ? undefined
          : { path, namespace: 'late-node', sideEffects: false };
      });
      onLoad({ filter: /.*/, namespace: 'late-node' }, async ({ path }) => {
        const names = Object.entries(await import(path)).filter(([, value]) => typeof value === 'function');
        const lines = names.map(
          ([name]) => `export function ${name}(...args) {
  const { ${name}: late } = require('${path}');
  return new.target === undefined ? late(...args) : new late(...args);
}`,
        );
        return { contents: lines.join('\n'), loader: 'js' };
      });
    },
  };
}

/**
 * Leaves out what our packages load and we never reach: cheerio's part for web pages (juice is given XML), the YAML
 * parser of gray-matter (it gets values that are parsed), the media types of form-data (it is told the one), chalk's
 * look at the terminal (it is told), marked's patterns for emphasis (ours stand in their place); and a package that npm
 * keeps in several folders is taken once. With PARTS it is most of what a run would parse at its start.
 */
function leaveOut() {
  const first = new Map();
  const once = (found) => {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(found.path)?.[0];
    if (folder === undefined || found.external) return found;
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const key = `${name}@${version}`;
    if (!first.has(key)) first.set(key, folder);
    return { ...found, path: first.get(key) + found.path.slice(folder.length) };
  };
  return {
    name: 'leave-out',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^(?:js-yaml|mime-types|#supports-color)$/ }, ({ path }) => ({
        path,
        namespace: 'left-out',
      }));
      onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
        contents: `const leave = () => { throw new Error('${path} is not in this build'); };
module.exports = { safeLoad: leave, safeDump: leave, lookup: leave, stdout: false, stderr: false };`,
      }));
      onLoad({ filter: /marked\.esm\.js$/ }, ({ path }) => {
        let count = 0;
        const text = readFileSync(path, 'utf8').replace(
          /=\w+\((?:\w+|"[^"]*"),"gu"\)(?:\.replace\([^()]*\)){2,}\.getRegex\(\)/g,
          () => `=${++count && 'null'}`,
        );
        if (count !== 6) throw new Error(`marked has ${count} patterns for emphasis, not 6: look at them again`);
        return { contents: text, loader: 'js' };
      });
      // The table of entities unpacks itself, slowly; here it comes as its bytes.
      onLoad({ filter: /entities\/dist\/generated\/decode-data-html\.js$/ }, async ({ path }) => {
        const { htmlDecodeTree } = await import(pathToFileURL(path).href);
        const { buffer, byteOffset, byteLength } = htmlDecodeTree;
        const bytes = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
        const lines = `const bytes = new Uint8Array(Buffer.from('${bytes}', 'base64'));
export const htmlDecodeTree = new Uint16Array(bytes.buffer);`;
        return { contents: lines, loader: 'js' };
      });
      onResolve({ filter: /^[a-z@]/ }, async ({ path, kind, pluginData, ...from }) => {
        if (pluginData === 'asked' || kind === 'dynamic-import' || path.startsWith('node:')) return undefined;
        const wanted = INSTEAD[path] ?? path;
        return once(await resolve(wanted, { ...from, kind, pluginData: 'asked' }));
      });
    },
  };
}

/** Names every package whose code is in the bundle, with its licence text. */
function toNotice(inputs) {
  const folders = new Set(
    inputs.map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter(Boolean),
  );
  const nameOf = (folder) => folder.replace(/^.*node_modules\//, '');
  const sorted = [...folders].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const parts = sorted.map((folder) => {
    const { name, version, license, repository } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
    // Some licences ask to say where the source is.
    const source = /EPL|MPL/.test(license) ? `\nSource: ${(repository?.url ?? repository).replace(/^git\+/, '')}` : '';
    return `${name} ${version} (${typeof license === 'string' ? license : (license?.type ?? 'see text')})${source}${text}`;
  });
  const rule = `\n\n${'-'.repeat(72)}\n\n`;
  // What the source took over from a package that it does not depend on, under the same licence as its own.
  const own = readFileSync('LICENSE', 'utf8');
  const words = own.slice(own.indexOf('Permission is hereby')).trim();
  const holder = 'Copyright (c) 2014 Titus Wormer <tituswormer@gmail.com>';
  const emoji = `gemoji 8.1.0 (MIT), the names of emoji\n\nMIT License\n\n${holder}\n\n${words}`;
  return `The built files in dist/ contain code of these packages:${rule}${parts.join(rule)}${rule}And data of this one:${rule}${emoji}\n`;
}

if (!existsSync('dist/cli.js')) throw new Error('dist/cli.js was not built');
