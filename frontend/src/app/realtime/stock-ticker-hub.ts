import { Service } from '@angular/core';
import { Observable, Subject } from 'rxjs';

import { HubLink } from './hub-link';
import { MarketChange, PriceUpdate } from './stock-ticker-hub.contract';

/** The one door to `/stockTickerHub`. Calls fail with a `HubFault`. */
@Service()
export class StockTickerHub {
  readonly link = new HubLink('/stockTickerHub');

  private readonly _marketChanged = new Subject<MarketChange>();
  readonly marketChanged = this._marketChanged.asObservable();

  constructor() {
    this.link.on('MarketChanged', (change: MarketChange) => this._marketChanged.next(change));
    // The same news, for clients that know no more than the contract's first version.
    for (const method of ['MarketOpened', 'MarketClosed', 'MarketReset', 'UpdateStockPrices']) {
      this.link.on(method, () => undefined);
    }
  }

  /**
   * A snapshot, then what changed, over the connection that there is.
   *
   * @param updatesPerSecond 1 to 20, or 0 for every tick.
   */
  streamPrices(updatesPerSecond: number): Observable<PriceUpdate> {
    return this.link.stream('StreamPrices', updatesPerSecond);
  }

  /** The time of the replica's clock, in ISO 8601. */
  serverTime(): Promise<string> {
    return this.link.invoke('GetServerTime');
  }

  openMarket(): Promise<void> {
    return this.link.invoke('OpenMarket');
  }

  closeMarket(): Promise<void> {
    return this.link.invoke('CloseMarket');
  }

  /** Begins a new day; refused while the market is open. */
  reset(): Promise<void> {
    return this.link.invoke('Reset');
  }
}
