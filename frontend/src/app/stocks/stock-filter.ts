import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';

import { SearchField } from '../shell/search-field';
import { Board } from './board';
import { Market } from './market';

/** What of the market is to be seen. */
@Component({
  selector: 'app-stock-filter',
  imports: [MatButton, MatIcon, SearchField],
  template: `
    <app-search-field
      label="Find stocks"
      placeholder="Symbol, name or sector"
      [text]="text()"
      (textChange)="filter($event)"
    />
    <button
      [matButton]="onlyFavourites() ? 'tonal' : 'text'"
      type="button"
      [attr.aria-pressed]="onlyFavourites()"
      (click)="toggleFavourites()"
    >
      <mat-icon [svgIcon]="onlyFavourites() ? 'star' : 'star-empty'" aria-hidden="true" />
      Favourites only
    </button>
    <p role="status">{{ count() }}</p>
    @if (held()) {
      <p class="held">Rows stay in place while you point at them</p>
    }
  `,
  styleUrl: './stock-filter.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StockFilter {
  private readonly board = inject(Board);
  private readonly market = inject(Market);

  protected readonly text = this.board.text;
  protected readonly onlyFavourites = this.board.onlyFavourites;
  protected readonly held = this.board.held;
  protected readonly count = computed(() => {
    const [shown, all] = [this.board.rows().length, this.market.stocks().length];
    return shown === all ? `${all} stocks` : `${shown} of ${all} stocks`;
  });

  protected filter(text: string): void {
    this.board.filter(text);
  }

  protected toggleFavourites(): void {
    this.board.showOnlyFavourites(!this.onlyFavourites());
  }
}
