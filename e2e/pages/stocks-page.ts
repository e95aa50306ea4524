import type { Locator, Page } from '@playwright/test';

/** The stock board. */
export class StocksPage {
  readonly page: Page;
  readonly heading: Locator;
  readonly state: Locator;
  readonly tick: Locator;
  readonly age: Locator;
  readonly latency: Locator;
  readonly folded: Locator;
  readonly servedBy: Locator;
  readonly ledBy: Locator;
  readonly held: Locator;
  readonly notes: Locator;
  readonly table: Locator;
  readonly rows: Locator;
  readonly search: Locator;
  readonly pace: Locator;
  readonly freeze: Locator;
  readonly resume: Locator;
  readonly onlyFavourites: Locator;
  readonly openMarket: Locator;
  readonly closeMarket: Locator;
  readonly reset: Locator;
  readonly audit: Locator;
  readonly more: Locator;
  readonly tape: Locator;
  readonly tapeButton: Locator;
  readonly detail: Locator;
  readonly chart: Locator;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.heading = page.getByRole('heading', { name: 'Stocks', level: 1 });
    this.state = page.getByTestId('market-state');
    this.tick = page.getByTestId('tick');
    this.age = page.getByTestId('age');
    this.latency = page.getByTestId('latency');
    this.folded = page.getByTestId('folded');
    this.servedBy = page.getByTestId('served-by');
    this.ledBy = page.getByTestId('led-by');
    this.held = page.getByTestId('held');
    this.notes = page.locator('app-market-notes');
    this.table = page.getByRole('table', { name: 'Stocks' });
    this.rows = this.table.locator('app-stock-row');
    this.search = page.getByRole('searchbox', { name: 'Find stocks' });
    this.pace = page.getByLabel('Updates');
    this.freeze = page.getByRole('button', { name: 'Freeze' });
    this.resume = page.getByRole('button', { name: 'Resume' });
    this.onlyFavourites = page.getByRole('button', { name: 'Favourites only' });
    this.openMarket = page.getByRole('button', { name: 'Open market' });
    this.closeMarket = page.getByRole('button', { name: 'Close market' });
    this.reset = page.getByRole('button', { name: 'Reset' });
    this.audit = page.getByRole('button', { name: 'Audit' });
    this.more = page.getByRole('button', { name: 'More about the connection' });
    this.tape = page.getByTestId('tape');
    this.tapeButton = page.getByRole('button', { name: /the ticker/ });
    this.detail = page.locator('app-stock-detail');
    this.chart = page.getByTestId('price-chart');
    this.dialog = page.getByRole('dialog');
  }

  async visit(path = '/stocks'): Promise<void> {
    await this.page.goto(path);
  }

  row(symbol: string): Locator {
    return this.table.locator(`[data-symbol="${symbol}"]`);
  }

  link(symbol: string): Locator {
    return this.row(symbol).getByRole('link');
  }

  price(symbol: string): Locator {
    return this.row(symbol).locator('.number');
  }

  star(symbol: string): Locator {
    return this.row(symbol).getByRole('button', { name: `Favourite: ${symbol}` });
  }

  header(name: string): Locator {
    return this.table.getByRole('columnheader', { name, exact: true });
  }

  /** The symbols of the rows, from the top. */
  symbols(): Promise<readonly string[]> {
    return this.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-symbol') ?? ''));
  }

  /** The tick that is shown. */
  async sequence(): Promise<number> {
    return Number(await this.tick.getAttribute('data-sequence'));
  }

  /** What the rows show, at one moment: the tick and each price. */
  prices(): Promise<{ readonly sequence: number; readonly prices: Readonly<Record<string, string>> }> {
    return this.page.evaluate(() => ({
      sequence: Number(document.querySelector('[data-testid=tick]')!.getAttribute('data-sequence')),
      prices: Object.fromEntries(
        [...document.querySelectorAll('app-stock-row')].map((row) => [
          row.getAttribute('data-symbol')!,
          row.querySelector('.number')!.textContent,
        ]),
      ),
    }));
  }

  /** Notes every tick that the board shows from now on, with what the first stocks cost then. */
  async record(): Promise<void> {
    await this.rows.first().waitFor();
    await this.page.evaluate(() => {
      const seen: { sequence: number; prices: Record<string, string> }[] = [];
      Object.assign(window, { seenTicks: seen });
      const tick = document.querySelector('[data-testid=tick]')!;
      new MutationObserver(() => {
        const prices = Object.fromEntries(
          [...document.querySelectorAll('app-stock-row')].map((row) => [
            row.getAttribute('data-symbol')!,
            row.querySelector('.number')!.textContent,
          ]),
        );
        seen.push({ sequence: Number(tick.getAttribute('data-sequence')), prices });
        if (seen.length > 2_000) seen.shift();
      }).observe(tick, { attributes: true, attributeFilter: ['data-sequence'] });
    });
  }

  recorded(): Promise<readonly { readonly sequence: number; readonly prices: Readonly<Record<string, string>> }[]> {
    return this.page.evaluate(() => (window as unknown as { seenTicks: never[] }).seenTicks);
  }
}
