import { afterAwake } from './after-awake';

describe('afterAwake', () => {
  let clock = 0;
  let visible = true;
  let cancelled: AbortController;
  let called: number;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    visible = true;
    called = 0;
    cancelled = new AbortController();
    afterAwake(
      1_200,
      () => visible,
      cancelled.signal,
      () => called++,
    );
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  /** The page runs for so long, and `late` milliseconds more pass on the clock before its timers are looked at. */
  function pass(milliseconds: number, late = 0): void {
    clock += milliseconds + late;
    vi.advanceTimersByTime(milliseconds);
  }

  it('calls once, when the time is over', () => {
    pass(500);
    pass(500);
    pass(199);
    expect(called).toBe(0);
    pass(1);
    expect(called).toBe(1);
    pass(5_000);
    expect(called).toBe(1);
  });

  it('does not count the time in which the page stood still', () => {
    pass(500, 10_000);
    expect(called).toBe(0);
    pass(500);
    pass(200);
    expect(called).toBe(1);
  });

  it('counts it while the page is hidden, where timers wait', () => {
    visible = false;
    pass(500, 700);
    expect(called).toBe(1);
  });

  it('calls nothing after it was cancelled', () => {
    pass(500);
    cancelled.abort();
    pass(5_000);
    expect(called).toBe(0);
  });

  it('calls nothing if it was cancelled before', () => {
    let late = 0;
    afterAwake(
      100,
      () => true,
      AbortSignal.abort(),
      () => late++,
    );
    pass(100);
    expect(late).toBe(0);
  });
});
