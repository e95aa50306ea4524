import { ApplicationRef, DestroyRef, Service, computed, effect, inject, signal, untracked } from '@angular/core';
import { Subscription } from 'rxjs';

import { problemOf } from '../accounts/problem';
import { PageWatch } from '../realtime/page-watch';
import { Replicas } from '../realtime/replicas';
import { StockTickerHub } from '../realtime/stock-ticker-hub';
import {
  MarketChange,
  MarketCommand,
  MarketState,
  PriceUpdate,
  StockPrice,
} from '../realtime/stock-ticker-hub.contract';
import { Continuity, Gap } from './continuity';
import { NEXT_FRAME } from './frames';
import { Latencies, LatencySummary } from './latencies';
import { LiveStock } from './live-stock';
import { PriceFeed } from './price-feed';
import { ServerClock } from './server-clock';
import { BoardAnswer, Leader, StocksApi } from './stocks-api';

/** How often what depends on the time is looked at, in milliseconds. */
export const BEAT = 500;

/** An open market that shows nothing new for this long is stale, in milliseconds. */
export const STALE_AFTER = 5_000;

/** Who leads is asked for this often while the page is seen, in milliseconds. */
const ASK_EVERY = 5_000;

/** Where the board stands: what is drawn, and what has come. */
export interface Standing {
  /** The last tick that is shown; null before the first. */
  readonly sequence: number | null;
  /** When that was, by the market's clock, in milliseconds since 1970. */
  readonly tickedAt: number;
  /** Updates that came since the page was opened. */
  readonly received: number;
  /** Ticks that were folded into them. */
  readonly folded: number;
  /** Updates that are kept back while the board is frozen. */
  readonly held: number;
}

/** Ticks that were missing in what came, and what was done. */
export interface Hole extends Gap {
  readonly at: number;
}

/**
 * The market as it moves, while somebody looks at it: it keeps the hub connected from its making to its end.
 *
 * Prices come in faster than anybody reads. What comes between two frames is merged, and drawn once; while nobody sees the page, nothing is.
 */
@Service({ autoProvided: false })
export class Market {
  private readonly api = inject(StocksApi);
  private readonly app = inject(ApplicationRef);
  private readonly clock = inject(ServerClock);
  private readonly feed = inject(PriceFeed);
  private readonly hub = inject(StockTickerHub);
  private readonly nextFrame = inject(NEXT_FRAME);
  private readonly page = inject(PageWatch);
  private readonly replicas = inject(Replicas);

  private readonly _phase = signal<'loading' | 'ready' | 'failed'>('loading');
  private readonly _problem = signal('');
  private readonly _stocks = signal<readonly LiveStock[]>([]);
  private readonly _state = signal<MarketState | null>(null);
  private readonly _change = signal<MarketChange | null>(null);
  private readonly _leader = signal<Leader | null>(null);
  private readonly _frozen = signal(false);
  private readonly _hole = signal<Hole | null>(null);
  private readonly _beat = signal({ count: 0, now: Date.now() });
  private readonly _latency = signal<LatencySummary | null>(null);
  private readonly _standing = signal<Standing>({ sequence: null, tickedAt: 0, received: 0, folded: 0, held: 0 });

  private readonly bySymbol = new Map<string, LiveStock>();
  private readonly continuity = new Continuity();
  private readonly latencies = new Latencies();
  /** The latest prices that are not drawn yet: one for each stock at most, however long nothing is drawn. */
  private readonly waiting = new Map<string, StockPrice>();
  private newest: PriceUpdate | null = null;
  private received = 0;
  private folded = 0;
  private held = 0;
  private isDrawing = false;
  private isOver = false;
  private asking = false;
  private askedAt = -Infinity;

  readonly link = this.hub.link;
  readonly phase = this._phase.asReadonly();
  /** Why loading failed, in words. */
  readonly problem = this._problem.asReadonly();
  /** In the order of the market's list. */
  readonly stocks = this._stocks.asReadonly();
  /** Null until it is known. */
  readonly state = this._state.asReadonly();
  /** The last thing an administrator did, of those that happened while this page was open. */
  readonly change = this._change.asReadonly();
  readonly leader = this._leader.asReadonly();
  readonly frozen = this._frozen.asReadonly();
  /** The last hole in what came. */
  readonly hole = this._hole.asReadonly();
  readonly standing = this._standing.asReadonly();
  /** Two times a second: for what is not worth more. */
  readonly beat = this._beat.asReadonly();
  /** From the tick to the screen, over the last minute. */
  readonly latency = this._latency.asReadonly();
  /** How long ago the tick was that is shown, in milliseconds, by the market's clock; null before the first. */
  readonly age = computed(() => {
    const { now } = this._beat();
    const { sequence, tickedAt } = this._standing();
    return sequence === null ? null : Math.max(0, now - tickedAt);
  });
  /** Whether the prices should have moved on by now. */
  readonly stale = computed(() => !this._frozen() && this._state() === 'Open' && (this.age() ?? 0) > STALE_AFTER);

  constructor() {
    const news = new Subscription();
    news.add(this.feed.updates.subscribe((update) => this.receive(update)));
    news.add(this.hub.marketChanged.subscribe((change) => this.hear(change)));
    const timer = setInterval(() => this.pulse(), BEAT);
    this.link.start();
    void this.ask();

    // Whoever picks a replica by hand wants the prices from there as well.
    effect(() => {
      const name = this.replicas.preferred();
      const url = untracked(this.replicas.known).find((replica) => replica.name === name)?.url;
      if (url) untracked(() => this.link.moveTo(url));
    });
    // What happened meanwhile on this page's trends came to nobody.
    effect(() => {
      if (this.link.connections() > 0) untracked(() => void this.loadTrends());
    });

    inject(DestroyRef).onDestroy(() => {
      this.isOver = true;
      news.unsubscribe();
      clearInterval(timer);
      this.link.stop();
    });
  }

  stock(symbol: string): LiveStock | null {
    return this._stocks().find((stock) => stock.symbol === symbol) ?? null;
  }

  /** Loads again what failed to load. */
  retry(): void {
    this._phase.set('loading');
    void this.ask();
  }

  /** Holds the prices on the page still. What comes is kept, the latest of each stock, and counted. */
  freeze(): void {
    this._frozen.set(true);
  }

  resume(): void {
    this._frozen.set(false);
    this.requestFrame();
  }

  /** Tells the market something. For administrators; fails with a `HubFault` otherwise. */
  async tell(command: MarketCommand): Promise<void> {
    if (command === 'Open') await this.hub.openMarket();
    else if (command === 'Close') await this.hub.closeMarket();
    else await this.hub.reset();
  }

  private receive(update: PriceUpdate): void {
    const verdict = this.continuity.follow(update);
    if (typeof verdict === 'object') {
      this._hole.set({ ...verdict, at: Date.now() });
      this.feed.restart();
      return;
    }
    this.received++;
    this.folded += update.conflated;
    if (verdict === 'new') {
      if (update.isSnapshot) this.waiting.clear();
      for (const price of update.prices) this.waiting.set(price.symbol, price);
      this.newest = update;
      this.held++;
      // Of a change that was told already, an item made just before knows nothing.
      const known = this._change()?.sequence ?? -1;
      if (update.sequence > known || update.isSnapshot) this._state.set(update.marketState);
    }
    this.requestFrame();
  }

  private hear(change: MarketChange): void {
    this._change.set(change);
    this._state.set(change.state);
  }

  private requestFrame(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    this.nextFrame(() => {
      this.isDrawing = false;
      if (!this.isOver) this.draw();
    });
  }

  private draw(): void {
    const { newest } = this;
    const shows = !this._frozen() && newest !== null && (this.held > 0 || this.waiting.size > 0);
    const isNew = this.held > 0;
    if (shows) {
      for (const [symbol, price] of this.waiting) {
        const stock = this.bySymbol.get(symbol);
        // Of a company that was listed just now the name has to be loaded first.
        if (!stock) continue;
        stock.show(price);
        this.waiting.delete(symbol);
      }
      this.held = 0;
    }
    this._standing.update(({ sequence, tickedAt }) => ({
      sequence: shows ? newest.sequence : sequence,
      tickedAt: shows ? Date.parse(newest.tickedAt) : tickedAt,
      received: this.received,
      folded: this.folded,
      held: this.held,
    }));
    // In this very frame: left to the scheduler, it would be painted with the next one.
    this.app.tick();
    if (shows && isNew && !newest.isSnapshot)
      this.latencies.add(Date.now(), this.clock.now() - Date.parse(newest.tickedAt));
  }

  private pulse(): void {
    const count = this._beat().count + 1;
    const now = this.clock.now();
    this._beat.set({ count, now });
    if (!this.page.visible()) return;
    if (count % 2 === 0) {
      this._latency.set(this.latencies.summary(Date.now()));
      if (!this._frozen() && this._state() === 'Open') for (const stock of this._stocks()) stock.extendTrend(now);
    }
    if (Date.now() - this.askedAt >= ASK_EVERY) void this.ask();
  }

  /** Who leads and who is listed, which the stream does not tell. */
  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.askedAt = Date.now();
    try {
      this.take(await this.api.board());
    } catch (error) {
      if (this._phase() !== 'ready') {
        this._phase.set('failed');
        this._problem.set(problemOf(error).sentence);
      }
    } finally {
      this.asking = false;
    }
  }

  private take({ state, sequence, tickedAt, stocks, leader }: BoardAnswer): void {
    const added = stocks.filter(({ symbol }) => !this.bySymbol.has(symbol));
    for (const stock of added) {
      this.bySymbol.set(stock.symbol, new LiveStock(stock));
      if ((this.waiting.get(stock.symbol)?.sequence ?? 0) < stock.sequence) this.waiting.delete(stock.symbol);
    }
    if (added.length > 0) this._stocks.set(stocks.map(({ symbol }) => this.bySymbol.get(symbol)!));
    if (leader.term >= (this._leader()?.term ?? 0)) this._leader.set(leader);
    if (sequence >= (this._change()?.sequence ?? 0)) this._state.set(state);
    if (this._phase() !== 'ready') {
      this._phase.set('ready');
      this._standing.update((standing) =>
        standing.sequence === null ? { ...standing, sequence, tickedAt: Date.parse(tickedAt) } : standing,
      );
      void this.loadTrends();
    }
    if (added.length > 0) this.requestFrame();
  }

  private async loadTrends(): Promise<void> {
    if (this._phase() !== 'ready') return;
    try {
      const trends = await this.api.trends();
      const now = this.clock.now();
      for (const [symbol, prices] of Object.entries(trends)) this.bySymbol.get(symbol)?.remember(prices, now);
    } catch {
      // They grow from here on.
    }
  }
}
