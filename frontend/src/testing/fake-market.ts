import {
  HttpErrorResponse,
  HttpRequest,
  HttpResponse,
  provideHttpClient,
  withInterceptors,
} from '@angular/common/http';
import { EnvironmentProviders, Provider } from '@angular/core';
import { of, throwError } from 'rxjs';

import { User } from '../app/accounts/user';
import { MarketState, PriceUpdate, Stock } from '../app/realtime/stock-ticker-hub.contract';
import { provideIcons } from '../app/shell/icons';
import { NEXT_FRAME } from '../app/stocks/frames';
import { AuditLine, Bar } from '../app/stocks/stocks-api';
import { provideStockIcons } from '../app/stocks/stock-icons';
import { FakeHub } from './fake-hub';
import { ANA, signedInAs } from './samples';
import { anUpdate } from './stock-samples';

/** The market as a server would show it: over HTTP and by the hub, whose stream a test fills by hand. Frames come when a test says so. */
export class FakeMarket {
  readonly hub = new FakeHub();
  state: MarketState = 'Open';
  sequence = 1;
  leader = { replica: 'replica-5002', term: 3 };
  bars: Bar[] = [];
  trends: Record<string, number[]> = {};
  auditLines: AuditLine[] = [];
  /** Every HTTP call fails with this status; 0 stands for no answer. */
  failing: number | null = null;
  readonly asked: string[] = [];
  private frames: (() => void)[] = [];

  constructor(readonly stocks: Stock[]) {
    this.hub.answer('GetServerTime', () => new Date().toISOString());
  }

  provide(user: User = ANA): (Provider | EnvironmentProviders)[] {
    return [
      provideHttpClient(withInterceptors([(request) => this.answer(request)])),
      provideIcons(),
      provideStockIcons(),
      this.hub.provide(),
      signedInAs(user),
      { provide: NEXT_FRAME, useValue: (draw: () => void) => this.frames.push(draw) },
    ];
  }

  get streams() {
    return this.hub.streams.filter(({ method }) => method === 'StreamPrices');
  }

  send(update: PriceUpdate): void {
    this.hub.sendItem('StreamPrices', update);
  }

  /** All stocks as they are, as a stream begins. */
  sendSnapshot(sequence = this.sequence): void {
    const prices = this.stocks.map(({ name: _, sector: __, ...price }) => price);
    this.send(anUpdate(sequence, { isSnapshot: true, prices, marketState: this.state }));
  }

  /** The browser draws what there is to draw. */
  frame(): void {
    for (const draw of this.frames.splice(0)) draw();
  }

  private answer(request: HttpRequest<unknown>) {
    this.asked.push(request.url);
    if (this.failing !== null) return throwError(() => new HttpErrorResponse({ status: this.failing! }));
    const body = this.bodyFor(request);
    return body === null
      ? throwError(() => new HttpErrorResponse({ status: 404, error: { detail: 'There is no such stock.' } }))
      : of(new HttpResponse({ status: 200, body }));
  }

  private bodyFor({ url }: HttpRequest<unknown>): unknown {
    const { state, sequence, stocks, leader } = this;
    if (url === '/api/replicas') return [];
    if (url === '/api/stocks') return { state, sequence, tickedAt: stocks[0]!.tickedAt, stocks, leader };
    if (url === '/api/stocks/sparklines') return { symbols: this.trends };
    if (url === '/api/stocks/audit') return this.auditLines;
    const symbol = url.split('/')[3];
    return stocks.some((stock) => stock.symbol === symbol) ? { symbol, points: this.bars } : null;
  }
}
