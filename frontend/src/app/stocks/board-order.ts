import { StockPrice } from '../realtime/stock-ticker-hub.contract';
import { LiveStock, placeInDay, riseOf } from './live-stock';

export type SortKey = 'symbol' | 'price' | 'change' | 'percent' | 'range' | 'trend';

export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

export interface Arrangement {
  readonly sorting: Sorting;
  /** Part of a symbol, a name or a sector, in any case. */
  readonly text: string;
  readonly favourites: ReadonlySet<string>;
  /** Leave out what is no favourite. */
  readonly onlyFavourites: boolean;
}

const OF_PRICE: Partial<Record<SortKey, (price: StockPrice) => number>> = {
  price: ({ price }) => price,
  change: ({ change }) => change,
  percent: ({ percentChange }) => percentChange,
  range: placeInDay,
};

/** What is asked for of the stocks, in order: favourites first, equals by symbol. */
export function arrange(stocks: readonly LiveStock[], arrangement: Arrangement): readonly LiveStock[] {
  const { sorting, favourites, onlyFavourites } = arrangement;
  const wanted = arrangement.text.trim().toLowerCase();
  const value = valueOf(sorting.key);
  const sign = sorting.descending ? -1 : 1;
  return stocks
    .filter((stock) => (!onlyFavourites || favourites.has(stock.symbol)) && contains(stock, wanted))
    .map((stock) => ({ stock, rank: favourites.has(stock.symbol) ? 0 : 1, value: value(stock) }))
    .sort(
      (a, b) =>
        a.rank - b.rank || sign * (a.value - b.value) || symbolSign(sorting) * compare(a.stock.symbol, b.stock.symbol),
    )
    .map(({ stock }) => stock);
}

/** Whether an order made with this key changes as prices do. */
export function isLive({ key }: Sorting): boolean {
  return key !== 'symbol';
}

/** Another column begins with what is most of interest: the largest number, but A to Z. The same column turns around. */
export function sortedBy(key: SortKey, before: Sorting): Sorting {
  return key === before.key ? { key, descending: !before.descending } : { key, descending: key !== 'symbol' };
}

function valueOf(key: SortKey): (stock: LiveStock) => number {
  if (key === 'symbol') return () => 0;
  if (key === 'trend') return (stock) => riseOf(stock.trend());
  const ofPrice = OF_PRICE[key]!;
  return (stock) => ofPrice(stock.price());
}

function symbolSign({ key, descending }: Sorting): number {
  return key === 'symbol' && descending ? -1 : 1;
}

/** By code units: symbols are plain letters, and a locale's rules would cost more than the rest of the sorting. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function contains({ symbol, name, sector }: LiveStock, wanted: string): boolean {
  return wanted === '' || `${symbol}\n${name}\n${sector}`.toLowerCase().includes(wanted);
}
