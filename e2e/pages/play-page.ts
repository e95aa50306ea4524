import type { Locator, Page } from '@playwright/test';

/** A question of the quiz, and what became of the answer. */
export class PlayPage {
  readonly page: Page;
  readonly category: Locator;
  readonly score: Locator;
  readonly streak: Locator;
  /** The side of the card with the question, and the one with the verdict. */
  readonly front: Locator;
  readonly back: Locator;
  readonly title: Locator;
  readonly options: Locator;
  readonly verdict: Locator;
  /** The options again, with what each turned out to be. */
  readonly marks: Locator;
  readonly explanation: Locator;
  readonly next: Locator;
  readonly retry: Locator;
  readonly problem: Locator;

  constructor(page: Page) {
    this.page = page;
    this.category = page.getByRole('combobox', { name: 'Category' });
    this.score = page.getByTestId('score');
    this.streak = page.getByTestId('streak');
    this.front = page.getByTestId('question');
    this.back = page.getByTestId('verdict');
    this.title = this.front.getByRole('heading');
    this.options = this.front.getByRole('group').getByRole('button');
    this.verdict = this.back.getByText(/^\s*(Correct|Incorrect)\s*$/);
    this.marks = this.back.getByRole('listitem');
    this.explanation = this.back.getByTestId('explanation');
    this.next = page.getByRole('button', { name: 'Next question' });
    this.retry = page.getByRole('button', { name: 'Retry' });
    this.problem = page.getByRole('alert');
  }

  /** Comes by an address, as from a link. */
  async visit(category: string): Promise<void> {
    await this.page.goto(`/quiz?category=${encodeURIComponent(category)}`);
  }

  option(title: string): Locator {
    return this.options.filter({ has: this.page.getByText(title, { exact: true }) });
  }

  async answer(title: string): Promise<void> {
    await this.option(title).click();
  }

  mark(title: string): Locator {
    return this.marks.filter({ has: this.page.getByText(title, { exact: true }) });
  }
}
