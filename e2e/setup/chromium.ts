import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LaunchOptions } from '@playwright/test';

/** How to start the browser: the one that CHROMIUM_PATH names, else one on the PATH, else Playwright's own. */
export function chromiumLaunch(): LaunchOptions {
  const executablePath = process.env['CHROMIUM_PATH'] || onThePath();
  return { args: quiet, ...(executablePath ? { executablePath } : {}) };
}

/** Nothing but the replicas is to be spoken to, and their certificates and protocols are plain. */
const quiet = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function onThePath(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
