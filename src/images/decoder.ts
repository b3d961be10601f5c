// The child process of jail.ts: fits the pictures it is sent, one at a time; it knows no file, no secret and no network.
import { fitCover } from './cover.ts';
import { type FitResult, fitBodyImage } from './fit.ts';
import type { PlainDiagram } from './plain-diagram.ts';
import { loadSharp } from './sharp.ts';

/** What is asked: a picture's bytes, or a diagram's source, and what to make of them. */
export type Job =
  | { readonly kind: 'body'; readonly bytes: Uint8Array; readonly maxWidth: number }
  | { readonly kind: 'cover'; readonly bytes: Uint8Array }
  | ({ readonly kind: 'diagram' } & PlainDiagram);

/** What is answered: the result, that memory is running out, or a bug. */
export type Answer = FitResult | 'too-much-memory' | Error;

/** Memory is looked at so often, in milliseconds. */
const WATCH_MS = 50;

const maxBytes = Number(process.argv[2]);

async function fit(job: Job): Promise<FitResult> {
  if (job.kind === 'diagram') return (await import('./plain-diagram.ts')).drawPlain(job);
  return job.kind === 'body' ? fitBodyImage(job.bytes, job) : fitCover(job.bytes);
}

function answer(value: Answer): void {
  process.send?.(value);
}

process.on('message', (job: Job) => {
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() > maxBytes) answer('too-much-memory');
  }, WATCH_MS);
  fit(job)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
    .then(answer)
    .finally(() => clearInterval(watch));
});

// Where Ctrl-C comes here too, the parent is the one to say what becomes of it.
process.on('SIGINT', () => undefined);

// Its parent is gone. An ordinary exit would wait for the decoder's threads, which may never end.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

// Loaded while the first picture is on its way.
void loadSharp();
