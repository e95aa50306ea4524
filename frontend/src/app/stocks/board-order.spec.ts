import { aStock } from '../../testing/stock-samples';
import { Arrangement, Sorting, arrange, sortedBy } from './board-order';
import { LiveStock } from './live-stock';

const stocks = [
  aStock('BBB', { name: 'Birch Bakeries', sector: 'Food', price: 30, change: -1, percentChange: -3.2 }),
  aStock('AAA', { name: 'Amber Canals', sector: 'Transport', price: 10, change: 2, percentChange: 25 }),
  aStock('DDD', { name: 'Dusk Dairies', sector: 'Food', price: 20, change: 2, percentChange: 11 }),
  aStock('CCC', { name: 'Cobalt Clocks', sector: 'Leisure', price: 20, change: 0, percentChange: 0 }),
].map((stock) => new LiveStock(stock));

const arranged = (changes: Partial<Arrangement>) =>
  arrange(stocks, {
    sorting: { key: 'symbol', descending: false },
    text: '',
    favourites: new Set(),
    onlyFavourites: false,
    ...changes,
  })
    .map(({ symbol }) => symbol[0])
    .join('');

describe('arrange', () => {
  it.each<[Sorting, string]>([
    [{ key: 'symbol', descending: false }, 'ABCD'],
    [{ key: 'symbol', descending: true }, 'DCBA'],
    [{ key: 'price', descending: true }, 'BCDA'],
    [{ key: 'price', descending: false }, 'ACDB'],
    [{ key: 'change', descending: true }, 'ADCB'],
    [{ key: 'percent', descending: false }, 'BCDA'],
  ])('sorts, equals by symbol: %o', (sorting, order) => {
    expect(arranged({ sorting })).toBe(order);
  });

  it('sorts by the place in the day and by the trend', () => {
    const [low, high] = [
      new LiveStock(aStock('LOW', { price: 11, dayLow: 10, dayHigh: 20 })),
      new LiveStock(aStock('TOP', { price: 19, dayLow: 10, dayHigh: 20 })),
    ];
    low.remember([10], 0);
    high.remember([20], 0);
    const by = (key: 'range' | 'trend') =>
      arrange([low, high], {
        sorting: { key, descending: true },
        text: '',
        favourites: new Set(),
        onlyFavourites: false,
      }).map(({ symbol }) => symbol);
    expect(by('range')).toEqual(['TOP', 'LOW']);
    expect(by('trend')).toEqual(['LOW', 'TOP']);
  });

  it.each([
    ['food', 'BD'],
    [' CANAL ', 'A'],
    ['ccc', 'C'],
    ['nothing', ''],
  ])('finds “%s” in symbols, names and sectors', (text, found) => {
    expect(arranged({ text })).toBe(found);
  });

  it('puts favourites first, or shows nothing else', () => {
    const favourites = new Set(['DDD', 'CCC']);
    expect(arranged({ favourites })).toBe('CDAB');
    expect(arranged({ favourites, onlyFavourites: true })).toBe('CD');
  });
});

describe('sortedBy', () => {
  it('turns a column around, and begins another with the largest, or with A', () => {
    const bySymbol: Sorting = { key: 'symbol', descending: false };
    expect(sortedBy('symbol', bySymbol)).toEqual({ key: 'symbol', descending: true });
    expect(sortedBy('price', bySymbol)).toEqual({ key: 'price', descending: true });
    expect(sortedBy('symbol', { key: 'price', descending: true })).toEqual(bySymbol);
  });
});
