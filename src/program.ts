// The program: every command, flag and example in one place; what a command does and how an error is told it does not know.
import { Command, CommanderError, type Help, InvalidArgumentError, Option } from 'commander';
import { WxsyncError } from './errors.ts';
import type { Io } from './local/io.ts';
import { closest } from './local/near.ts';
import { readVersion } from './local/package.ts';
import { chooseLang, type Lang, say, type UiKey } from './report/words.ts';

/** Parses the arguments, runs their command and gives the exit code. */
export async function runProgram(io: Io): Promise<number> {
  let code = 0;
  const lang = chooseLang(io.env, findLang(io.argv));
  const program = createProgram(io, lang, (value) => {
    code = value;
  });
  try {
    await program.parseAsync([...io.argv], { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    const error = thrown instanceof CommanderError ? toUsageError(thrown, program, lang) : thrown;
    // Help needs none of what words of an error need.
    const { tellFailure } = await import('./commands/failure.ts');
    return tellFailure(error, { io, lang, flags: program.opts() });
  }
}

/** The language must be known before the flags are parsed, for help and for errors in the flags. */
function findLang(argv: readonly string[]): string | undefined {
  const joined = argv.find((each) => each.startsWith('--lang='));
  return joined?.slice('--lang='.length) ?? argv[argv.indexOf('--lang') + 1 || argv.length];
}

/** Every command, flag and example. */
export function createProgram(io: Io, lang: Lang, exit: (code: number) => void): Command {
  const words = (key: UiKey) => say(key, lang);
  const program = new Command('wxsync');
  program.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: () => undefined,
    // The defaults would load the process's own streams, only to ask how wide they are.
    getOutHelpWidth: () => (io.stdout.isTTY === true ? io.stdout.columns : undefined) as number,
    getOutHasColors: () => io.stdout.isTTY === true,
  });
  program.configureHelp({ ...styleHelp(lang), showGlobalOptions: true });
  program
    .description(words('about'))
    .usage(lang === 'zh' ? '<命令> [选项]' : '<command> [options]')
    .version(readVersion(), '-V, --version', words('opt.version'))
    .helpOption('-h, --help', words('opt.help'))
    .helpCommand('help [command]', words('cmd.help'))
    .option('-c, --config <file>', words('opt.config'))
    .option('--cwd <dir>', words('opt.cwd'))
    .option('--env-file <file>', words('opt.env-file'))
    .option('-q, --quiet', words('opt.quiet'))
    .option('-v, --verbose', words('opt.verbose'))
    .option('--no-color', words('opt.no-color'))
    .addOption(new Option('--lang <lang>', words('opt.lang')).choices(['zh', 'en']))
    .option('--no-input', words('opt.no-input'))
    .addHelpText('after', examples(lang, EXAMPLES.wxsync))
    .action(() => helpOrRefuse(program, lang, ''));

  program
    .command('publish')
    .description(words('cmd.publish'))
    .argument('[paths...]', words('arg.paths'))
    .option('-n, --dry-run', words('opt.dry-run'))
    .option('--sandbox', words('opt.sandbox'))
    .option('--update', words('opt.update'))
    .option('-f, --force', words('opt.force'))
    .option('--overwrite', words('opt.overwrite'))
    .option('--all', words('opt.all'))
    .option('--since <ref>', words('opt.since'))
    .option('-t, --theme <theme>', words('opt.theme'))
    .option('--code-theme <name>', words('opt.code-theme'))
    .option('--account <name>', words('opt.account'))
    .option('--cover <path>', words('opt.cover'))
    .option('--author <name>', words('opt.author'))
    .option('--digest <text>', words('opt.digest'))
    .option('--flip', words('opt.flip'))
    .option('--no-flip', words('opt.no-flip'))
    .addOption(new Option('--max-new <n>', words('opt.max-new')).argParser(toCount).default(20))
    .option('--no-wait', words('opt.no-wait'))
    .option('--fail-fast', words('opt.fail-fast'))
    .option('--api-root <url>', words('opt.api-root'))
    .option('--json', words('opt.json'))
    .addHelpText('after', examples(lang, EXAMPLES.publish))
    .action(async (paths: string[], _options, command: Command) => {
      const { runPublish } = await import('./commands/publish.ts');
      exit(await runPublish(io, { globals: command.optsWithGlobals(), flags: command.opts(), paths }));
    });

  program
    .command('render')
    .description(words('cmd.render'))
    .argument('<file>', words('arg.post'))
    .option('-t, --theme <theme>', words('opt.theme'))
    .option('--code-theme <name>', words('opt.code-theme'))
    .option('-o, --output <file>', words('opt.output'))
    .option('-w, --watch', words('opt.watch'))
    .option('--page', words('opt.page'))
    .option('--base-dir <dir>', words('opt.base-dir'))
    .addHelpText('after', examples(lang, EXAMPLES.render))
    .action(async (file: string, _options, command: Command) => {
      const { runRender } = await import('./commands/render.ts');
      exit(await runRender(io, { globals: command.optsWithGlobals(), flags: command.opts(), file }));
    });

  program
    .command('check')
    .description(words('cmd.check'))
    .argument('[paths...]', words('arg.paths'))
    .addOption(
      new Option('--format <format>', words('opt.format')).choices(['pretty', 'json', 'github', 'gitlab', 'sarif']),
    )
    .addOption(new Option('--max-warnings <n>', words('opt.max-warnings')).argParser(toCount))
    .addHelpText('after', examples(lang, EXAMPLES.check))
    .action(async (paths: string[], _options, command: Command) => {
      const { runCheck } = await import('./commands/check.ts');
      exit(await runCheck(io, { globals: command.optsWithGlobals(), flags: command.opts(), paths }));
    });

  program
    .command('status')
    .description(words('cmd.status'))
    .argument('[paths...]', words('arg.paths'))
    .option('--remote', words('opt.remote'))
    .option('--sandbox', words('opt.sandbox-status'))
    .option('--account <name>', words('opt.account'))
    .option('--api-root <url>', words('opt.api-root'))
    .option('--json', words('opt.json'))
    .addHelpText('after', examples(lang, EXAMPLES.status))
    .action(async (paths: string[], _options, command: Command) => {
      const { runStatus } = await import('./commands/status.ts');
      exit(await runStatus(io, { globals: command.optsWithGlobals(), flags: command.opts(), paths }));
    });

  program
    .command('resolve')
    .description(words('cmd.resolve'))
    .argument('<file>', words('arg.waiting'))
    .option('--adopt <media_id>', words('opt.adopt'))
    .option('--none', words('opt.none'))
    .option('--recreate', words('opt.recreate'))
    .option('--overwrite', words('opt.overwrite-next'))
    .option('--account <name>', words('opt.account'))
    .option('--sandbox', words('opt.sandbox-ledger'))
    .option('--api-root <url>', words('opt.api-root'))
    .addHelpText('after', examples(lang, EXAMPLES.resolve))
    .action(async (file: string, _options, command: Command) => {
      const { runResolve } = await import('./commands/resolve.ts');
      exit(await runResolve(io, { globals: command.optsWithGlobals(), flags: command.opts(), file }));
    });

  const theme = program.command('theme').description(words('cmd.theme'));
  theme.action(() => helpOrRefuse(theme, lang, 'theme'));
  theme
    .command('list')
    .description(words('cmd.theme-list'))
    .option('--json', words('opt.json'))
    .addHelpText('after', examples(lang, EXAMPLES.themeList))
    .action(async (_options, command: Command) => {
      const { runThemeList } = await import('./commands/theme.ts');
      exit(await runThemeList(io, { globals: command.optsWithGlobals(), flags: command.opts() }));
    });
  theme
    .command('show')
    .description(words('cmd.theme-show'))
    .argument('<theme>', words('arg.theme'))
    .option('--vars', words('opt.vars'))
    .addHelpText('after', examples(lang, EXAMPLES.themeShow))
    .action(async (name: string, _options, command: Command) => {
      const { runThemeShow } = await import('./commands/theme.ts');
      exit(await runThemeShow(io, { globals: command.optsWithGlobals(), flags: command.opts(), name }));
    });
  theme
    .command('new')
    .description(words('cmd.theme-new'))
    .argument('<file>', words('arg.theme-file'))
    .addHelpText('after', examples(lang, EXAMPLES.themeNew))
    .action(async (file: string, _options, command: Command) => {
      const { runThemeNew } = await import('./commands/theme.ts');
      exit(await runThemeNew(io, { globals: command.optsWithGlobals(), file }));
    });
  theme
    .command('check')
    .description(words('cmd.theme-check'))
    .argument('<theme...>', words('arg.theme'))
    .option('--json', words('opt.json'))
    .addHelpText('after', examples(lang, EXAMPLES.themeCheck))
    .action(async (names: string[], _options, command: Command) => {
      const { runThemeCheck } = await import('./commands/theme.ts');
      exit(await runThemeCheck(io, { globals: command.optsWithGlobals(), flags: command.opts(), names }));
    });

  program
    .command('init')
    .description(words('cmd.init'))
    .addOption(new Option('--ci <service>', words('opt.init-ci')).choices(['github', 'gitlab']))
    .option('-f, --force', words('opt.init-force'))
    .option('--from <source>', words('opt.from'))
    .addHelpText('after', examples(lang, EXAMPLES.init))
    .action(async (_options, command: Command) => {
      const { runInit } = await import('./commands/init.ts');
      exit(await runInit(io, { globals: command.optsWithGlobals(), flags: command.opts() }));
    });

  const ci = program.command('ci').description(words('cmd.ci'));
  ci.action(() => helpOrRefuse(ci, lang, 'ci'));
  ci.command('check')
    .description(words('cmd.ci-check'))
    .argument('[paths...]', words('arg.paths'))
    .option('--branch <name>', words('opt.branch'))
    .addHelpText('after', examples(lang, EXAMPLES.ciCheck))
    .action(async (paths: string[], _options, command: Command) => {
      const { runCiCheck } = await import('./commands/ci.ts');
      exit(await runCiCheck(io, { globals: command.optsWithGlobals(), flags: command.opts(), paths }));
    });
  ci.command('commit')
    .description(words('cmd.ci-commit'))
    .option('--branch <name>', words('opt.branch'))
    .option('--message <text>', words('opt.message'))
    .addOption(new Option('--mode <mode>', words('opt.mode')).choices(['push', 'pr']).default('push'))
    .addHelpText('after', examples(lang, EXAMPLES.ciCommit))
    .action(async (_options, command: Command) => {
      const { runCiCommit } = await import('./commands/ci.ts');
      exit(await runCiCommit(io, { globals: command.optsWithGlobals(), flags: command.opts() }));
    });

  ci.command('report')
    .description(words('cmd.ci-report'))
    .argument('<file>', words('arg.report'))
    .addHelpText('after', examples(lang, EXAMPLES.ciReport))
    .action(async (file: string, _options, command: Command) => {
      const { runCiReport } = await import('./commands/ci-report.ts');
      exit(await runCiReport(io, { globals: command.optsWithGlobals(), file }));
    });

  program
    .command('sandbox')
    .description(words('cmd.sandbox'))
    .addOption(new Option('-p, --port <port>', words('opt.port')).argParser(toCount).default(8138))
    .option('--state <dir>', words('opt.state'))
    .option('--app-id <id>', words('opt.app-id'))
    .option('--app-secret <secret>', words('opt.app-secret'))
    .addOption(
      new Option('--profile <kind>', words('opt.profile'))
        .choices(['personal-unverified', 'verified', 'service', 'test'])
        .default('personal-unverified'),
    )
    .addOption(new Option('--fault <fault>', words('opt.fault')).argParser(collect).default([], ''))
    .addHelpText('after', examples(lang, EXAMPLES.sandbox))
    .action(async (_options, command: Command) => {
      const { runSandbox } = await import('./commands/sandbox.ts');
      exit(await runSandbox(io, { globals: command.optsWithGlobals(), flags: command.opts() }));
    });

  // A group takes any word, to say which of its commands was meant; made sooner, all its commands would take any.
  for (const group of [program, theme, ci]) group.allowExcessArguments();
  return program;
}

/** A group of commands without one shows its help; with a word that is none of them it says so. */
function helpOrRefuse(group: Command, lang: Lang, name: string): void {
  const [word] = group.args;
  const names = group.commands.map((each) => each.name());
  if (word !== undefined) {
    throw usage(say('usage.unknown-command', lang, { word, near: closest(word, names) ?? '' }), name);
  }
  group.outputHelp();
}

const EXAMPLES = {
  wxsync: [
    ['wxsync publish -n post.md', 'example.dry-run'],
    ['wxsync publish --sandbox post.md', 'example.sandbox'],
    ['wxsync publish post.md', 'example.publish'],
  ],
  publish: [
    ['wxsync publish -n post.md', 'example.dry-run'],
    ['wxsync publish --sandbox post.md', 'example.sandbox'],
    ['wxsync publish post.md', 'example.publish'],
    ['wxsync publish content/zh --json', 'example.folder'],
  ],
  render: [
    ['wxsync render post.md -o post.html', 'example.render'],
    ['cat post.md | wxsync render - --page > page.html', 'example.stdin'],
  ],
  check: [
    ['wxsync check', 'example.check'],
    ['wxsync check content/zh --max-warnings 0', 'example.check-strict'],
    ['wxsync check --format sarif > wxsync.sarif', 'example.check-sarif'],
  ],
  status: [
    ['wxsync status', 'example.status'],
    ['wxsync status --remote content/zh', 'example.status-remote'],
  ],
  resolve: [
    ['wxsync resolve post.md --adopt MEDIA_ID', 'example.adopt'],
    ['wxsync resolve post.md --recreate', 'example.recreate'],
  ],
  themeList: [['wxsync theme list', 'example.theme-list']],
  themeShow: [['wxsync theme show default --vars', 'example.theme-show']],
  themeNew: [['wxsync theme new my.css', 'example.theme-new']],
  themeCheck: [['wxsync theme check my.css', 'example.theme-check']],
  init: [
    ['wxsync init', 'example.init'],
    ['wxsync init --ci github', 'example.init-github'],
  ],
  ciCheck: [['wxsync ci check', 'example.ci-check']],
  ciCommit: [
    ['wxsync ci commit', 'example.ci-commit'],
    ['wxsync ci commit --mode pr', 'example.ci-pr'],
  ],
  ciReport: [['wxsync ci report report.json', 'example.ci-report']],
  sandbox: [
    ['wxsync sandbox', 'example.server'],
    ['wxsync sandbox --fault draft/add:45009@2', 'example.fault'],
  ],
} as const satisfies Record<string, readonly (readonly [string, UiKey])[]>;

function examples(lang: Lang, rows: readonly (readonly [string, UiKey])[]): string {
  const width = Math.max(...rows.map(([line]) => line.length));
  const lines = rows.map(([line, key]) => `  ${line.padEnd(width)}  ${say(key, lang)}`);
  return `\n${say('help.examples', lang)}\n${lines.join('\n')}`;
}

/** Commander's headings in the language of the run. */
function styleHelp(lang: Lang): Partial<Help> {
  const headings: Readonly<Record<string, UiKey>> = {
    'Usage:': 'help.usage',
    'Arguments:': 'help.arguments',
    'Options:': 'help.options',
    'Global Options:': 'help.globals',
    'Commands:': 'help.commands',
  };
  return {
    styleTitle: (title) => {
      const key = headings[title];
      return key === undefined ? title : say(key, lang);
    },
    optionDescription: (option) => {
      const { defaultValue, description } = option;
      const isPlain = typeof defaultValue === 'number' || (typeof defaultValue === 'string' && defaultValue !== '');
      return isPlain ? `${description} (${say('help.default', lang, { value: `${defaultValue}` })})` : description;
    },
  };
}

/** Commander's own refusals in the language of the run. */
function toUsageError(error: CommanderError, program: Command, lang: Lang): WxsyncError {
  const [word = '', value] = [...error.message.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');
  const command = program.commands.find((each) => program.args[0] === each.name());
  const options = [program, ...(command === undefined ? program.commands : [command, ...command.commands])].flatMap(
    (each) => each.options,
  );
  const near =
    closest(
      word,
      options.flatMap(({ long }) => long ?? []),
    ) ?? '';
  const choices = options.find(({ flags }) => flags === word)?.argChoices?.join(', ');
  const detail = choices === undefined ? say('usage.count', lang) : say('usage.choices', lang, { choices });
  const [, most = '', count = ''] = /Expected (\d+) .* got (\d+)/.exec(error.message) ?? [];
  const words: Readonly<Record<string, string>> = {
    'commander.unknownOption': say('usage.unknown-option', lang, { word, near }),
    'commander.missingArgument': say('usage.missing-argument', lang, { word }),
    'commander.optionMissingArgument': say('usage.missing-value', lang, { word }),
    'commander.excessArguments': say('usage.too-many', lang, { most, count }),
    'commander.invalidArgument': say('usage.bad-value', lang, { word: value ?? word, option: word, detail }),
  };
  return usage(words[error.code] ?? error.message.replace(/^error: /, ''), command?.name() ?? '');
}

function usage(detail: string, command: string): WxsyncError {
  return new WxsyncError('usage', { args: { detail, command } });
}

function toCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 1_000_000) throw new InvalidArgumentError('');
  return value;
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
