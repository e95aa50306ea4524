import { mayLose } from '@hubbub/cluster';
import { defineConfig, type Project } from '@playwright/test';
import { chromiumLaunch } from './setup/chromium.ts';
import { backplaneUnderTest } from './setup/cluster-options.ts';

const backplane = backplaneUnderTest();

/** Everything; what is in "backplanes" holds for one backplane only. */
const everything: Project[] = [
  { name: 'together', testIgnore: ['scale-out/faults/**', 'backplanes/**'], fullyParallel: true },
  // Each worker keeps a private cluster for these, so a file stays in one worker.
  { name: 'faults', testMatch: 'scale-out/faults/**/*.spec.ts', timeout: 180_000 },
];

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  globalSetup: './setup/shared-cluster.ts',
  reporter: 'list',
  forbidOnly: !!process.env['CI'],
  // A flaky test is a bug of the product or of the test. It is not repeated until it passes, and it explains itself the first time.
  retries: 0,
  // Two browsers and two to four replicas are what two cores can carry.
  workers: 2,
  timeout: 90_000,
  expect: { timeout: 30_000 },
  use: {
    launchOptions: chromiumLaunch(),
    trace: { mode: 'retain-on-failure', screenshots: false, sources: false },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1280, height: 800 },
  },
  projects: mayLose(backplane)
    ? [{ name: backplane, testMatch: `backplanes/${backplane}.spec.ts`, fullyParallel: true }]
    : everything,
});
