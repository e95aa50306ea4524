import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { LineChartModule } from '@swimlane/ngx-charts';

import { timeOf } from '../../chat/times';
import { MinuteResult } from '../../realtime/statistics-hub.contract';
import { ChartFigure } from './chart-figure';
import { ChartTable } from './chart-table';
import { CORRECT, INCORRECT, colourOf, whole } from './marks';

/** How many answers there were in each minute of the last hour, as lines. */
@Component({
  selector: 'app-hour-chart',
  imports: [ChartFigure, LineChartModule, MatIcon],
  template: `
    <app-chart-figure heading="The last hour" [summary]="sentence()" [table]="table()" [switchable]="switchable()">
      <ng-template let-view>
        <ngx-charts-line-chart
          [view]="above(view)"
          [results]="lines()"
          [customColors]="colours"
          [xAxis]="true"
          [yAxis]="true"
          [xAxisTickFormatting]="time"
          [xAxisTicks]="times(view)"
          [yAxisTickFormatting]="number"
          [yScaleMax]="top()"
          [yAxisTicks]="steps()"
          [animations]="false"
        />
        <ul>
          <li class="right"><mat-icon svgIcon="check-circle" />Correct</li>
          <li class="wrong"><mat-icon svgIcon="cross" />Incorrect, dashed</li>
        </ul>
      </ng-template>
    </app-chart-figure>
  `,
  styleUrl: './chart-legend.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HourChart {
  readonly minutes = input.required<readonly MinuteResult[]>();
  readonly switchable = input(true);

  protected readonly colours = colourOf;
  protected readonly time = (at: Date) => timeOf(at.getTime());
  protected readonly number = whole;
  protected readonly lines = computed(() => [
    { name: CORRECT, series: this.series(({ correctAnswers }) => correctAnswers) },
    { name: INCORRECT, series: this.series(({ incorrectAnswers }) => incorrectAnswers) },
  ]);
  /** Answers are whole, so is the axis: from 0 to a round number above them. */
  protected readonly steps = computed(() => wholeSteps(Math.max(...this.minutes().map(most))));
  protected readonly top = computed(() => this.steps().at(-1)!);
  protected readonly sentence = computed(() => {
    const correct = sum(this.minutes().map(({ correctAnswers }) => correctAnswers));
    const incorrect = sum(this.minutes().map(({ incorrectAnswers }) => incorrectAnswers));
    if (correct + incorrect === 0) return 'Nobody has answered in the last hour.';
    return `In the last hour there were ${whole(correct)} correct and ${whole(incorrect)} incorrect answers.`;
  });
  /** The minutes that have answers, the newest first: nobody reads sixty rows of nothing. */
  protected readonly table = computed<ChartTable>(() => ({
    head: ['Minute', CORRECT, INCORRECT],
    rows: this.minutes()
      .filter((minute) => most(minute) > 0)
      .map(({ minute, correctAnswers, incorrectAnswers }) => ({
        name: timeOf(Date.parse(minute)),
        values: [whole(correctAnswers), whole(incorrectAnswers)],
      }))
      .reverse(),
  }));

  /** Leaves room for what stands below the chart. */
  protected above([width, height]: [number, number]): [number, number] {
    return [width, Math.max(60, height - 34)];
  }

  /** Round times, as many as there is room for, and none so close to an end that it would be cut off. */
  protected times([width]: [number, number]): Date[] {
    const step = width < 480 ? 20 : 10;
    return this.minutes()
      .slice(2, -2)
      .map(({ minute }) => new Date(minute))
      .filter((time) => time.getMinutes() % step === 0);
  }

  private series(count: (minute: MinuteResult) => number): { name: Date; value: number }[] {
    return this.minutes().map((minute) => ({ name: new Date(minute.minute), value: count(minute) }));
  }
}

/** Whole numbers from 0 to at least `most` in even steps, at most six of them. */
export function wholeSteps(most: number): number[] {
  const sizes = [1, 2, 5];
  for (let power = 1; ; power *= 10) {
    const size = sizes.map((factor) => factor * power).find((step) => step * 5 >= most);
    if (size) return Array.from({ length: Math.max(1, Math.ceil(most / size)) + 1 }, (_, index) => index * size);
  }
}

function most({ correctAnswers, incorrectAnswers }: MinuteResult): number {
  return Math.max(correctAnswers, incorrectAnswers);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
