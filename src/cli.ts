// The front door: answers `--version` by itself and loads the program for anything else; it knows no command.
import { createIo, type Io } from './local/io.ts';
import { readVersion } from './local/package.ts';

/** Runs the program for a process and gives the exit code; nothing in it calls `process.exit`. */
export async function main(process: NodeJS.Process): Promise<number> {
  const io = createIo(process);
  // A reader that closes the pipe early, such as `head`, is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return run(io);
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
