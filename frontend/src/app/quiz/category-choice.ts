import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';

/** A category as it can be chosen, with what is counted in it. */
export interface CategoryOption {
  readonly name: string;
  readonly about: string;
}

/** The choice of one category or all: the browser's own, which every phone and screen reader knows. */
@Component({
  selector: 'app-category-choice',
  imports: [MatFormFieldModule, MatInput],
  template: `
    <mat-form-field appearance="outline" subscriptSizing="dynamic">
      <mat-label>Category</mat-label>
      <select matNativeControl #select (change)="choose(select.value)">
        <option [value]="all" [selected]="chosen() === null">All categories</option>
        @for (option of offered(); track option.name) {
          <option [value]="option.name" [selected]="option.name === chosen()">
            {{ option.name }}{{ option.about && ' – ' + option.about }}
          </option>
        }
      </select>
    </mat-form-field>
  `,
  styles: `
    mat-form-field {
      width: 100%;
    }

    select {
      text-overflow: ellipsis;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CategoryChoice {
  readonly options = input.required<readonly CategoryOption[]>();
  /** Null for all. */
  readonly chosen = input.required<string | null>();

  readonly chosenChange = output<string | null>();

  /** No category has an empty name. */
  protected readonly all = '';
  /** The chosen one is there to be seen, also as long as the list is not. */
  protected readonly offered = computed(() => {
    const chosen = this.chosen();
    const options = this.options();
    const isThere = chosen === null || options.some(({ name }) => name === chosen);
    return isThere ? options : [...options, { name: chosen, about: '' }];
  });

  protected choose(name: string): void {
    this.chosenChange.emit(name === this.all ? null : name);
  }
}
