import { readFileSync, statSync } from 'node:fs';
import { Problem } from '../problem.ts';

/** An ordinary user of this machine, by numbers. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom PostgreSQL runs as when we are root, which it refuses to be: the owner of the data that is there already, else the user
 * `postgres`, else `nobody`, which every system has. Undefined when we are not root.
 */
export function choosePostgresUser(directory: string): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(directory, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!entry)
    throw new Problem(
      'PostgreSQL refuses to run as root, and there is neither a user "postgres" nor "nobody". Start as an ordinary user.',
    );
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}
