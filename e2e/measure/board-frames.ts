// Measures how smoothly the stock board moves under load: 500 stocks, 10 ticks a second, every tick shown. Asserts nothing about times;
// fails when nothing moves or a tick is missing.
import { chromium, type Page } from 'playwright-core';
import { Cluster } from '@hubbub/cluster';
import { Account } from '../fixtures/account.ts';
import { chromiumLaunch } from '../setup/chromium.ts';
import { clusterOptions } from '../setup/cluster-options.ts';

const stocks = 500;
const seconds = 20;
const warmUpTicks = 50;

interface Frames {
  /** Milliseconds from one frame to the next. */
  readonly times: readonly number[];
  readonly received: number;
  readonly ticks: number;
  readonly folded: number;
}

process.exitCode = (await measure()) ? 0 : 1;

/** Prints what it finds; true when the board moved and missed nothing. */
async function measure(): Promise<boolean> {
  const options = clusterOptions();
  await using cluster = await Cluster.start({
    ...options,
    env: { ...options.env, Stocks__Companies: String(stocks), Stocks__TickInterval: '00:00:00.100' },
    onProgress: (line) => console.log(line),
  });
  const replica = cluster.replicas[0]!;
  const ada = await Account.register('ada', replica);
  const browser = await chromium.launch(chromiumLaunch());
  try {
    const context = await browser.newContext({ baseURL: replica.url, viewport: { width: 1280, height: 800 } });
    await context.request.post('/api/accounts/login', { data: { userName: ada.userName, password: ada.password } });
    const page = await context.newPage();
    await page.goto('/stocks');
    await page.getByRole('columnheader', { name: '%', exact: true }).getByRole('button').click();
    await page.waitForFunction(
      (ticks) => Number(document.querySelector('[data-testid=tick]')?.getAttribute('data-received')) > ticks,
      warmUpTicks,
    );
    console.log(`\n${stocks} stocks, 10 ticks a second, sorted by a column that moves, for ${seconds} s`);
    const frames = await record(page);
    report(frames);
    const notes = (await page.locator('app-market-notes').textContent()) ?? '';
    if (notes.includes('missing')) console.log(`the board says: ${notes.trim()}`);
    return frames.received > 0 && !notes.includes('missing');
  } finally {
    await browser.close();
  }
}

/** Lets the page count its own frames: nothing is asked of it meanwhile. */
function record(page: Page): Promise<Frames> {
  return page.evaluate((milliseconds) => {
    const standing = () => ({
      received: Number(document.querySelector('[data-testid=tick]')!.getAttribute('data-received')),
      sequence: Number(document.querySelector('[data-testid=tick]')!.getAttribute('data-sequence')),
      folded: Number(document.querySelector('[data-testid=folded]')!.getAttribute('data-folded')),
    });
    const begun = standing();
    return new Promise<Frames>((resolve) => {
      const times: number[] = [];
      let [start, last] = [0, 0];
      const frame = (now: number): void => {
        if (last > 0) times.push(now - last);
        else start = now;
        last = now;
        if (now - start < milliseconds) {
          requestAnimationFrame(frame);
          return;
        }
        const ended = standing();
        resolve({
          times,
          received: ended.received - begun.received,
          ticks: ended.sequence - begun.sequence,
          folded: ended.folded - begun.folded,
        });
      };
      requestAnimationFrame(frame);
    });
  }, seconds * 1_000);
}

function report({ times, received, ticks, folded }: Frames): void {
  const sorted = [...times].sort((a, b) => a - b);
  const total = times.reduce((sum, time) => sum + time, 0) / 1_000;
  const below = (share: number): string => `${sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1)} ms`;
  console.log(`frames a second      ${(times.length / total).toFixed(1)}`);
  console.log(`frame time           median ${below(0.5)}, p95 ${below(0.95)}, p99 ${below(0.99)}, longest ${below(1)}`);
  console.log(
    `updates a second     ${(received / total).toFixed(1)} (${(ticks / total).toFixed(1)} ticks, ${folded} folded)`,
  );
}
