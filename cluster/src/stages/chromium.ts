import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readSetting } from '../machine/environment.ts';
import { findProgram } from '../machine/find-program.ts';
import { installPackage } from '../machine/install-package.ts';
import { Problem } from '../problem.ts';
import { repositoryRoot } from '../repository.ts';

/** A Chromium or Chrome to test with, installed first where that is possible without asking anybody. */
export async function findChromium(onProgress: (line: string) => void, signal: AbortSignal): Promise<string> {
  const named = readSetting(process.env, 'CHROMIUM_PATH');
  if (named !== undefined) {
    if (!existsSync(named)) throw new Problem(`CHROMIUM_PATH names ${named}, which is not there.`);
    return named;
  }
  const present = onThePath() ?? usualPlaces().find((path) => existsSync(path)) ?? playwrightsOwn();
  if (present) return present;
  const installed = (await installPackage('chromium', onProgress, signal)) ? onThePath() : undefined;
  if (installed) return installed;
  throw new Problem(
    'No Chromium was found. Install Chrome or Chromium, or run "npx playwright install chromium" in e2e, or set CHROMIUM_PATH.',
  );
}

function onThePath(): string | undefined {
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
    .map((name) => findProgram(name))
    .find(Boolean);
}

function usualPlaces(): string[] {
  const underPrograms = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
  const programs = [process.env['ProgramFiles'], process.env['ProgramFiles(x86)']].filter(
    (folder) => folder !== undefined,
  );
  return [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ...programs.flatMap((folder) => underPrograms.map((path) => join(folder, path))),
  ];
}

function playwrightsOwn(): string | undefined {
  try {
    const require = createRequire(join(repositoryRoot, 'e2e', 'package.json'));
    const { chromium } = require('@playwright/test') as { chromium: { executablePath(): string } };
    const path = chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
