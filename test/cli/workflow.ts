// Runs a composite action's steps as GitHub's runner does: environment and event files, `if`, outputs, and commands in the log.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { refuseLeaks } from '../canary.ts';
import { fresh, freshHome } from './stage.ts';

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export function readAction(file: string): Action {
  return parse(readFileSync(file, 'utf8')) as Action;
}

/** Both streams as one text, as a CI log shows them; a line of one never breaks a line of the other. */
export async function runBash(
  args: readonly string[],
  {
    cwd,
    env,
    cancelAt,
  }: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly cancelAt?: RegExp },
): Promise<{ readonly status: number | null; readonly text: string }> {
  const child = spawn('bash', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  if (cancelAt !== undefined) child.stderr.on('data', (said: string) => cancelAt.test(said) && child.kill('SIGINT'));
  const texts = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray());
  const status = await new Promise<number | null>((end) => child.on('close', end));
  const text = (await Promise.all(texts)).flat().join('');
  refuseLeaks(`bash ${args.join(' ')}`, { log: text });
  return { status, text };
}

/** The actions as GitHub has them after its checkout and their first step: built, in a folder of their own. */
export function installActions(): { readonly publish: string; readonly check: string } {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = fresh('action');
  for (const name of ['action.yml', 'check', 'bin', 'package.json', 'themes']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  const isNeeded = (path: string) => !path.startsWith(join(root, 'dist', 'types'));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true, filter: isNeeded });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return { publish: join(folder, 'action.yml'), check: join(folder, 'check', 'action.yml') };
}

export interface Job {
  readonly file: string;
  readonly workspace: string;
  readonly event: string;
  /** Written to the event file. */
  readonly payload?: unknown;
  readonly ref?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** What the workflow sets for the whole job. */
  readonly env?: Readonly<Record<string, string>>;
  /** A person cancels the job when a step says this: the runner interrupts the step's shell, and it alone. */
  readonly cancelAt?: RegExp;
}

export interface Ran {
  /** By name: success, failure, cancelled or skipped. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What the runner was told to do, in order, but for masks. */
  readonly commands: readonly { readonly name: string; readonly line: string }[];
  readonly masks: readonly string[];
  /** All lines as they were printed, but for those that only the runner sees. */
  readonly log: string;
}

/** Runs every step; `inputs` and `env` are what the workflow gives. */
export async function runAction(job: Job): Promise<Ran> {
  const { file, workspace, event, payload = {}, ref = 'refs/heads/main', cancelAt, ...given } = job;
  const action = readAction(file);
  const temp = fresh('runner');
  const defaults = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default]));
  const inputs = { ...defaults, ...given.inputs };
  const steps: Record<string, { outcome: string; outputs: Record<string, string> }> = {};
  const outcomes: Record<string, string> = {};
  const [eventFile, summaryFile] = [join(temp, 'event.json'), join(temp, 'summary.md')];
  writeFileSync(eventFile, JSON.stringify(payload));
  writeFileSync(summaryFile, '');
  mkdirSync(join(temp, 'temp'));
  const base = { PATH: toPath(temp), HOME: temp, WXSYNC_HOME: freshHome(), ...given.env };
  let isGood = true;
  let text = '';
  const look = (path: string): string => {
    const [root, ...rest] = path.split('.');
    if (root === 'inputs') return inputs[rest.join('.')] ?? '';
    if (root === 'env') return (base as Readonly<Record<string, string>>)[rest.join('.')] ?? '';
    const step = steps[rest[0] ?? ''];
    return rest[1] === 'outcome' ? (step?.outcome ?? '') : (step?.outputs[rest.slice(2).join('.')] ?? '');
  };
  const scope = { look, isGood: () => isGood };
  const fill = (value: string) =>
    value.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => evaluate(expression, scope));

  for (const [index, step] of action.runs.steps.entries()) {
    const wish = step.if ?? 'success()';
    const goes = evaluate(/\b(?:always|success|failure)\(\)/.test(wish) ? wish : `success() && (${wish})`, scope);
    const outputFile = join(temp, `output-${index}`);
    writeFileSync(outputFile, '');
    let outcome = 'skipped';
    if (goes !== '') {
      const script = join(temp, `step-${index}.sh`);
      writeFileSync(script, step.run);
      const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value)]);
      const { status, text: said } = await runBash(['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
        ...(cancelAt === undefined ? {} : { cancelAt }),
        cwd: join(workspace, fill(step['working-directory'] ?? '.')),
        env: {
          ...base,
          CI: 'true',
          GITHUB_ACTIONS: 'true',
          GITHUB_EVENT_NAME: event,
          GITHUB_EVENT_PATH: eventFile,
          GITHUB_REF: ref,
          GITHUB_WORKSPACE: workspace,
          GITHUB_ACTION_PATH: dirname(file),
          GITHUB_OUTPUT: outputFile,
          GITHUB_STEP_SUMMARY: summaryFile,
          RUNNER_TEMP: join(temp, 'temp'),
          ...Object.fromEntries(own),
        },
      });
      outcome = status === 0 ? 'success' : cancelAt?.test(said) === true ? 'cancelled' : 'failure';
      isGood &&= status === 0;
      text += said;
    }
    outcomes[step.name] = outcome;
    if (step.id !== undefined) steps[step.id] = { outcome, outputs: readOutputs(readFileSync(outputFile, 'utf8')) };
  }
  const outputs = Object.entries(action.outputs ?? {}).map(([name, { value }]) => [name, fill(value)]);
  const summary = existsSync(summaryFile) ? readFileSync(summaryFile, 'utf8') : '';
  refuseLeaks('the job', { summary, outputs: JSON.stringify(outputs) });
  return { outcomes, outputs: Object.fromEntries(outputs), summary, ...readLog(text) };
}

/** Nothing may be installed by a test: an action that is not built fails in its first step. */
function toPath(temp: string): string {
  const folder = join(temp, 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'npm'), '#!/bin/sh\necho "not built"\nexit 1\n', { mode: 0o755 });
  return [folder, process.env['PATH']].join(delimiter);
}

/** The runner's two spellings: `::name …::value` at the start of a line, and the old `##[name …]value` anywhere in it. */
const COMMANDS = /^\s*::([a-z-]+)(?: [^:]*)?::|##\[([a-z-]+)[^\]]*\]/;

function readLog(text: string): Pick<Ran, 'commands' | 'masks' | 'log'> {
  const commands: { name: string; line: string }[] = [];
  const masks: string[] = [];
  const log: string[] = [];
  for (const line of text.split('\n')) {
    const found = COMMANDS.exec(line);
    const name = found?.[1] ?? found?.[2];
    if (name === 'add-mask') masks.push(line.slice('::add-mask::'.length));
    else log.push(line);
    if (name !== undefined && name !== 'add-mask') commands.push({ name, line });
  }
  return { commands, masks, log: log.join('\n') };
}

/** `name=value` and `name<<end … end`, as the runner reads them. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const [, name = '', mark, rest = ''] = /^([^=<]+)(=|<<)(.*)$/.exec(line) ?? [];
    if (mark === '=') outputs[name] = rest;
    if (mark !== '<<') continue;
    const end = lines.indexOf(rest, index + 1);
    outputs[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return outputs;
}

interface Scope {
  look(path: string): string;
  isGood(): boolean;
}

/** The part of GitHub's expressions that the actions use; false is the empty text. */
function evaluate(expression: string, scope: Scope): string {
  const tokens = expression.match(/'[^']*'|[\w.-]+(?:\(\))?|&&|\|\||[=!]=|[()]/g) ?? [];
  let at = 0;
  const take = (token: string) => tokens[at] === token && at++ >= 0;
  const truth = (value: boolean) => (value ? 'true' : '');
  const atom = (): string => {
    if (take('(')) {
      const value = either();
      if (!take(')')) throw new Error(expression);
      return value;
    }
    const token = tokens[at++] ?? '';
    if (token.startsWith("'")) return token.slice(1, -1);
    if (token === 'always()') return 'true';
    if (token === 'success()') return truth(scope.isGood());
    if (/^(?:inputs|env|steps)\./.test(token)) return scope.look(token);
    throw new Error(`${token} in ${expression}`);
  };
  const equal = (): string => {
    const left = atom();
    if (take('==')) return truth(left === atom());
    return take('!=') ? truth(left !== atom()) : left;
  };
  const both = (): string => {
    let value = equal();
    while (take('&&')) {
      const right = equal();
      value = value === '' ? '' : right;
    }
    return value;
  };
  const either = (): string => {
    let value = both();
    while (take('||')) {
      const right = both();
      value = value === '' ? right : value;
    }
    return value;
  };
  const value = either();
  if (at !== tokens.length) throw new Error(expression);
  return value;
}
