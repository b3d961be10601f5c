// Builds dist/: the CLI and the library as bundled, code-split ES modules by esbuild, the types by tsc, and NOTICE.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** Of these packages only what is used: juice without its reader of files and addresses, undici without fetch and mocks. */
const PARTS = {
  juice: `export { default } from 'juice/client.js';`,
  undici: `import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import request from 'undici/lib/api/api-request.js';
Dispatcher.prototype.request = request;
export { default as Agent } from 'undici/lib/dispatcher/agent.js';
export { default as Pool } from 'undici/lib/dispatcher/pool.js';
export { default as ProxyAgent } from 'undici/lib/dispatcher/proxy-agent.js';
export { default as buildConnector } from 'undici/lib/core/connect.js';`,
};

// Built beside and then put in place, so that nobody ever runs half a build.
const next = `dist.${process.pid}`;

const { metafile } = await build({
  entryPoints: {
    cli: 'src/cli.ts',
    index: 'src/index.ts',
    sandbox: 'src/sandbox/index.ts',
    decoder: 'src/images/decoder.ts',
  },
  outdir: next,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // sharp is native and stays a dependency.
  external: ['sharp'],
  // Bundled CommonJS packages ask for Node's modules by require().
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  plugins: [leaveOut(), namedLazyImports()],
  metafile: true,
  logLevel: 'warning',
});

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

writeFileSync('NOTICE', toNotice(Object.keys(metafile.inputs)));

/**
 * A CommonJS package that is imported lazily would come out of esbuild with a default export only; Node gives it its
 * names as well, and so does this: the chunk re-exports by name what Node says is there. Of a package in PARTS only that.
 */
function namedLazyImports() {
  return {
    name: 'named-lazy-imports',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[a-z@]/ }, ({ path, kind, resolveDir }) => {
        if (kind !== 'dynamic-import' || path === 'sharp' || path.startsWith('node:')) return undefined;
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
 * Leaves out what our packages load and we never reach: cheerio's part for web pages (juice is given XML), the YAML
 * parser of gray-matter (it gets values that are parsed), the media types of form-data (it is told the one); and a
 * package that npm keeps in several folders is taken once. With PARTS it is most of what a run would parse at its start.
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
      onResolve({ filter: /^(?:js-yaml|mime-types)$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
      onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
        contents: `const leave = () => { throw new Error('${path} is not in this build'); };
module.exports = { safeLoad: leave, safeDump: leave, lookup: leave };`,
      }));
      onResolve({ filter: /^[a-z@]/ }, async ({ path, kind, pluginData, ...from }) => {
        if (pluginData === 'asked' || kind === 'dynamic-import' || path.startsWith('node:')) return undefined;
        const wanted = path === 'cheerio' ? 'cheerio/slim' : path;
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
  const parts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
    return `${name} ${version} (${typeof license === 'string' ? license : (license?.type ?? 'see text')})${text}`;
  });
  const rule = `\n\n${'-'.repeat(72)}\n\n`;
  return `The built files in dist/ contain code of these packages:${rule}${parts.join(rule)}\n`;
}

if (!existsSync('dist/cli.js')) throw new Error('dist/cli.js was not built');
