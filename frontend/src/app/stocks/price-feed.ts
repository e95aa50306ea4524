import { DestroyRef, Service, effect, inject, signal, untracked } from '@angular/core';
import { Subject } from 'rxjs';

import { KEPT_STRINGS } from '../realtime/storage';
import { StockTickerHub } from '../realtime/stock-ticker-hub';
import { PriceUpdate } from '../realtime/stock-ticker-hub.contract';

/** Updates a second that can be chosen; 0 stands for every tick. */
export const PACES: readonly number[] = [0, 10, 5, 2, 1];

/** A stream that ended while the connection stands is asked for again after this long, in milliseconds. */
const AGAIN_AFTER = 1_000;

/** The stream of prices, kept going: a new one for each connection, each pace, and whenever one ends. Each begins with a snapshot. */
@Service({ autoProvided: false })
export class PriceFeed {
  private readonly hub = inject(StockTickerHub);
  private readonly kept = inject(KEPT_STRINGS);

  private readonly _updates = new Subject<PriceUpdate>();
  private readonly _pace = signal(readPace(this.kept.get('stocks.pace')));
  private readonly streams = signal(0);
  private begunAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly updates = this._updates.asObservable();
  readonly pace = this._pace.asReadonly();

  constructor() {
    effect((onCleanup) => {
      this.streams();
      this.hub.link.connections();
      const pace = this._pace();
      if (!this.hub.link.connected()) return;
      const stream = untracked(() => this.open(pace));
      onCleanup(() => stream.unsubscribe());
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(this.timer));
  }

  choosePace(pace: number): void {
    this._pace.set(pace);
    this.kept.set('stocks.pace', pace === 0 ? null : String(pace));
  }

  /** Asks for a new stream, and with it for a snapshot; at most once a second, whatever goes wrong. */
  restart(): void {
    clearTimeout(this.timer);
    const wait = Math.max(0, this.begunAt + AGAIN_AFTER - Date.now());
    this.timer = setTimeout(() => this.streams.update((count) => count + 1), wait);
  }

  private open(pace: number) {
    this.begunAt = Date.now();
    return this.hub.streamPrices(pace).subscribe({
      next: (update) => this._updates.next(update),
      error: () => this.restart(),
      complete: () => this.restart(),
    });
  }
}

function readPace(text: string | null): number {
  const pace = Number(text);
  return PACES.includes(pace) ? pace : 0;
}
