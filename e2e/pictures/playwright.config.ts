import { defineConfig } from '@playwright/test';
import { chromiumLaunch } from '../setup/chromium.ts';

/** The pictures of the README: `npm run pictures -w e2e`. They need ports 5001 and 5002, whose names they show. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  reporter: 'list',
  workers: 1,
  timeout: 600_000,
  expect: { timeout: 30_000 },
  use: { launchOptions: chromiumLaunch(), locale: 'en-GB', timezoneId: 'Europe/Berlin' },
});
