import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';

import { User } from '../accounts/user';
import { hubException } from '../../testing/fake-hub';
import { FakeMarket } from '../../testing/fake-market';
import { ANA, until } from '../../testing/samples';
import { aPrice, aStock, anUpdate } from '../../testing/stock-samples';
import { StocksPage } from './stocks-page';

const ADMIN: User = { id: 'u-admin', userName: 'admin', roles: ['admin'] };

describe('the stock board', () => {
  let server: FakeMarket;
  let harness: RouterTestingHarness;
  let page: HTMLElement;

  const open = async (user: User = ANA) => {
    TestBed.configureTestingModule({
      providers: [...server.provide(user), provideRouter([{ path: 'stocks', component: StocksPage }])],
    });
    harness = await RouterTestingHarness.create('/stocks');
    await until('a stream', () => {
      TestBed.tick();
      return server.streams.length === 1 && harness.routeNativeElement?.querySelector('app-stock-row');
    });
    page = harness.routeNativeElement!;
    server.sendSnapshot(10);
    await drawn();
  };
  const drawn = async () => {
    server.frame();
    await harness.fixture.whenStable();
  };
  const symbols = () => [...page.querySelectorAll('app-stock-row b')].map((symbol) => symbol.textContent);
  const row = (symbol: string) => page.querySelector<HTMLElement>(`[data-symbol=${symbol}]`)!;
  const cell = (symbol: string, name: string) => row(symbol).querySelector(`.${name}`)!.textContent!.trim();
  const header = (name: string) =>
    [...page.querySelectorAll<HTMLElement>('[role=columnheader]')].find((head) => head.textContent!.trim() === name)!;
  const button = (text: string) =>
    TestbedHarnessEnvironment.documentRootLoader(harness.fixture).getHarness(MatButtonHarness.with({ text }));
  const has = (text: string) => page.textContent!.includes(text);

  beforeEach(() => {
    server = new FakeMarket([
      aStock('ACRN', { price: 110, name: 'Acorn & Anvil' }),
      aStock('BRZE', { price: 95, name: 'Breezeway Sails' }),
      aStock('CLDR', { price: 100, name: 'Cauldron Foods' }),
    ]);
  });
  // A page that is left ends its connection and its timers.
  afterEach(() => TestBed.resetTestingModule());

  it('shows prices with their signs', async () => {
    await open();
    expect(symbols()).toEqual(['ACRN', 'BRZE', 'CLDR']);
    expect(cell('ACRN', 'change')).toBe('+10.00');
    expect(cell('BRZE', 'percent')).toBe('-5.00 %');
    expect(cell('CLDR', 'change')).toBe('0.00');
  });

  it('tells which way a price went by an arrow', async () => {
    await open();
    expect(cell('ACRN', 'arrow')).toBe('');
    server.send(anUpdate(11, { prices: [aPrice('ACRN', 111, 11), aPrice('BRZE', 94, 11)] }));
    await drawn();
    expect(cell('ACRN', 'number')).toBe('111.00');
    expect(cell('ACRN', 'arrow')).toBe('▲');
    expect(cell('BRZE', 'arrow')).toBe('▼');
    expect(page.querySelector('[data-testid=tick]')!.textContent).toContain('11');
  });

  it('sorts by a column, and the other way around', async () => {
    await open();
    header('Price').querySelector('button')!.click();
    await harness.fixture.whenStable();
    expect(symbols()).toEqual(['ACRN', 'CLDR', 'BRZE']);
    expect(header('Price').ariaSort ?? header('Price').getAttribute('aria-sort')).toBe('descending');
    header('Price').querySelector('button')!.click();
    await harness.fixture.whenStable();
    expect(symbols()).toEqual(['BRZE', 'CLDR', 'ACRN']);
    expect(header('Stock').getAttribute('aria-sort')).toBeNull();
  });

  it('sorts again when prices have moved, but not for each tick', async () => {
    await open();
    header('Price').querySelector('button')!.click();
    await harness.fixture.whenStable();
    server.send(anUpdate(11, { prices: [aPrice('BRZE', 300, 11)] }));
    await drawn();
    expect(symbols()).toEqual(['ACRN', 'CLDR', 'BRZE']);
    await until('the new order', () => symbols()[0] === 'BRZE');
  });

  it('finds by text and says how many', async () => {
    await open();
    const input = page.querySelector<HTMLInputElement>('input[type=search]')!;
    input.value = 'anvil';
    input.dispatchEvent(new Event('input'));
    await harness.fixture.whenStable();
    expect(symbols()).toEqual(['ACRN']);
    expect(has('1 of 3 stocks')).toBe(true);
    input.value = 'zzz';
    input.dispatchEvent(new Event('input'));
    await harness.fixture.whenStable();
    expect(has('No stock is like that.')).toBe(true);
  });

  it('puts favourites first, keeps them for the person, and shows them alone', async () => {
    await open();
    row('CLDR').querySelector<HTMLElement>('.star button')!.click();
    await harness.fixture.whenStable();
    expect(symbols()).toEqual(['CLDR', 'ACRN', 'BRZE']);
    expect(localStorage.getItem(`hubbub.stocks.favourites.${ANA.id}`)).toBe('["CLDR"]');
    await (await button('Favourites only')).click();
    expect(symbols()).toEqual(['CLDR']);
  });

  it('is frozen and resumed', async () => {
    await open();
    await (await button('Freeze')).click();
    server.send(anUpdate(11, { prices: [aPrice('ACRN', 111, 11)] }));
    server.send(anUpdate(12, { prices: [aPrice('ACRN', 112, 12)] }));
    await drawn();
    expect(has('Frozen, 2 updates held')).toBe(true);
    expect(cell('ACRN', 'number')).toBe('110.00');
    await (await button('Resume')).click();
    await drawn();
    expect(cell('ACRN', 'number')).toBe('112.00');
    expect(has('Frozen')).toBe(false);
  });

  it('tells of ticks that were missing', async () => {
    await open();
    server.send(anUpdate(14));
    await harness.fixture.whenStable();
    expect(has('3 ticks were missing after tick 10. All prices were loaded again.')).toBe(true);
  });

  it('offers the market’s commands to administrators only', async () => {
    await open();
    const labels = [...page.querySelectorAll('button')].map((button) => button.textContent!.trim());
    for (const label of ['Open market', 'Close market', 'Reset', 'Audit']) expect(labels).not.toContain(label);
  });

  it('closes the market, and says who did', async () => {
    await open(ADMIN);
    server.hub.answer('CloseMarket', () => {
      const at = new Date().toISOString();
      server.hub.push('MarketChanged', { state: 'Closed', command: 'Close', sequence: 10, by: 'admin', at });
    });
    await (await button('Close market')).click();
    expect(page.querySelector('[data-testid=market-state]')!.textContent).toContain('Closed');
    expect(has('admin closed the market at')).toBe(true);
  });

  it('asks before it resets, and shows why it was refused', async () => {
    server.state = 'Closed';
    await open(ADMIN);
    server.hub.answer('Reset', () => {
      throw hubException('Reset', 'market_open', 'Close the market first.');
    });
    await (await button('Reset')).click();
    await (await button('Keep the day')).click();
    await until('no dialog', () => document.querySelector('mat-dialog-container') === null);
    expect(server.hub.callsOf('Reset')).toEqual([]);

    await (await button('Reset')).click();
    await (await button('Reset the market')).click();
    await until('an answer', () => page.querySelector('[role=alert]'));
    expect(page.querySelector('[role=alert]')!.textContent).toContain('Close the market first.');
    await (await button('Dismiss')).click();
    expect(page.querySelector('[role=alert]')).toBeNull();
  });

  it('shows the audit to administrators', async () => {
    server.auditLines = [
      { command: 'Reset', by: 'admin', at: new Date().toISOString(), replica: 'replica-5001', sequence: 1234 },
    ];
    await open(ADMIN);
    await (await button('Audit')).click();
    const dialog = await TestbedHarnessEnvironment.documentRootLoader(harness.fixture).getHarness(MatDialogHarness);
    expect(await dialog.getText()).toContain('admin began a new day');
    expect(await dialog.getText()).toContain('through replica-5001 · after tick 1,234');
  });

  it('is walked with arrow keys, and Tab leads to one row', async () => {
    await open();
    const link = (symbol: string) => row(symbol).querySelector<HTMLElement>('a')!;
    expect(['ACRN', 'BRZE', 'CLDR'].map((symbol) => link(symbol).tabIndex)).toEqual([0, -1, -1]);
    link('ACRN').focus();
    link('ACRN').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    await until('the next row', () => document.activeElement === link('BRZE'));
    await harness.fixture.whenStable();
    expect(link('BRZE').tabIndex).toBe(0);
    link('BRZE').dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
    await until('the last row', () => document.activeElement === link('CLDR'));
  });

  it('stops the ticker, and remembers it', async () => {
    await open();
    const tape = page.querySelector('[data-testid=tape]')!;
    expect(tape.classList).toContain('runs');
    page.querySelector<HTMLElement>('[aria-label="Stop the ticker"]')!.click();
    await harness.fixture.whenStable();
    expect(tape.classList).not.toContain('runs');
    expect(localStorage.getItem('hubbub.stocks.tape')).toBe('paused');
  });
});
