import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresUser } from './postgres-user.ts';

/**
 * The folder for PostgreSQL's files: `postgres` in the data folder. Where we are root and the data folder lies somewhere that only root can
 * enter, that becomes a link to a folder below /var/lib/hubbub.
 */
export function preparePostgresHome(dataDirectory: string, user: PostgresUser | undefined): string {
  const home = join(dataDirectory, 'postgres');
  if (!lstatSync(home, { throwIfNoEntry: false })) {
    if (user && !canEnter(dataDirectory, user)) symlinkSync(makeOutside(), home);
    else mkdirSync(home, { mode: 0o700 });
    if (user) chownSync(home, user.uid, user.gid);
  }
  return realpathSync(home);
}

function canEnter(directory: string, user: PostgresUser): boolean {
  try {
    execFileSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', directory], { ...user, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function makeOutside(): string {
  const parent = '/var/lib/hubbub';
  mkdirSync(parent, { recursive: true });
  chmodSync(parent, 0o755);
  return mkdtempSync(join(parent, 'postgres-'));
}
