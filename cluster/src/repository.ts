import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds backend, frontend, e2e and cluster. */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The Node that the repository pins, so that a child runs on it even when a test runner was started on another one. */
export function pinnedNode(): string {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = join(repositoryRoot, 'node_modules', 'node', 'bin', file);
  return existsSync(pinned) ? pinned : process.execPath;
}
