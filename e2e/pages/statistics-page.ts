import type { Locator, Page } from '@playwright/test';

/** The results of the quiz, on the page or on the board. */
export class StatisticsPage {
  readonly page: Page;
  readonly correct: Locator;
  readonly incorrect: Locator;
  readonly none: Locator;
  readonly live: Locator;
  readonly category: Locator;
  readonly board: Locator;
  readonly slices: Locator;
  readonly bars: Locator;

  constructor(page: Page) {
    this.page = page;
    this.correct = page.getByTestId('correct');
    this.incorrect = page.getByTestId('incorrect');
    this.none = page.getByText('No results yet.');
    this.live = page.getByTestId('live');
    this.category = page.getByRole('combobox', { name: 'Category' });
    this.board = page.getByRole('link', { name: 'Full screen' });
    this.slices = page.locator('.pie-chart path.arc');
    this.bars = page.locator('.bar-chart path.bar');
  }

  async visit(category: string): Promise<void> {
    await this.page.goto(`/quiz/statistics?category=${encodeURIComponent(category)}`);
  }

  async visitBoard(category: string): Promise<void> {
    await this.page.goto(`/quiz/board?category=${encodeURIComponent(category)}`);
  }

  /** A chart with its title, as a drawing or as a table. */
  figure(title: string): Locator {
    return this.page.getByRole('figure').filter({ has: this.page.getByRole('heading', { name: title }) });
  }

  async showAsTable(title: string): Promise<void> {
    await this.figure(title).getByRole('button', { name: 'Show as table' }).click();
  }

  /** The cells of a chart's table, or of the table with results by category or question, without its head. */
  rows(table: Locator): Locator {
    return table.locator('tbody').getByRole('row');
  }

  results(what: 'Results by category' | 'Results by question'): Locator {
    return this.page.getByRole('table', { name: what });
  }
}
