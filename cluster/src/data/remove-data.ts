import { lstatSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What Hubbub keeps in a data folder. Only these are ever deleted from a folder that somebody named. */
const contents = ['postgres', 'postgres.new', 'postgres.password', 'redis'];

/** Deletes the data in a folder; the folder itself and everything else in it stay. */
export function removeContents(directory: string): void {
  for (const name of contents) removeDirectory(join(directory, name));
}

/** Deletes a folder, also the one that PostgreSQL's data was moved to because its user cannot reach this one. */
export function removeDirectory(path: string): void {
  const linked = [path, join(path, 'postgres')].find(isLink);
  if (linked) rmSync(readlinkSync(linked), { recursive: true, force: true });
  rmSync(path, { recursive: true, force: true });
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
