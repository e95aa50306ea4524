import { StockPrice } from '../realtime/stock-ticker-hub.contract';
import { Bar } from './stocks-api';

/** An hour of points five seconds apart. */
export const MOST_POINTS = 720;

const STEP = 5_000;
const HOUR = 3_600_000;

export interface PricePoint {
  /** When its five seconds began, in milliseconds since 1970. */
  readonly time: number;
  readonly price: number;
}

export function pointsOf(bars: readonly Bar[]): readonly PricePoint[] {
  return bars.slice(-MOST_POINTS).map(({ time, close }) => ({ time: Date.parse(time), price: close }));
}

/** The points with the price after them: in the five seconds of the last one in its place, later behind it. Not more than an hour. */
export function withPrice(points: readonly PricePoint[], { price, tickedAt }: StockPrice): readonly PricePoint[] {
  const at = Date.parse(tickedAt);
  const last = points.at(-1);
  const time = Math.floor(at / STEP) * STEP;
  if (last && (time < last.time || (time === last.time && price === last.price))) return points;
  const before = last?.time === time ? points.slice(0, -1) : points;
  return [...before, { time, price }].filter((point) => point.time > time - HOUR).slice(-MOST_POINTS);
}
