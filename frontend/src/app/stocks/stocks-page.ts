import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterOutlet } from '@angular/router';

import { Board } from './board';
import { Market } from './market';
import { MarketControls } from './market-controls';
import { MarketFacts } from './market-facts';
import { MarketNotes } from './market-notes';
import { provideStocks } from './provide-stocks';
import { StockFilter } from './stock-filter';
import { StockTable } from './stock-table';
import { TickerTape } from './ticker-tape';

/** The board, and beside it the stock that was picked. */
@Component({
  selector: 'app-stocks-page',
  imports: [
    MarketControls,
    MarketFacts,
    MarketNotes,
    MatButton,
    MatIcon,
    RouterOutlet,
    StockFilter,
    StockTable,
    TickerTape,
  ],
  templateUrl: './stocks-page.html',
  styleUrl: './stocks-page.scss',
  providers: [provideStocks()],
  host: { '[class.has-detail]': 'hasDetail()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StocksPage {
  private readonly market = inject(Market);

  protected readonly hasDetail = signal(false);
  protected readonly phase = this.market.phase;
  protected readonly problem = this.market.problem;
  protected readonly isEmpty = computed(() => this.rows().length === 0);
  protected readonly rows = inject(Board).rows;

  protected retry(): void {
    this.market.retry();
  }
}
