import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { ActivatedRoute, NavigationEnd, Router } from '@angular/router';
import { filter } from 'rxjs';

import { Board } from './board';
import { SortKey } from './board-order';
import { Market } from './market';
import { windowOf } from './row-window';
import { StockRow } from './stock-row';

/** The height of a row, in rem: all are the same, so that nobody has to measure them. */
const ROW = 3.25;

/** What is taken for the height of the page where there is no layout. */
const SOME_HEIGHT = 800;

interface Column {
  readonly key: SortKey;
  readonly label: string;
}

const COLUMNS: readonly Column[] = [
  { key: 'symbol', label: 'Stock' },
  { key: 'price', label: 'Price' },
  { key: 'change', label: 'Change' },
  { key: 'percent', label: '%' },
  { key: 'range', label: 'Day range' },
  { key: 'trend', label: 'Trend' },
];

/**
 * The stocks as a table. Only the rows that can be seen are there, each at its place; the rest is told to screen readers by numbers. Arrow
 * keys go from row to row, and one row at a time can be reached with Tab.
 */
@Component({
  selector: 'app-stock-table',
  imports: [MatIcon, StockRow],
  templateUrl: './stock-table.html',
  styleUrl: './stock-table.scss',
  host: { '(keydown)': 'pressed($event)' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StockTable {
  private readonly board = inject(Board);
  private readonly market = inject(Market);
  private readonly route = inject(ActivatedRoute);

  /** The element in which the table is scrolled. */
  readonly scroller = input.required<HTMLElement>();

  private readonly body = viewChild.required<ElementRef<HTMLElement>>('body');
  private readonly seen = signal({ top: 0, height: SOME_HEIGHT, row: ROW * 16 });
  /** The row that Tab leads to, if it is there. */
  private readonly active = signal<string | null>(null);
  private readonly focused = signal(false);

  protected readonly columns = COLUMNS;
  protected readonly sorting = this.board.sorting;
  protected readonly rows = this.board.rows;
  protected readonly height = computed(() => this.rows().length * ROW);
  protected readonly drawn = computed(() => {
    const rows = this.rows();
    const { top, height, row } = this.seen();
    const { first, end } = windowOf(rows.length, row, top, height);
    const drawn = rows
      .slice(first, end)
      .map((stock, offset) => ({ stock, index: first + offset, top: (first + offset) * ROW }));
    // A row with the focus stays: without it, the focus would be nowhere.
    const kept = this.focused() ? rows.findIndex(({ symbol }) => symbol === this.active()) : -1;
    if (kept < 0 || (kept >= first && kept < end)) return drawn;
    const row_ = { stock: rows[kept]!, index: kept, top: kept * ROW };
    return kept < first ? [row_, ...drawn] : [...drawn, row_];
  });
  /** The one that Tab leads to: where the focus was, else the first one drawn. */
  protected readonly stop = computed(() => {
    const drawn = this.drawn();
    const active = this.active();
    return drawn.some(({ stock }) => stock.symbol === active) ? active : (drawn[0]?.stock.symbol ?? null);
  });

  constructor() {
    const canHover = matchMedia('(hover: hover)').matches;
    effect(() => {
      this.market.beat();
      untracked(() => {
        const body = this.body().nativeElement;
        const pointed = (canHover && body.matches(':hover')) || body.querySelector(':focus-visible') !== null;
        this.board.hold(pointed);
      });
    });

    const leaving = new AbortController();
    const watch = new ResizeObserver(() => this.measure());
    afterNextRender(() => {
      const scroller = this.scroller();
      scroller.addEventListener('scroll', () => this.measure(), { passive: true, signal: leaving.signal });
      watch.observe(scroller);
      // What stands above may grow and push the table down.
      if (scroller.firstElementChild) watch.observe(scroller.firstElementChild);
      this.measure();
    });
    // Whoever closes the details goes on where they were opened.
    const closing = inject(Router)
      .events.pipe(filter((event) => event instanceof NavigationEnd))
      .subscribe(() => {
        if (!this.route.firstChild && this.active()) setTimeout(() => this.focusLink(this.active()!));
      });
    inject(DestroyRef).onDestroy(() => {
      leaving.abort();
      watch.disconnect();
      closing.unsubscribe();
      this.board.hold(false);
    });
  }

  protected sortBy(key: SortKey): void {
    this.board.sortBy(key);
  }

  protected ariaSort(key: SortKey): 'ascending' | 'descending' | null {
    const sorting = this.sorting();
    if (sorting.key !== key) return null;
    return sorting.descending ? 'descending' : 'ascending';
  }

  protected entered(event: FocusEvent): void {
    const symbol = (event.target as Element).closest<HTMLElement>('[data-symbol]')?.dataset['symbol'];
    if (symbol) this.active.set(symbol);
    this.focused.set(true);
  }

  protected left(): void {
    this.focused.set(false);
  }

  protected pressed(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.focused()) return;
    const rows = this.rows();
    const here = rows.findIndex(({ symbol }) => symbol === this.active());
    const { height, row } = this.seen();
    const page = Math.max(1, Math.floor(height / row) - 2);
    const target = {
      ArrowDown: here + 1,
      ArrowUp: here - 1,
      PageDown: here + page,
      PageUp: here - page,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (target === undefined || here < 0) return;
    event.preventDefault();
    this.active.set(rows[Math.max(0, Math.min(rows.length - 1, target))]!.symbol);
    setTimeout(() => this.focusLink(this.active()!));
  }

  private focusLink(symbol: string): void {
    this.body()
      .nativeElement.querySelector<HTMLElement>(`[data-symbol="${CSS.escape(symbol)}"] a`)
      ?.focus();
  }

  private measure(): void {
    const scroller = this.scroller();
    if (scroller.clientHeight === 0) return;
    const top = scroller.getBoundingClientRect().top - this.body().nativeElement.getBoundingClientRect().top;
    const row = ROW * parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.seen.set({ top, height: scroller.clientHeight, row });
  }
}
