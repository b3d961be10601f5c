// Goes into a CLI by `node --import`: writes the address of every module that is loaded into the file that LOADS names.
import { appendFileSync } from 'node:fs';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

export function load(url, context, next) {
  appendFileSync(process.env.LOADS, `${url}\n`);
  return next(url, context);
}
