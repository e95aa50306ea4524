import { execFileSync } from 'node:child_process';

/** How a process was called. */
export function readCommandLine(pid: number): string {
  return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
}

/** Its state in one letter, T for frozen. */
export function processState(pid: number): string {
  return execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).slice(0, 1);
}
