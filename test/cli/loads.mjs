// Goes into a CLI by `node --import`: writes the path of every module that is loaded into the file that LOADS names.
import { appendFileSync } from 'node:fs';
import Module from 'node:module';

const { load } = Module.prototype;

Module.prototype.load = function loadAndTell(path) {
  appendFileSync(process.env.LOADS, `${path}\n`);
  return load.call(this, path);
};
