import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { PieChartModule } from '@swimlane/ngx-charts';

import { Summary } from '../../realtime/statistics-hub.contract';
import { percentRight } from '../statistics';
import { ChartFigure } from './chart-figure';
import { ChartTable } from './chart-table';
import { CORRECT, INCORRECT, colourOf, mayMove, whole } from './marks';

/** How many answers were right and how many were not, as a pie. */
@Component({
  selector: 'app-share-chart',
  imports: [ChartFigure, MatIcon, PieChartModule],
  template: `
    <app-chart-figure
      heading="Correct and incorrect"
      [summary]="sentence()"
      [table]="table()"
      [switchable]="switchable()"
    >
      <ng-template let-view>
        <ngx-charts-pie-chart
          [view]="view"
          [results]="slices()"
          [customColors]="colours"
          [margins]="margins"
          [doughnut]="true"
          [arcWidth]="0.42"
          [animations]="moves"
        />
        <p class="middle">
          <strong>{{ percent() }} %</strong>
          <span>right</span>
        </p>
        <ul>
          <li class="right"><mat-icon svgIcon="check-circle" />Correct</li>
          <li class="wrong"><mat-icon svgIcon="cross" />Incorrect</li>
        </ul>
      </ng-template>
    </app-chart-figure>
  `,
  styleUrl: './share-chart.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ShareChart {
  readonly summary = input.required<Summary>();
  readonly switchable = input(true);

  protected readonly colours = colourOf;
  protected readonly moves = mayMove();
  protected readonly margins = [4, 4, 40, 4];
  protected readonly percent = computed(() => percentRight(this.summary()) ?? 0);
  protected readonly slices = computed(() => [
    { name: CORRECT, value: this.summary().correctAnswers },
    { name: INCORRECT, value: this.summary().incorrectAnswers },
  ]);
  protected readonly sentence = computed(() => {
    const { totalAnswers, correctAnswers, incorrectAnswers } = this.summary();
    return `Of ${whole(totalAnswers)} answers, ${whole(correctAnswers)} are correct and ${whole(incorrectAnswers)} incorrect: ${this.percent()} % are right.`;
  });
  protected readonly table = computed<ChartTable>(() => {
    const { correctAnswers, incorrectAnswers } = this.summary();
    return {
      head: ['Answers', 'Count', 'Share'],
      rows: [
        { name: CORRECT, values: [whole(correctAnswers), `${this.percent()} %`] },
        { name: INCORRECT, values: [whole(incorrectAnswers), `${100 - this.percent()} %`] },
      ],
    };
  });
}
