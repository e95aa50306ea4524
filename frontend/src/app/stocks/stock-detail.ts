import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router, RouterLink } from '@angular/router';

import { problemOf } from '../accounts/problem';
import { PageTitle } from '../shell/page-title';
import { Favourites } from './favourites';
import { placeInDay } from './live-stock';
import { Market } from './market';
import { changeText, percentText, priceText } from './numbers';
import { PriceChart } from './price-chart';
import { PricePoint, pointsOf, withPrice } from './price-history';
import { StocksApi } from './stocks-api';

/** One stock with its last hour. */
@Component({
  selector: 'app-stock-detail',
  imports: [MatButton, MatIcon, MatIconButton, PriceChart, RouterLink],
  templateUrl: './stock-detail.html',
  styleUrl: './stock-detail.scss',
  host: { '(keydown.escape)': 'close()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StockDetail {
  private readonly api = inject(StocksApi);
  private readonly favourites = inject(Favourites);
  private readonly market = inject(Market);
  private readonly router = inject(Router);

  /** From the route. */
  readonly symbol = input.required<string>();

  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');
  private readonly past = signal<readonly PricePoint[]>([]);
  private loads = 0;
  private shownFor: string | null = null;

  protected readonly phase = signal<'loading' | 'ready' | 'failed'>('loading');
  protected readonly problem = signal('');
  protected readonly loaded = computed(() => this.market.phase() === 'ready');
  protected readonly stock = computed(
    () => this.market.stocks().find(({ symbol }) => symbol === this.symbol()) ?? null,
  );
  protected readonly live = computed(() => this.stock()?.price() ?? null);
  protected readonly place = computed(() => placeInDay(this.live()!));
  protected readonly isFavourite = computed(() => this.favourites.symbols().has(this.symbol()));
  protected readonly points = this.past.asReadonly();

  protected readonly price = priceText;
  protected readonly change = changeText;
  protected readonly percent = percentText;

  constructor() {
    const title = inject(PageTitle);
    effect(() => title.show(this.symbol()));

    // Again after each connection: what happened while there was none is in the history.
    effect(() => {
      const symbol = this.symbol();
      this.market.link.connections();
      untracked(() => void this.load(symbol));
    });
    // A chart is drawn anew as a whole, so it follows twice a second and not tick by tick.
    effect(() => {
      this.market.beat();
      if (this.phase() !== 'ready') return;
      const price = untracked(this.live);
      if (price) this.past.update((points) => withPrice(points, price));
    });
    // Once for each stock. The shell puts the focus on the page after a navigation; this comes later.
    let focused: string | null = null;
    effect(() => {
      const [symbol, heading] = [this.symbol(), this.heading()];
      if (!heading || symbol === focused) return;
      focused = symbol;
      setTimeout(() => heading.nativeElement.focus());
    });
  }

  protected retry(): void {
    void this.load(this.symbol());
  }

  protected toggleFavourite(): void {
    this.favourites.toggle(this.symbol());
  }

  protected close(): void {
    void this.router.navigate(['/stocks']);
  }

  private async load(symbol: string): Promise<void> {
    const load = ++this.loads;
    if (this.phase() !== 'ready' || this.shownFor !== symbol) {
      this.phase.set('loading');
      this.past.set([]);
    }
    try {
      const points = pointsOf(await this.api.history(symbol));
      if (load !== this.loads) return;
      this.shownFor = symbol;
      this.past.set(points);
      this.phase.set('ready');
    } catch (error) {
      // What is shown already is better than a message.
      if (load !== this.loads || this.phase() === 'ready') return;
      this.problem.set(problemOf(error).sentence);
      this.phase.set('failed');
    }
  }
}
