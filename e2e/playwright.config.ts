import { mayLose } from '@hubbub/cluster';
import { defineConfig, type Project } from '@playwright/test';
import { chromiumLaunch } from './setup/chromium.ts';
import { backplaneUnderTest } from './setup/cluster-options.ts';

const backplane = backplaneUnderTest();

/** What comes from other replicas, and so over the backplane. The rest is the same over any store of the log, and runs over one. */
const acrossReplicas = [
  'scale-out/*.spec.ts',
  'chat/people.spec.ts',
  'chat/unread.spec.ts',
  'quiz/statistics.spec.ts',
  'quiz/two-ports.spec.ts',
  'stocks/board.spec.ts',
];

// Each worker keeps a private cluster for these, so a file stays in one worker.
const faults: Project = { name: 'faults', testMatch: 'scale-out/faults/**/*.spec.ts', timeout: 180_000 };

/** What is run over each backplane; what is in "backplanes" holds for one only. */
function projects(): Project[] {
  if (mayLose(backplane))
    return [{ name: backplane, testMatch: `backplanes/${backplane}.spec.ts`, fullyParallel: true }];
  const together: Project =
    backplane === 'redis'
      ? { name: 'together', testMatch: acrossReplicas, fullyParallel: true }
      : { name: 'together', testIgnore: ['scale-out/faults/**', 'backplanes/**'], fullyParallel: true };
  return [together, faults];
}

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
  projects: projects(),
});
