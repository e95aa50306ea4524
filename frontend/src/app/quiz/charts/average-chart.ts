import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { BarChartModule } from '@swimlane/ngx-charts';

import { Summary } from '../../realtime/statistics-hub.contract';
import { ChartFigure } from './chart-figure';
import { ChartTable } from './chart-table';
import { CORRECT, INCORRECT, TOTAL, colourOf, onePlace, whole } from './marks';

/**
 * How many answers each person gave on average, as bars. They do not move from one height to the next: ngx-charts would go through shapes
 * that are none, about which browsers complain.
 */
@Component({
  selector: 'app-average-chart',
  imports: [BarChartModule, ChartFigure],
  template: `
    <app-chart-figure heading="Average per user" [summary]="sentence()" [table]="table()" [switchable]="switchable()">
      <ng-template let-view>
        <ngx-charts-bar-vertical
          [view]="view"
          [results]="bars()"
          [customColors]="colours"
          [xAxis]="true"
          [yAxis]="false"
          [showDataLabel]="true"
          [dataLabelFormatting]="format"
          [roundDomains]="true"
          [showGridLines]="false"
          [rotateXAxisTicks]="false"
          [trimXAxisTicks]="false"
          [barPadding]="between(view)"
          [animations]="false"
        />
      </ng-template>
    </app-chart-figure>
  `,
  styles: `
    :host {
      display: block;
      min-height: 0;
    }

    app-chart-figure {
      height: 100%;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AverageChart {
  readonly summary = input.required<Summary>();
  readonly switchable = input(true);

  protected readonly colours = colourOf;
  protected readonly format = onePlace;
  protected readonly bars = computed(() => {
    const { correctAnswersAverage, incorrectAnswersAverage, totalAnswersAverage } = this.summary();
    return [
      { name: CORRECT, value: correctAnswersAverage },
      { name: INCORRECT, value: incorrectAnswersAverage },
      { name: TOTAL, value: totalAnswersAverage },
    ];
  });
  protected readonly sentence = computed(() => {
    const [correct, incorrect, total] = this.bars().map(({ value }) => onePlace(value));
    const { users } = this.summary();
    const people = users === 1 ? 'The one person who answered' : `Each of the ${whole(users)} people who answered`;
    return `${people} gave ${total} answers on average: ${correct} correct and ${incorrect} incorrect.`;
  });
  protected readonly table = computed<ChartTable>(() => ({
    head: ['Answers', 'Average per user'],
    rows: this.bars().map(({ name, value }) => ({ name, values: [onePlace(value)] })),
  }));

  /** The space between two bars, in pixels: less where there is little. */
  protected between([width]: [number, number]): number {
    return Math.round(Math.min(40, width / 12));
  }
}
