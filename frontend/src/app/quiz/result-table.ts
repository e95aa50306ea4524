import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';

import { whole } from './charts/marks';
import { percentRight } from './statistics';

/** A line of a result table: a category or a question. */
export interface ResultRow {
  readonly id: string;
  readonly name: string;
  /** Smaller, below the name. */
  readonly about?: string;
  readonly totalAnswers: number;
  readonly correctAnswers: number;
  readonly incorrectAnswers: number;
}

/** How many rows are shown before one asks for all. */
const FEW = 10;

/** Results row by row: numbers, and a bar that shows the share of right answers. */
@Component({
  selector: 'app-result-table',
  imports: [MatButton, MatIcon],
  template: `
    <table>
      <caption class="visually-hidden">
        {{
          caption()
        }}
      </caption>
      <thead>
        <tr>
          <th scope="col">{{ head() }}</th>
          <th scope="col"><mat-icon class="right" svgIcon="check-circle" aria-hidden="true" /><span>Correct</span></th>
          <th scope="col"><mat-icon class="wrong" svgIcon="cross" aria-hidden="true" /><span>Incorrect</span></th>
          <th scope="col" class="share">Right</th>
        </tr>
      </thead>
      <tbody>
        @for (row of shown(); track row.id) {
          <tr>
            <th scope="row">
              {{ row.name }}
              @if (row.about) {
                <span class="about">{{ row.about }}</span>
              }
            </th>
            <td>{{ row.correct }}</td>
            <td>{{ row.incorrect }}</td>
            <td class="share">
              {{ row.percent }} %
              <span class="bar" aria-hidden="true"><span [style.width.%]="row.percent"></span></span>
            </td>
          </tr>
        }
      </tbody>
    </table>
    @if (rows().length > few) {
      <button type="button" matButton [attr.aria-expanded]="all()" (click)="changeLength()">
        {{ all() ? 'Show fewer' : 'Show all ' + rows().length }}
      </button>
    }
  `,
  styleUrl: './result-table.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ResultTable {
  readonly caption = input.required<string>();
  /** What the rows are. */
  readonly head = input.required<string>();
  readonly rows = input.required<readonly ResultRow[]>();

  protected readonly few = FEW;
  protected readonly all = signal(false);
  protected readonly shown = computed(() =>
    this.rows()
      .slice(0, this.all() ? undefined : FEW)
      .map((row) => ({
        ...row,
        correct: whole(row.correctAnswers),
        incorrect: whole(row.incorrectAnswers),
        percent: percentRight(row) ?? 0,
      })),
  );

  protected changeLength(): void {
    this.all.update((all) => !all);
  }
}
