import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressSpinner } from '@angular/material/progress-spinner';
import { MatTooltip } from '@angular/material/tooltip';
import { Router, RouterLink } from '@angular/router';

import { FormProblem } from '../accounts/form-problem';
import { ConnectionBanner } from '../cluster/connection-banner';
import { Brand } from '../shell/brand';
import { AverageChart } from './charts/average-chart';
import { HourChart } from './charts/hour-chart';
import { whole } from './charts/marks';
import { ShareChart } from './charts/share-chart';
import { Counters } from './counters';
import { fillScreen, fillsScreen, leaveFullScreen } from './full-screen';
import { LiveMark } from './live-mark';
import { LiveStatistics } from './live-statistics';

/** The statistics for a wall: everything in one view, to be read from the last row. */
@Component({
  selector: 'app-board-page',
  imports: [
    AverageChart,
    Brand,
    ConnectionBanner,
    Counters,
    FormProblem,
    HourChart,
    LiveMark,
    MatButton,
    MatIcon,
    MatIconButton,
    MatProgressSpinner,
    MatTooltip,
    RouterLink,
    ShareChart,
  ],
  templateUrl: './board-page.html',
  styleUrl: './board-page.scss',
  providers: [LiveStatistics],
  host: { '(document:keydown.escape)': 'leave()', '(document:fullscreenchange)': 'see()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BoardPage {
  private readonly statistics = inject(LiveStatistics);
  private readonly router = inject(Router);

  /** From the address. */
  readonly category = input<string>();

  protected readonly link = this.statistics.link;
  protected readonly phase = this.statistics.phase;
  protected readonly problem = this.statistics.problem;
  protected readonly chosen = this.statistics.category;
  protected readonly summary = this.statistics.summary;
  protected readonly lastHour = this.statistics.lastHour;
  protected readonly isFull = signal(fillsScreen());
  protected readonly people = computed(() => {
    const users = this.summary()?.users ?? 0;
    return `${whole(users)} ${users === 1 ? 'person' : 'people'}`;
  });

  constructor() {
    effect(() => {
      const category = this.category() || null;
      untracked(() => this.statistics.show(category));
    });
  }

  protected load(): void {
    void this.statistics.load();
  }

  protected see(): void {
    this.isFull.set(fillsScreen());
  }

  protected changeScreen(): void {
    void (this.isFull() ? leaveFullScreen() : fillScreen());
  }

  protected leaveScreen(): void {
    void leaveFullScreen();
  }

  /** Browsers keep the first Escape to themselves while the whole screen is taken; the next one comes here. */
  protected leave(): void {
    this.leaveScreen();
    void this.router.navigate(['/quiz/statistics'], { queryParamsHandling: 'preserve' });
  }
}
