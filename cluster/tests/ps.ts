import { spawnSync } from 'node:child_process';

/** How a process was called; empty when it is gone. */
export function readCommandLine(pid: number): string {
  return ask('args=', pid);
}

/** Its state in one letter, T for frozen. */
export function processState(pid: number): string {
  return ask('stat=', pid).slice(0, 1);
}

/** The processes whose call contains all of these words. */
export function findProcesses(...words: readonly string[]): number[] {
  return spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => words.every((word) => line.includes(word)))
    .map((line) => Number.parseInt(line, 10));
}

function ask(column: string, pid: number): string {
  return spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).stdout;
}
