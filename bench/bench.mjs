// Runs the bench: contestants in turn, medians of CPU time, ratios against the goals; prints bench/results.md and judges nothing.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KINDS, SAMPLE_FILE } from './texts.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..');
const built = join(here, 'node_modules', '.bench');
const isQuick = process.argv.includes('--quick');
/** The bench ends by itself: each part has a share of this time for its rounds, and what no round was left for is said. */
const start = performance.now();
const budget = isQuick ? 100_000 : 320_000;
const deadline = start + budget;

/** What a figure is of, where it is no ratio. */
const UNITS = ['MB', 'characters'];

// It would cost every process the reading of a file of certificates, and flatter every ratio.
const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, CI: ___, ...env } = process.env;

await prepare();
const rows = [
  ...(await measureCold()),
  ...(await measureWarm()),
  ...(await measurePosts()),
  ...(await measureGrowth()),
  ...(await measureLength()),
];
const report = await toReport(rows);
writeFileSync(join(here, 'results.md'), report);
process.stdout.write(report);

async function prepare() {
  const run = (command, args, cwd) => {
    const { status } = spawnSync(command, args, { cwd, env: process.env, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
  };
  if (!existsSync(join(here, 'node_modules', '@wenyan-md')))
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], here);
  run(process.execPath, [join('scripts', 'build.mjs')], root);
  mkdirSync(built, { recursive: true });
  const { build } = await import('esbuild');
  await build({
    entryPoints: { floor: join(here, 'floor.mjs'), plain: join(here, 'plain.mjs') },
    outdir: built,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
}

/** The lines that a process wrote, and what `read` makes of them; null when it failed or the time is over. */
function runNode(args, options = {}) {
  if (performance.now() > deadline) return Promise.resolve(null);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: options.cwd ?? here,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      timeout: Math.max(1, Math.ceil(deadline - performance.now())),
    });
    const read = { 1: '', 2: '', 3: '' };
    for (const fd of [1, 2, 3]) child.stdio[fd].setEncoding('utf8').on('data', (text) => (read[fd] += text));
    child.on('close', () => {
      try {
        resolve(JSON.parse(read[options.from ?? 1]));
      } catch {
        resolve(null);
      }
    });
  });
}

/**
 * The same for each of some jobs, in turn and again, so that a busy minute meets them all; results by name. `share`: of the
 * whole time, when it must be over.
 */
async function takeTurns(jobs, { rounds, share }) {
  const found = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0 && performance.now() > start + share * budget) break;
    for (const [name, { run, most = rounds }] of Object.entries(jobs)) {
      const result = round < most ? await run() : null;
      if (result !== null) found[name].push(result);
    }
  }
  return found;
}

function toStats(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, min: sorted[0], max: sorted.at(-1) };
}

async function measureCold() {
  const bin = join(root, 'bin', 'wxsync.js');
  const site = join(root, 'examples', 'blog');
  const job = (args, most) => ({
    most,
    run: () => runNode(['--require', join(here, 'probe.cjs'), ...args], { cwd: site, from: 3 }),
  });
  const themes = ['base.css', 'default.css'].map((name) => join(root, 'themes', name));
  const found = await takeTurns(
    {
      node: job(['-e', '0']),
      version: job([bin, '--version']),
      help: job([bin, '--help']),
      render: job([bin, 'render', SAMPLE_FILE]),
      check: job([bin, 'check', SAMPLE_FILE]),
      floor: job([join(built, 'floor.cjs'), SAMPLE_FILE]),
      plain: job([join(built, 'plain.cjs'), SAMPLE_FILE, ...themes]),
      wenyan: job([join(here, 'wenyan.mjs'), SAMPLE_FILE], 3),
    },
    { rounds: isQuick ? 5 : 15, share: 0.3 },
  );
  const stats = (name, figure = 'cpu') => toStats(found[name].map((each) => each[figure]));
  const node = stats('node');
  const times = (what, name, goal) => ({
    part: 'cold',
    what,
    ...ratio(stats(name), node),
    against: '`node -e 0`',
    goal,
  });
  const render = stats('render');
  return [
    times('`wxsync --version`', 'version', { most: 1.3 }),
    times('`wxsync --help`', 'help', { most: 1.6 }),
    times('`wxsync render` of the sample', 'render', { most: 3.3 }),
    times('`wxsync check` of the sample', 'check', { most: 3.8 }),
    times('only loading the packages and parsing', 'floor'),
    times('marked and juice, one bundle', 'plain'),
    times('wenyan-core', 'wenyan'),
    {
      part: 'cold',
      what: '`wxsync render`',
      ...ratio(render, stats('floor')),
      against: 'only loading',
      goal: { most: 1.3 },
    },
    {
      part: 'cold',
      what: 'wenyan-core',
      ...ratio(stats('wenyan'), render),
      against: '`wxsync render`',
      goal: { least: 12 },
    },
    {
      part: 'cold',
      what: '`wxsync render`, peak memory',
      ...ratio(stats('render', 'rss'), stats('node', 'rss')),
      against: '`node -e 0`',
      goal: { most: 1.4 },
    },
  ];
}

async function measureWarm() {
  const texts = ['sample', 'code', 'tables', 'commonmark'];
  const seconds = isQuick ? '0.2' : '0.5';
  const job = (name, its = texts, most = undefined) => ({
    most,
    run: () => runNode(['warm.mjs', name, seconds, ...its]),
  });
  const found = await takeTurns(
    {
      marked: job('marked'),
      'highlight.js': job('highlight.js', ['code']),
      wxsync: job('wxsync'),
      'marked + juice': job('marked + juice', ['sample', 'tables'], 1),
      'wenyan-core': job('wenyan-core', ['sample', 'code'], 1),
    },
    { rounds: isQuick ? 1 : 3, share: 0.55 },
  );
  const stats = (name, text) => toStats(found[name].map((each) => each[text]));
  const row = (text, name, against, goal) => ({
    part: 'warm',
    what: `${name}: ${text}`,
    ...ratio(stats(name, text), stats(against, text)),
    against,
    goal,
  });
  // Front matter costs 0.2 ms whatever the post.
  const allowance = 0.2 / stats('marked', 'sample').median;
  return [
    row('sample', 'wxsync', 'marked', { most: 4 + allowance }),
    row('code', 'wxsync', 'highlight.js', { most: 2 }),
    row('tables', 'wxsync', 'marked', { most: 3 }),
    row('commonmark', 'wxsync', 'marked', { most: 3 }),
    ...['sample', 'tables'].map((text) => row(text, 'marked + juice', 'wxsync')),
    ...['sample', 'code'].map((text) => row(text, 'wenyan-core', 'wxsync')),
  ];
}

async function measurePosts() {
  const job = (name, count) => ({ run: () => runNode(['--expose-gc', 'posts.mjs', name, String(count)]) });
  const found = await takeTurns(
    {
      wxsync: job('wxsync', isQuick ? 200 : 1_000),
      'marked + juice': job('marked + juice', isQuick ? 20 : 100),
      'wenyan-core': job('wenyan-core', isQuick ? 5 : 20),
    },
    { rounds: isQuick ? 1 : 2, share: 0.7 },
  );
  const stats = (name, figure) => toStats(found[name].map((each) => each[figure]));
  const faster = (name, least) => ({
    part: 'many posts',
    what: 'wxsync, posts a second',
    ...ratio(stats('wxsync', 'perSecond'), stats(name, 'perSecond')),
    against: name,
    goal: { least },
  });
  const megabytes = (what, figure, most) => ({
    part: 'many posts',
    what,
    ...stats('wxsync', figure),
    against: 'MB',
    goal: { most },
  });
  return [
    faster('wenyan-core', 30),
    faster('marked + juice', 4),
    megabytes('wxsync, peak memory', 'rss', 120),
    megabytes('wxsync, heap after collection grew by', 'heapGrowth', 8),
  ];
}

async function measureGrowth() {
  const texts = KINDS.flatMap((kind) => [`${kind}*10`, `${kind}*100`]);
  const job = (name) => ({ run: () => runNode(['warm.mjs', name, isQuick ? '0.05' : '0.1', ...texts]) });
  const found = await takeTurns(
    { marked: job('marked'), wxsync: job('wxsync') },
    { rounds: isQuick ? 1 : 3, share: 0.9 },
  );
  const growth = (name, kind) => toStats(found[name].map((each) => each[`${kind}*100`] / each[`${kind}*10`]));
  return KINDS.map((kind) => ({
    part: 'growth',
    what: `${kind}: 100 times over 10 times as much`,
    ...ratio(growth('wxsync', kind), growth('marked', kind)),
    against: 'marked',
    goal: { most: 1.6 },
  }));
}

/** WeChat limits it. */
async function measureLength() {
  const texts = ['sample', 'long'];
  const job = (name) => ({ run: () => runNode(['length.mjs', name, ...texts]) });
  const found = await takeTurns({ wxsync: job('wxsync'), 'wenyan-core': job('wenyan-core') }, { rounds: 1, share: 1 });
  const stats = (name, text) => toStats(found[name].map((each) => each[text]));
  return texts.flatMap((text) => [
    ...Object.keys(found).map((name) => ({
      part: 'length',
      what: `${name}: ${text}`,
      ...stats(name, text),
      against: 'characters',
    })),
    {
      part: 'length',
      what: `wxsync: ${text}`,
      ...ratio(stats('wxsync', text), stats('wenyan-core', text)),
      against: 'wenyan-core',
      ...(text === 'long' && { goal: { most: 1 } }),
    },
  ]);
}

/** One's median, least and most over the other's median. */
function ratio(one, other) {
  return { median: one.median / other.median, min: one.min / other.median, max: one.max / other.median };
}

function judge({ median, goal }) {
  if (goal === undefined) return '';
  if (!Number.isFinite(median)) return 'not measured';
  const { most = Number.POSITIVE_INFINITY, least = 0 } = goal;
  return median <= most && median >= least ? 'met' : '**missed**';
}

function format(value) {
  return Number.isFinite(value) ? value.toFixed(Math.abs(value) < 20 ? 2 : 0) : '–';
}

async function toReport(all) {
  const goal = (each) =>
    each.goal === undefined
      ? ''
      : each.goal.most === undefined
        ? `≥ ${format(each.goal.least)}`
        : `≤ ${format(each.goal.most)}`;
  const lines = all.map((each) => {
    const unit = UNITS.includes(each.against) ? ` ${each.against}` : ' ×';
    const cells = [
      each.part,
      each.what,
      each.against,
      `${format(each.median)}${unit}`,
      `${format(each.min)}–${format(each.max)}`,
      goal(each),
      judge(each),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const missed = all.filter((each) => judge(each) === '**missed**');
  const parts = [
    '# Results',
    `Node ${process.version}, ${cpus().length} processors${isQuick ? ', a quick run' : ''}. Medians of CPU time (user and system, all threads) of runs in turn; ratios, as only they carry over to another machine.`,
    [
      '| Part | What | Against | Median | Least–most | Goal | |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      ...lines,
    ].join('\n'),
    ...(missed.some(({ part }) => part === 'cold')
      ? [await toProfile('a cold render', [join(root, 'bin', 'wxsync.js'), 'render', SAMPLE_FILE])]
      : []),
    ...(missed.some(({ part }) => part === 'warm')
      ? [await toProfile('warm renders of the sample and of tables', ['warm.mjs', 'wxsync', '1', 'sample', 'tables'])]
      : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Where the time goes, as the process itself tells it. */
async function toProfile(what, args) {
  const folder = mkdtempSync(join(tmpdir(), 'wxsync-bench-'));
  try {
    spawnSync(process.execPath, ['--cpu-prof', '--cpu-prof-interval', '200', `--cpu-prof-dir=${folder}`, ...args], {
      cwd: here,
      env,
      stdio: 'ignore',
      timeout: 30_000,
    });
    const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8'));
    const owners = new Map(nodes.map(({ id, callFrame }) => [id, toOwner(callFrame)]));
    const spent = new Map();
    let all = 0;
    for (const [index, id] of samples.entries()) {
      const owner = owners.get(id);
      if (owner === '(idle)') continue;
      spent.set(owner, (spent.get(owner) ?? 0) + timeDeltas[index]);
      all += timeDeltas[index];
    }
    const most = [...spent].sort((a, b) => b[1] - a[1]).slice(0, 15);
    const lines = most.map(([owner, time]) => `| ${owner} | ${((100 * time) / all).toFixed(1)} % |`);
    return [`## Where the time of ${what} goes`, ['| Where | Time |', '| --- | --- |', ...lines].join('\n')].join(
      '\n\n',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function toOwner({ functionName, url }) {
  if (/^node:internal\/modules|^node:vm/.test(url)) return 'Node: loading and compiling modules';
  if (url.startsWith('node:')) return 'Node: everything else';
  const chunk = /\/(?:chunks\/)?([^/]+)-[A-Z0-9]+\.js$/.exec(url)?.[1];
  if (chunk !== undefined && chunk !== 'chunk') return `${chunk}, all functions`;
  return `\`${functionName || '(a module, or a function without a name)'}\``;
}
