import { HttpClient } from '@angular/common/http';
import { Service, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';

import { MarketCommand, MarketState, Stock } from '../realtime/stock-ticker-hub.contract';
import { TREND_POINTS } from './live-stock';

export interface Leader {
  /** The replica that moves the market; empty when none has yet. */
  readonly replica: string;
  /** Rises with each change of the leader. */
  readonly term: number;
}

export interface BoardAnswer {
  readonly state: MarketState;
  readonly sequence: number;
  readonly tickedAt: string;
  readonly stocks: readonly Stock[];
  readonly leader: Leader;
}

/** What a stock did in five seconds. */
export interface Bar {
  /** When they began. */
  readonly time: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly sequence: number;
}

/** A command that took effect. */
export interface AuditLine {
  readonly command: MarketCommand;
  readonly by: string;
  readonly at: string;
  readonly replica: string;
  readonly sequence: number;
}

/** The market over HTTP. */
@Service()
export class StocksApi {
  private readonly http = inject(HttpClient);

  board(): Promise<BoardAnswer> {
    return firstValueFrom(this.http.get<BoardAnswer>('/api/stocks'));
  }

  /** The last hour of a stock, oldest first. */
  async history(symbol: string): Promise<readonly Bar[]> {
    const path = `/api/stocks/${encodeURIComponent(symbol)}/history`;
    const answer = await firstValueFrom(this.http.get<{ points: Bar[] }>(path, { params: { minutes: 60 } }));
    return answer.points;
  }

  /** The last prices of all stocks by symbol, five seconds apart, oldest first. */
  async trends(): Promise<Readonly<Record<string, readonly number[]>>> {
    const params = { points: TREND_POINTS };
    const answer = await firstValueFrom(
      this.http.get<{ symbols: Record<string, number[]> }>('/api/stocks/sparklines', { params }),
    );
    return answer.symbols;
  }

  /** The last commands, the latest first. For administrators. */
  audit(): Promise<readonly AuditLine[]> {
    return firstValueFrom(this.http.get<AuditLine[]>('/api/stocks/audit', { params: { limit: 50 } }));
  }
}
