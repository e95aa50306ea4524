import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Words to put after "Port N is in use", such as " by node (process 4711)", or nothing where the holder cannot be seen. */
export function describePortHolder(port: number): string {
  try {
    const holder =
      process.platform === 'linux' ? findInProc(port) : process.platform === 'darwin' ? askLsof(port) : undefined;
    return holder ? ` by ${holder.name} (process ${holder.pid})` : '';
  } catch {
    return '';
  }
}

interface Holder {
  readonly name: string;
  readonly pid: number;
}

function findInProc(port: number): Holder | undefined {
  const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningSockets(table, port)));
  if (sockets.size === 0) return undefined;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (openFiles(pid).some((file) => sockets.has(file))) {
      return { name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), pid: Number(pid) };
    }
  }
  return undefined;
}

function listeningSockets(table: string, port: number): string[] {
  const listening = '0A';
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(table, 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === listening)
    .map((fields) => `socket:[${fields[9]}]`);
}

function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return '';
      }
    });
  } catch {
    // Another user's process, or one that has just ended.
    return [];
  }
}

function askLsof(port: number): Holder | undefined {
  const output = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
    encoding: 'utf8',
    timeout: 5000,
  });
  const pid = /^p(\d+)$/m.exec(output)?.[1];
  const name = /^c(.+)$/m.exec(output)?.[1];
  return pid && name ? { name, pid: Number(pid) } : undefined;
}
