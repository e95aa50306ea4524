import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const generated = new Set(['bin', 'obj', 'dist', 'node_modules', 'TestResults', 'coverage']);

/**
 * A name for the content of files and folders: the same for the same content, whatever the times of the files say. Generated and hidden
 * folders do not count; a path that is not there counts as such.
 */
export function hashSources(root: string, paths: readonly string[], ...more: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of more) hash.update(`${text}\0`);
  for (const path of paths) addPath(path);
  return hash.digest('hex').slice(0, 16);

  function addPath(path: string): void {
    const full = join(root, path);
    const stats = statSync(full, { throwIfNoEntry: false });
    hash.update(`${path}\0`);
    if (!stats) return;
    if (stats.isDirectory()) {
      for (const name of readdirSync(full).sort()) {
        if (!generated.has(name) && !name.startsWith('.')) addPath(`${path}/${name}`);
      }
    } else {
      hash.update(`${stats.size}\0`).update(readFileSync(full));
    }
  }
}
