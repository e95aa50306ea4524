import { TestBed } from '@angular/core/testing';

import { PageWatch, TICK } from './page-watch';

describe('PageWatch', () => {
  let woke: number;

  beforeEach(() => {
    vi.useFakeTimers();
    woke = 0;
    TestBed.inject(PageWatch).woke.subscribe(() => woke++);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    vi.useRealTimers();
  });

  it('notices that the machine slept by the clock having jumped', () => {
    vi.advanceTimersByTime(10 * TICK);
    expect(woke).toBe(0);
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(TICK);
    expect(woke).toBe(1);
  });

  it('tells when a network is there again', () => {
    window.dispatchEvent(new Event('offline'));
    expect(TestBed.inject(PageWatch).online()).toBe(false);
    expect(woke).toBe(0);
    window.dispatchEvent(new Event('online'));
    expect(TestBed.inject(PageWatch).online()).toBe(true);
    expect(woke).toBe(1);
  });

  it('tells when the page is looked at again', () => {
    const state = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(TestBed.inject(PageWatch).visible()).toBe(false);
    state.mockReturnValue('visible');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(TestBed.inject(PageWatch).visible()).toBe(true);
    expect(woke).toBe(1);
    state.mockRestore();
  });
});
