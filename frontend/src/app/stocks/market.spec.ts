import { TestBed } from '@angular/core/testing';

import { hubException } from '../../testing/fake-hub';
import { FakeMarket } from '../../testing/fake-market';
import { NOON, until } from '../../testing/samples';
import { aPrice, aStock, anUpdate, tickTime } from '../../testing/stock-samples';
import { Market } from './market';
import { PriceFeed } from './price-feed';
import { provideStocks } from './provide-stocks';

describe('Market', () => {
  let server: FakeMarket;
  let market: Market;

  const open = () => {
    TestBed.configureTestingModule({ providers: [...server.provide(), ...provideStocks()] });
    market = TestBed.inject(Market);
  };
  /** Connected, with the first snapshot drawn. */
  const streaming = async () => {
    open();
    await until('a stream', () => {
      TestBed.tick();
      return server.streams.length === 1 && market.phase() === 'ready';
    });
    server.sendSnapshot(10);
    server.frame();
  };
  const price = (symbol: string) => market.stock(symbol)!.price().price;

  beforeEach(() => {
    server = new FakeMarket([aStock('ACRN', { price: 10 }), aStock('BRZE', { price: 20 })]);
  });

  it('draws what came between two frames at once, the latest of each stock', async () => {
    await streaming();
    server.send(anUpdate(11, { prices: [aPrice('ACRN', 11, 11)] }));
    server.send(anUpdate(12, { prices: [aPrice('ACRN', 12, 12), aPrice('BRZE', 21, 12)] }));
    expect(price('ACRN')).toBe(10);
    server.frame();
    expect(price('ACRN')).toBe(12);
    expect(price('BRZE')).toBe(21);
    expect(market.standing()).toMatchObject({ sequence: 12, received: 3, held: 0 });
  });

  it('counts the ticks that were folded', async () => {
    await streaming();
    server.send(anUpdate(15, { conflated: 4, prices: [aPrice('ACRN', 11, 15)] }));
    server.frame();
    expect(market.standing().folded).toBe(4);
    expect(market.hole()).toBeNull();
  });

  it('tells of a hole, shows nothing that may be wrong, and asks for a new snapshot', async () => {
    await streaming();
    const before = server.streams[0];
    server.send(anUpdate(14, { prices: [aPrice('ACRN', 99, 14)] }));
    server.frame();
    expect(market.hole()).toMatchObject({ expected: 11, came: 14 });
    expect(price('ACRN')).toBe(10);
    await until('another stream', () => {
      TestBed.tick();
      return server.streams.length === 1 && server.streams[0] !== before;
    });
    server.stocks[0] = aStock('ACRN', { price: 13, sequence: 15 });
    server.sendSnapshot(15);
    server.frame();
    expect(price('ACRN')).toBe(13);
    expect(market.standing().sequence).toBe(15);
  });

  it('holds still while it is frozen, counts what is held, and shows the latest after', async () => {
    await streaming();
    market.freeze();
    for (let tick = 11; tick <= 52; tick++) server.send(anUpdate(tick, { prices: [aPrice('ACRN', tick, tick)] }));
    server.frame();
    expect(price('ACRN')).toBe(10);
    expect(market.standing()).toMatchObject({ sequence: 10, held: 42 });
    market.resume();
    server.frame();
    expect(price('ACRN')).toBe(52);
    expect(market.standing()).toMatchObject({ sequence: 52, held: 0 });
  });

  it('asks for another pace with another stream, and remembers it', async () => {
    await streaming();
    expect(server.streams[0]!.args).toEqual([0]);
    TestBed.inject(PriceFeed).choosePace(2);
    TestBed.tick();
    expect(server.streams.map(({ args }) => args)).toEqual([[2]]);
    expect(localStorage.getItem('hubbub.stocks.pace')).toBe('2');
  });

  it('goes on over another connection, and does not jump back for a replica that is behind', async () => {
    await streaming();
    server.send(anUpdate(11, { prices: [aPrice('ACRN', 11, 11)] }));
    server.frame();
    server.hub.drop();
    await until('another stream', () => {
      TestBed.tick();
      return market.link.connections() === 2 && server.streams.length === 1;
    });
    server.sendSnapshot(10);
    server.frame();
    expect(price('ACRN')).toBe(11);
    server.send(anUpdate(12, { conflated: 1, prices: [aPrice('ACRN', 12, 12)] }));
    server.frame();
    expect(price('ACRN')).toBe(12);
    expect(market.hole()).toBeNull();
  });

  it('asks again for a stream that ended by itself', async () => {
    await streaming();
    const before = server.streams[0]!;
    server.hub.streams = [];
    before.observer.complete();
    await until('another stream', () => {
      TestBed.tick();
      return server.streams.length === 1;
    });
  });

  it('follows commands, and is not misled by an item that was made before', async () => {
    await streaming();
    expect(market.state()).toBe('Open');
    const change = { state: 'Closed', command: 'Close', sequence: 12, by: 'admin', at: tickTime(12) };
    server.hub.push('MarketChanged', change);
    expect(market.state()).toBe('Closed');
    server.send(anUpdate(11));
    server.send(anUpdate(12));
    expect(market.state()).toBe('Closed');
    server.send(anUpdate(13, { marketState: 'Open' }));
    expect(market.state()).toBe('Open');
    expect(market.change()).toMatchObject({ by: 'admin', command: 'Close' });
  });

  it('is stale when an open market does not move, and not when a closed one does not', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: NOON + 2_500 });
    try {
      await streaming();
      vi.advanceTimersByTime(2_000);
      expect(market.stale()).toBe(false);
      expect(market.age()).toBe(2_000);
      vi.advanceTimersByTime(4_000);
      expect(market.stale()).toBe(true);
      server.hub.push('MarketChanged', { state: 'Closed', command: 'Close', sequence: 10, by: 'x', at: tickTime(10) });
      expect(market.stale()).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  it('measures from the tick to the drawing', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: NOON + 11 * 250 + 80 });
    try {
      await streaming();
      server.send(anUpdate(11));
      server.frame();
      vi.advanceTimersByTime(1_000);
      expect(market.latency()).toEqual({ p50: 80, p95: 80 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('knows who leads, and companies that are listed later', async () => {
    await streaming();
    expect(market.leader()).toEqual({ replica: 'replica-5002', term: 3 });
    server.stocks.push(aStock('NEWC', { price: 5 }));
    server.send(anUpdate(11, { prices: [aPrice('NEWC', 6, 11)] }));
    server.frame();
    expect(market.stock('NEWC')).toBeNull();
    market.retry();
    await until('the company', () => market.stock('NEWC') !== null);
    server.frame();
    expect(price('NEWC')).toBe(6);
  });

  it('says when it cannot be loaded, and loads again', async () => {
    server.failing = 503;
    open();
    await until('a failure', () => market.phase() === 'failed');
    expect(market.problem()).toContain('not ready');
    server.failing = null;
    market.retry();
    await until('the market', () => market.phase() === 'ready');
    expect(market.stocks()).toHaveLength(2);
  });

  it('passes on what the server refuses', async () => {
    server.hub.answer('Reset', () => {
      throw hubException('Reset', 'market_open', 'Close the market first.');
    });
    await streaming();
    await expect(market.tell('Reset')).rejects.toMatchObject({
      code: 'market_open',
      message: 'Close the market first.',
    });
    await market.tell('Open');
    await market.tell('Close');
    expect(server.hub.calls.map(({ method }) => method).filter((method) => method !== 'GetServerTime')).toEqual([
      'Reset',
      'OpenMarket',
      'CloseMarket',
    ]);
  });

  it('ends with the page: no stream, no connection, nothing drawn', async () => {
    await streaming();
    server.send(anUpdate(11, { prices: [aPrice('ACRN', 11, 11)] }));
    TestBed.resetTestingModule();
    expect(server.streams).toEqual([]);
    expect(server.hub.connected).toEqual([]);
    server.frame();
  });
});
