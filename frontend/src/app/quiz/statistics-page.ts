import { ChangeDetectionStrategy, Component, computed, effect, inject, input, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressSpinner } from '@angular/material/progress-spinner';
import { Router, RouterLink } from '@angular/router';

import { FormProblem } from '../accounts/form-problem';
import { CategoryChoice, CategoryOption } from './category-choice';
import { AverageChart } from './charts/average-chart';
import { HourChart } from './charts/hour-chart';
import { whole } from './charts/marks';
import { ShareChart } from './charts/share-chart';
import { Counters } from './counters';
import { fillScreen } from './full-screen';
import { LiveMark } from './live-mark';
import { LiveStatistics } from './live-statistics';
import { ResultRow, ResultTable } from './result-table';

/** The results of everybody, as they come in. */
@Component({
  selector: 'app-statistics-page',
  imports: [
    AverageChart,
    CategoryChoice,
    Counters,
    FormProblem,
    HourChart,
    LiveMark,
    MatButton,
    MatIcon,
    MatProgressSpinner,
    ResultTable,
    RouterLink,
    ShareChart,
  ],
  templateUrl: './statistics-page.html',
  styleUrl: './statistics-page.scss',
  providers: [LiveStatistics],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StatisticsPage {
  private readonly statistics = inject(LiveStatistics);
  private readonly router = inject(Router);

  /** From the address, so that a link leads to a category. */
  readonly category = input<string>();

  protected readonly state = this.statistics.link.state;
  protected readonly phase = this.statistics.phase;
  protected readonly problem = this.statistics.problem;
  protected readonly chosen = this.statistics.category;
  protected readonly summary = this.statistics.summary;
  protected readonly lastHour = this.statistics.lastHour;
  protected readonly options = computed<readonly CategoryOption[]>(() =>
    this.statistics
      .categories()
      .map(({ name, totalAnswers }) => ({ name, about: answers(totalAnswers) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  );
  protected readonly categories = computed<readonly ResultRow[]>(() =>
    this.statistics.categories().map((category) => ({ ...category, id: category.name })),
  );
  protected readonly questions = computed<readonly ResultRow[]>(() =>
    this.statistics.questions().map((question) => ({
      ...question,
      name: question.title,
      about: this.chosen() === null ? question.category : undefined,
    })),
  );
  /** Told in words what the boxes do not. */
  protected readonly about = computed(() => {
    const summary = this.summary();
    if (!summary) return '';
    const people = `${whole(summary.users)} ${summary.users === 1 ? 'person' : 'people'}`;
    return `${answers(summary.totalAnswers)} by ${people}`;
  });

  constructor() {
    effect(() => {
      const category = this.category() || null;
      untracked(() => this.statistics.show(category));
    });
  }

  protected chooseCategory(category: string | null): void {
    void this.router.navigate([], { queryParams: { category }, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected load(): void {
    void this.statistics.load();
  }

  /** The link leads to the board; the browser gives its whole screen only to what a person presses. */
  protected fillScreen(): void {
    void fillScreen();
  }
}

function answers(count: number): string {
  return `${whole(count)} ${count === 1 ? 'answer' : 'answers'}`;
}
