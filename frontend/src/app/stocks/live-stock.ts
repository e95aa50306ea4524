import { signal } from '@angular/core';

import { Stock, StockPrice } from '../realtime/stock-ticker-hub.contract';

/** Points of a trend. */
export const TREND_POINTS = 40;

/** How long a point of a trend stands for, in milliseconds. */
export const TREND_STEP = 5_000;

/** A stock on the board: what it is called, which stays, and what it costs, which does not. */
export class LiveStock {
  readonly symbol: string;
  readonly name: string;
  readonly sector: string;
  private readonly _price = signal<StockPrice>(undefined!);
  private readonly _direction = signal<-1 | 0 | 1>(0);
  private readonly _trend = signal<readonly number[]>([]);
  private step = 0;

  /** As shown. */
  readonly price = this._price.asReadonly();
  /** Which way it went last. */
  readonly direction = this._direction.asReadonly();
  /** The last minutes, oldest first; the last point is the price shown. */
  readonly trend = this._trend.asReadonly();

  constructor({ name, sector, ...price }: Stock) {
    this.symbol = price.symbol;
    this.name = name;
    this.sector = sector;
    this._price.set(price);
  }

  show(price: StockPrice): void {
    const before = this._price().price;
    if (price.price !== before) this._direction.set(price.price > before ? 1 : -1);
    this._price.set(price);
  }

  /** Prices of the past, five seconds apart. */
  remember(prices: readonly number[], now: number): void {
    this.step = Math.floor(now / TREND_STEP);
    this._trend.set([...prices, this._price().price].slice(-TREND_POINTS));
  }

  /** Takes the price shown into the trend. */
  extendTrend(now: number): void {
    const step = Math.floor(now / TREND_STEP);
    const trend = this._trend();
    const { price } = this._price();
    if (step === this.step && trend.at(-1) === price) return;
    this._trend.set([...(step === this.step ? trend.slice(0, -1) : trend), price].slice(-TREND_POINTS));
    this.step = step;
  }
}

/** Where the price is between the day's lowest and highest, 0 to 1; in the middle while they are the same. */
export function placeInDay({ price, dayLow, dayHigh }: StockPrice): number {
  return dayHigh > dayLow ? Math.min(1, Math.max(0, (price - dayLow) / (dayHigh - dayLow))) : 0.5;
}

/** How much a trend rose from its first to its last point, in percent. */
export function riseOf(trend: readonly number[]): number {
  const [first, last] = [trend[0], trend.at(-1)];
  return first && last ? ((last - first) / first) * 100 : 0;
}
