// The front door: answers `--version` by itself and loads the program for anything else; it knows no command.
import { createIo, type Io } from './local/io.ts';
import { readVersion } from './local/package.ts';

/** Runs the program for a process and gives the exit code; nothing in it calls `process.exit`. */
export async function main(process: NodeJS.Process): Promise<number> {
  return run(createIo(process));
}

/** The same with everything handed in. */
export async function run(io: Io): Promise<number> {
  const [word, ...others] = io.argv;
  if (others.length === 0 && (word === '--version' || word === '-V')) {
    io.stdout.write(`${readVersion()}\n`);
    return 0;
  }
  const { runProgram } = await import('./program.ts');
  return runProgram(io);
}
