import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The full path of a program on the PATH or in one of the further folders, or undefined. */
export function findProgram(name: string, furtherFolders: readonly (string | undefined)[] = []): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return [...(process.env['PATH'] ?? '').split(delimiter), ...furtherFolders]
    .filter((folder) => folder !== undefined && folder !== '')
    .map((folder) => join(folder!, file))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
