import { ChangeDetectionStrategy, Component, computed, inject, signal, untracked } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';

import { KEPT_STRINGS } from '../realtime/storage';
import { Favourites } from './favourites';
import { Market } from './market';
import { percentText, priceText } from './numbers';

/** A tape that takes minutes to come round shows the same as one that does not. */
const MOST = 30;

/** How long a stock takes from edge to edge by itself, in seconds. */
const SECONDS_EACH = 3;

/**
 * Prices that run by, favourites first. It runs while the market is open, unless somebody stops it or wants no motion. The table says the
 * same to those who do not see it, so it is left out there.
 */
@Component({
  selector: 'app-ticker-tape',
  imports: [MatIcon, MatIconButton, MatTooltip],
  templateUrl: './ticker-tape.html',
  styleUrl: './ticker-tape.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TickerTape {
  private readonly favourites = inject(Favourites).symbols;
  private readonly kept = inject(KEPT_STRINGS);
  private readonly market = inject(Market);

  private readonly stocks = computed(() => {
    const favourites = this.favourites();
    const all = this.market.stocks();
    const isFavourite = ({ symbol }: { symbol: string }) => favourites.has(symbol);
    return [...all.filter(isFavourite), ...all.filter((stock) => !isFavourite(stock))].slice(0, MOST);
  });

  protected readonly paused = signal(this.kept.get('stocks.tape') === 'paused');
  protected readonly runs = computed(() => !this.paused() && this.market.state() === 'Open');
  protected readonly seconds = computed(() => this.stocks().length * SECONDS_EACH);
  /** It is read in passing: written twice a second, however many ticks there are. */
  protected readonly items = computed(() => {
    this.market.beat();
    const stocks = this.stocks();
    return untracked(() =>
      stocks.map((stock) => {
        const { price, percentChange } = stock.price();
        return {
          symbol: stock.symbol,
          price: priceText(price),
          percent: percentText(percentChange),
          sign: Math.sign(percentChange),
        };
      }),
    );
  });
  /** The second one follows the first where it ends, so that the tape has no end. */
  protected readonly copies = [0, 1];

  protected toggle(): void {
    this.paused.update((paused) => !paused);
    this.kept.set('stocks.tape', this.paused() ? 'paused' : null);
  }
}
