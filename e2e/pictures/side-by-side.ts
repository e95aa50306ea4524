import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'pictures');

/** Takes a picture of each page, as high as they are, and puts them beside each other into a file of `docs/pictures`. */
export async function sideBySide(browser: Browser, pages: readonly Page[], file: string): Promise<void> {
  const shots = await Promise.all(
    pages.map(async (page) => ({
      data: `data:image/png;base64,${(await page.screenshot()).toString('base64')}`,
      // What one is wide, the others are by their own width: so all are equally high.
      share: page.viewportSize()!.width / page.viewportSize()!.height,
    })),
  );
  const context = await browser.newContext({ viewport: { width: 1480, height: 100 } });
  const page = await context.newPage();
  const style = 'min-width:0;border-radius:14px;box-shadow:0 8px 30px #0005';
  const images = shots.map(({ data, share }) => `<img src="${data}" style="${style};flex:${share}">`);
  await page.setContent(
    `<!doctype html><body style="margin:0;display:flex;gap:24px;padding:24px;align-items:flex-start;background:#8aa79e">${images.join('')}</body>`,
  );
  await page.screenshot({ path: join(folder, file), fullPage: true });
  await context.close();
}
