import { Service, computed, effect, inject, signal, untracked } from '@angular/core';

import { KEPT_STRINGS } from '../realtime/storage';
import { SortKey, Sorting, arrange, isLive, sortedBy } from './board-order';
import { Favourites } from './favourites';
import { LiveStock } from './live-stock';
import { Market } from './market';

const KEYS: readonly SortKey[] = ['symbol', 'price', 'change', 'percent', 'range', 'trend'];

/** What of the market is shown, and in which order. */
@Service({ autoProvided: false })
export class Board {
  private readonly favourites = inject(Favourites);
  private readonly kept = inject(KEPT_STRINGS);
  private readonly market = inject(Market);

  private readonly _sorting = signal(readSorting(this.kept.get('stocks.sorting')));
  private readonly _text = signal('');
  private readonly _onlyFavourites = signal(false);
  private readonly _held = signal(false);
  /** Goes up when prices may have changed the order. */
  private readonly moves = signal(0);

  readonly sorting = this._sorting.asReadonly();
  readonly text = this._text.asReadonly();
  readonly onlyFavourites = this._onlyFavourites.asReadonly();
  /** Whether rows stay where they are although prices would move them. */
  readonly held = computed(() => this._held() && isLive(this._sorting()));
  readonly rows = computed(
    () => {
      this.moves();
      const arrangement = {
        sorting: this._sorting(),
        text: this._text(),
        favourites: this.favourites.symbols(),
        onlyFavourites: this._onlyFavourites(),
      };
      const stocks = this.market.stocks();
      // Each price by itself would be a reason to sort again.
      return untracked(() => arrange(stocks, arrangement));
    },
    { equal: sameOrder },
  );

  constructor() {
    effect(() => {
      this.market.beat();
      const moves = !this._held() && !this.market.frozen() && isLive(this._sorting());
      if (moves) untracked(() => this.moves.update((count) => count + 1));
    });
  }

  sortBy(key: SortKey): void {
    this._sorting.update((before) => sortedBy(key, before));
    const { descending } = this._sorting();
    this.kept.set('stocks.sorting', `${key} ${descending ? 'down' : 'up'}`);
  }

  filter(text: string): void {
    this._text.set(text);
  }

  showOnlyFavourites(only: boolean): void {
    this._onlyFavourites.set(only);
  }

  /** Keeps rows from moving, for as long as somebody is about to pick one. */
  hold(held: boolean): void {
    this._held.set(held);
  }
}

function sameOrder(a: readonly LiveStock[], b: readonly LiveStock[]): boolean {
  return a.length === b.length && a.every((stock, index) => stock === b[index]);
}

function readSorting(text: string | null): Sorting {
  const [name, direction] = (text ?? '').split(' ');
  const key = KEYS.find((known) => known === name);
  return key ? { key, descending: direction === 'down' } : { key: 'symbol', descending: false };
}
