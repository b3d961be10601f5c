// Loads the built command file by file with what V8 made of each at build time, or without, where V8 is another; knows no command.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { Script } from 'node:vm';

/** A built folder whose files are loaded once each. */
export interface Code {
  /** The exports of a file, named by its path in the folder; a built file has no `import()` left. */
  load(name: string): unknown;
  /** Every file loaded until now, by its path in the folder. */
  readonly scripts: ReadonlyMap<string, Script>;
}

/** Where what V8 made of a built folder's files lies in it. V8 takes it only from its own version, with the same flags. */
export function findCompiled(folder: string): string {
  const { versions, platform, arch } = process;
  return join(folder, `v8-${versions.v8}-${platform}-${arch}`);
}

/**
 * Opens a built folder. To compile is most of a short run, so what was compiled when the folder was built is taken from
 * beside it. It is believed as the code is, by lying in the same folder; nothing is ever written there by a run.
 */
export function openCode(folder: string): Code {
  const compiled = findCompiled(folder);
  const isCompiled = existsSync(compiled);
  const scripts = new Map<string, Script>();
  const modules = new Map<string, { exports: unknown }>();
  const readCompiled = (name: string): { readonly cachedData?: Buffer } => {
    try {
      return isCompiled ? { cachedData: readFileSync(join(compiled, toCompiledName(name))) } : {};
    } catch {
      return {};
    }
  };
  const load = (name: string): unknown => {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const filename = join(folder, name);
    const module = { exports: {} };
    modules.set(name, module);
    const head = '(function (exports, require, module, __filename, __dirname) {';
    const script = new Script(`${head}${readFileSync(filename, 'utf8')}\n})`, {
      // What V8 made of a file holds this name: the folder of whoever built it is nobody's business.
      filename: `wxsync/${name}`,
      columnOffset: -head.length,
      ...readCompiled(name),
    });
    scripts.set(name, script);
    const parent = posix.dirname(name);
    const outer = createOuter(filename);
    const requireFrom = (wanted: string): unknown =>
      wanted.startsWith('.') ? load(posix.join(parent, wanted)) : outer(wanted);
    script.runInThisContext()(module.exports, requireFrom, module, filename, dirname(filename));
    return module.exports;
  };
  return { load, scripts };
}

/** The name in its folder of what V8 made of a file. */
export function toCompiledName(name: string): string {
  return `${name.replaceAll('/', '_')}.bin`;
}

function createOuter(filename: string): (name: string) => unknown {
  let outer: NodeJS.Require | null = null;
  return (name) => {
    outer ??= createRequire(filename);
    return outer(name);
  };
}
