import { chownSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessRegistry } from '../machine/managed-process.ts';
import { requireCommand } from '../machine/run-command.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresUser } from './postgres-user.ts';
import { postgresEnvironment } from './postgres.ts';

export const postgresMajor = '18';

interface Creation {
  readonly home: string;
  readonly user: PostgresUser | undefined;
  readonly binaries: PostgresBinaries;
  readonly password: string;
  readonly registry: ProcessRegistry;
  readonly signal: AbortSignal | undefined;
}

/** Makes the data of a new server with the database `hubbub` in it. Nothing half-made is ever left under the final name. */
export async function createPostgresData({
  home,
  user,
  binaries,
  password,
  registry,
  signal,
}: Creation): Promise<void> {
  const draft = join(home, 'data.new');
  const passwordFile = join(home, 'password');
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const common = {
    user,
    registry,
    signal,
    env: postgresEnvironment(),
    cwd: home,
    failure: 'PostgreSQL could not make its data folder.',
  };
  await requireCommand({
    ...common,
    name: 'initdb',
    command: binaries.initdb,
    // The builtin provider sorts and folds case the same way on every machine.
    args: ['-D', draft, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'].concat(
      ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions'],
    ),
  });
  rmSync(passwordFile);
  await requireCommand({
    ...common,
    name: 'PostgreSQL',
    command: binaries.postgres,
    args: ['--single', '-D', draft, 'postgres'],
    input: 'CREATE DATABASE hubbub;\n',
  });
  renameSync(draft, join(home, 'data'));
}
