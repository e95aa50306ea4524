import type { Browser, Page } from '@playwright/test';
import { Entrance } from '../pages/entrance.ts';

export interface Visitor {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Registers somebody in a browser, who then stands on the page of the app with this path. */
export async function visit(
  browser: Browser,
  baseURL: string,
  path: string,
  { name, colorScheme, viewport = { width: 940, height: 880 } }: Visitor,
): Promise<Page> {
  const context = await browser.newContext({ baseURL, colorScheme, viewport, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto('/register');
  await new Entrance(page).register(name, 'correct horse battery');
  await page.waitForURL((url) => !url.pathname.startsWith('/register'));
  await page.goto(path);
  return page;
}
