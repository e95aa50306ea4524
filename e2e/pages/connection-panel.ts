import type { Locator, Page } from '@playwright/test';

/** Where the app is connected: the chip in the bar, the panel behind it, and what is said when the connection is lost. */
export class ConnectionPanel {
  readonly chip: Locator;
  readonly panel: Locator;
  /** What the panel says of a backplane that promises less than nothing lost. */
  readonly warning: Locator;
  /** The line across the page while there is no connection, or none between the servers. */
  readonly banner: Locator;
  /** What is said once after a loss. */
  readonly notice: Locator;

  constructor(page: Page) {
    this.chip = page.getByTestId('connection');
    this.panel = page.getByRole('dialog', { name: 'Connection' });
    this.warning = this.panel.getByTestId('backplane-warning');
    this.banner = page.locator('app-connection-banner').getByRole('status');
    this.notice = page.locator('mat-snack-bar-container');
  }

  /** A choice in the panel, by the name of the replica, or `Automatic`. */
  choice(name: string): Locator {
    return this.panel.getByRole('radio', { name });
  }

  /** Picks a replica by hand, as a person does. */
  async pick(name: string): Promise<void> {
    await this.chip.click();
    await this.choice(name).check();
    await this.panel.getByRole('button', { name: 'Close' }).click();
  }
}
