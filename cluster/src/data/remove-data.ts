import { lstatSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What Hubbub keeps in a data folder. Only these are ever deleted from a folder that somebody named. */
const contents = ['postgres', 'postgres.password', 'redis'];

/** Deletes the data in a folder; the folder itself and everything else in it stay. */
export function removeContents(directory: string): void {
  const postgres = join(directory, 'postgres');
  // A link where the user that PostgreSQL runs as cannot reach this folder.
  if (lstatSync(postgres, { throwIfNoEntry: false })?.isSymbolicLink()) {
    rmSync(readlinkSync(postgres), { recursive: true, force: true });
  }
  for (const name of contents) rmSync(join(directory, name), { recursive: true, force: true });
}

/** Deletes a throwaway folder and all data in it. */
export function removeDirectory(directory: string): void {
  removeContents(directory);
  rmSync(directory, { recursive: true, force: true });
}
