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
import { MatIcon } from '@angular/material/icon';
import { RouterLink, RouterLinkActive } from '@angular/router';

import { Favourites } from './favourites';
import { LiveStock, placeInDay, riseOf } from './live-stock';
import { changeText, percentText, priceText } from './numbers';
import { Sparkline } from './sparkline';

/** How long a change is lit, in milliseconds. */
const FLASH = 700;

/** One stock of the table. Its host is the row. */
@Component({
  selector: 'app-stock-row',
  imports: [MatIcon, RouterLink, RouterLinkActive, Sparkline],
  templateUrl: './stock-row.html',
  styleUrl: './stock-row.scss',
  host: {
    '[class.open]': 'open()',
    '[class.up]': 'direction() > 0',
    '[class.down]': 'direction() < 0',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StockRow {
  private readonly favourites = inject(Favourites);

  readonly stock = input.required<LiveStock>();
  /** Whether Tab leads to it. */
  readonly stop = input(false);

  private readonly flash = viewChild.required<ElementRef<HTMLElement>>('flash');

  private lit: Animation | undefined;

  /** Whether its details are open. */
  protected readonly open = signal(false);
  protected readonly live = computed(() => this.stock().price());
  protected readonly direction = computed(() => this.stock().direction());
  protected readonly price = computed(() => priceText(this.live().price));
  protected readonly change = computed(() => changeText(this.live().change));
  protected readonly percent = computed(() => percentText(this.live().percentChange));
  protected readonly sign = computed(() => Math.sign(this.live().percentChange));
  protected readonly low = computed(() => priceText(this.live().dayLow));
  protected readonly high = computed(() => priceText(this.live().dayHigh));
  protected readonly place = computed(() => placeInDay(this.live()));
  protected readonly trend = computed(() => this.stock().trend());
  protected readonly rise = computed(() => riseOf(this.trend()));
  protected readonly isFavourite = computed(() => this.favourites.symbols().has(this.stock().symbol));
  protected readonly riseText = computed(() => percentText(this.rise()));

  constructor() {
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    let before: { stock: LiveStock; price: number } | null = null;
    effect(() => {
      const stock = this.stock();
      const { price } = stock.price();
      const changed = before?.stock === stock && before.price !== price;
      before = { stock, price };
      if (changed && !still.matches) untracked(() => this.light());
    });
  }

  protected toggleFavourite(): void {
    this.favourites.toggle(this.stock().symbol);
  }

  /**
   * The opacity of a layer of its own, which the browser animates without laying out or painting anything again. One animation is used again
   * and again: to ask the element for those that it has would make the browser compute all styles on the spot.
   */
  private light(): void {
    if (!this.lit) {
      const from = { duration: FLASH, easing: 'ease-out' };
      this.lit = this.flash().nativeElement.animate?.([{ opacity: 0.32 }, { opacity: 0 }], from);
      return;
    }
    this.lit.currentTime = 0;
    this.lit.play();
  }
}
