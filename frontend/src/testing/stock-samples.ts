import { PriceUpdate, Stock, StockPrice } from '../app/realtime/stock-ticker-hub.contract';
import { NOON } from './samples';

/** When a tick was: four in a second, from noon. */
export function tickTime(sequence: number): string {
  return new Date(NOON + sequence * 250).toISOString();
}

export function aStock(symbol: string, changes: Partial<Stock> = {}): Stock {
  const { price = 100, dayOpen = 100, sequence = 1 } = changes;
  return {
    symbol,
    name: `${symbol} & Sons`,
    sector: 'Tools',
    price,
    dayOpen,
    dayHigh: Math.max(price, dayOpen),
    dayLow: Math.min(price, dayOpen),
    change: price - dayOpen,
    percentChange: Math.round(((price - dayOpen) / dayOpen) * 10_000) / 100,
    sequence,
    tickedAt: tickTime(sequence),
    ...changes,
  };
}

export function aPrice(symbol: string, price: number, sequence: number): StockPrice {
  return aStock(symbol, { price, sequence });
}

/** Item with this tick as its last. */
export function anUpdate(sequence: number, changes: Partial<PriceUpdate> = {}): PriceUpdate {
  return {
    sequence,
    tickedAt: tickTime(sequence),
    sentAt: tickTime(sequence),
    conflated: 0,
    isSnapshot: false,
    marketState: 'Open',
    prices: [],
    ...changes,
  };
}
