import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';

/** A category as it can be chosen, with what is counted in it. */
export interface CategoryOption {
  readonly name: string;
  readonly about: string;
}

/** The choice of one category or all. */
@Component({
  selector: 'app-category-choice',
  imports: [MatFormFieldModule, MatSelectModule],
  template: `
    <mat-form-field appearance="outline" subscriptSizing="dynamic">
      <mat-label>Category</mat-label>
      <mat-select [value]="chosen() ?? all" (valueChange)="choose($event)">
        <mat-option [value]="all">All categories</mat-option>
        @for (option of offered(); track option.name) {
          <mat-option [value]="option.name">
            {{ option.name }} <span class="about">{{ option.about }}</span>
          </mat-option>
        }
        <mat-select-trigger>{{ chosen() ?? 'All categories' }}</mat-select-trigger>
      </mat-select>
    </mat-form-field>
  `,
  styles: `
    mat-form-field {
      width: 100%;
    }

    .about {
      margin-left: 0.5rem;
      color: var(--mat-sys-on-surface-variant);
      font: var(--mat-sys-body-small);
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
