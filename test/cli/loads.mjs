// Goes into a CLI by `node --import`: writes the path of every module that is loaded into the file that LOADS names.
import fs, { appendFileSync } from 'node:fs';
import Module from 'node:module';

const tell = (path) => appendFileSync(process.env.LOADS, `${path}\n`);
const { load } = Module.prototype;
const { readFileSync } = fs;

Module.prototype.load = function loadAndTell(path) {
  tell(path);
  return load.call(this, path);
};
// The built code is loaded by a loader of our own.
fs.readFileSync = (path, ...options) => {
  if (String(path).endsWith('.js')) tell(path);
  return readFileSync(path, ...options);
};
