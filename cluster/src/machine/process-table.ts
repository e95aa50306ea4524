import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever unit the operating system counts; compared for equality only. */
  readonly started: string;
}

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly started: string;
}

/** Who has this number now, or undefined if nobody has (a process that has ended but was not yet collected counts as gone). */
export function identify(pid: number): ProcessIdentity | undefined {
  const row = process.platform === 'linux' ? readProc(pid) : listProcesses().find((r) => r.pid === pid);
  return row && { pid, started: row.started };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** The process and everything below it, parents before children. */
export function processTree(pid: number): number[] {
  const rows = listProcesses();
  const tree = rows.filter((row) => row.pid === pid).map((row) => row.pid);
  for (const parent of tree) {
    tree.push(...rows.filter((row) => row.parent === parent && row.pid !== parent).map((row) => row.pid));
  }
  return tree;
}

function listProcesses(): Row[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readProc(Number(name)))
      .filter((row) => row !== undefined);
  }
  return process.platform === 'win32' ? listWindowsProcesses() : listUnixProcesses();
}

let bootId: string | undefined;

function readProc(pid: number): Row | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name in parentheses may hold spaces and parentheses itself, so the fields are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  if (state === 'Z' || state === 'X') return undefined;
  // Start times count from the boot, so they only name a process together with it.
  bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return { pid, parent: Number(fields[1]), started: `${bootId}/${fields[19]}` };
}

function listUnixProcesses(): Row[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart='], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line))
    .filter((match) => match !== null && !match[3]!.startsWith('Z'))
    .map((match) => ({ pid: Number(match![1]), parent: Number(match![2]), started: match![4]! }));
}

function listWindowsProcesses(): Row[] {
  const query =
    'Get-CimInstance Win32_Process | % { "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.Ticks)" }';
  return execFileSync('powershell', ['-NoProfile', '-NonInteractive', '-Command', query], {
    encoding: 'utf8',
    windowsHide: true,
  })
    .split(/\r?\n/)
    .map((line) => line.split(' '))
    .filter((fields) => fields.length === 3)
    .map(([pid, parent, started]) => ({ pid: Number(pid), parent: Number(parent), started: started! }));
}
