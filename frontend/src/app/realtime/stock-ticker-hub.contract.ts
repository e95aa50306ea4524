export type MarketState = 'Open' | 'Closed';

/** What a stock costs after a tick. */
export interface StockPrice {
  readonly symbol: string;
  readonly price: number;
  readonly dayOpen: number;
  readonly dayHigh: number;
  readonly dayLow: number;
  /** Since the day began. */
  readonly change: number;
  /** The same in percent of the day's first price. */
  readonly percentChange: number;
  /** The market's tick that brought the price. */
  readonly sequence: number;
  /** ISO 8601 in UTC; never falls while the sequence rises. */
  readonly tickedAt: string;
}

export interface Stock extends StockPrice {
  readonly name: string;
  readonly sector: string;
}

/** An item of the stream: the latest price of each stock that changed since the item before, or of all of them. */
export interface PriceUpdate {
  /** The last tick in it. */
  readonly sequence: number;
  readonly tickedAt: string;
  /** When the replica made the item, by its own clock. */
  readonly sentAt: string;
  /** How many ticks beyond one were folded into it. */
  readonly conflated: number;
  /** All stocks, not only those that changed. */
  readonly isSnapshot: boolean;
  readonly marketState: MarketState;
  readonly prices: readonly StockPrice[];
}

export type MarketCommand = 'Open' | 'Close' | 'Reset';

/** An administrator did something to the market. */
export interface MarketChange {
  /** The market's state afterwards. */
  readonly state: MarketState;
  readonly command: MarketCommand;
  /** The market's last tick when it took effect. */
  readonly sequence: number;
  /** The name of the administrator. */
  readonly by: string;
  readonly at: string;
}

/** What the server calls, by the names on the wire, as far as the app listens: prices come by the stream. */
export interface StockTickerClient {
  MarketChanged: MarketChange;
}
