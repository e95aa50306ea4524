import { Provider } from '@angular/core';

import { Board } from './board';
import { Favourites } from './favourites';
import { Market } from './market';
import { PriceFeed } from './price-feed';
import { ServerClock } from './server-clock';

/** The stock board's stores. They live as long as somebody looks at it: with them ends the connection. */
export function provideStocks(): Provider[] {
  return [Board, Favourites, Market, PriceFeed, ServerClock];
}
