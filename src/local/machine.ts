// Who this process is on this computer, and whether another one still lives; leases are built on it.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessMark {
  readonly pid: number;
  readonly host: string;
  /** Start time as the kernel tells it (Linux, clock ticks since boot); empty where it does not. */
  readonly started: string;
}

/** The mark of this process. */
export function currentProcess(): ProcessMark {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) };
}

/** False only when the process is known to be gone: same host, and no such pid or another start time. */
export function mayBeAlive(mark: ProcessMark): boolean {
  if (mark.host !== hostname()) return true;
  try {
    process.kill(mark.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = startOf(mark.pid);
  return started === '' || mark.started === '' || started === mark.started;
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses and may hold spaces; field 22 counts from there.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
