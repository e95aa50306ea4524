import { Latencies } from './latencies';

describe('Latencies', () => {
  it('tells the median and the slow end', () => {
    const latencies = new Latencies();
    expect(latencies.summary(0)).toBeNull();
    for (let i = 1; i <= 100; i++) latencies.add(i, i);
    expect(latencies.summary(100)).toEqual({ p50: 50, p95: 95 });
  });

  it('forgets what is older than a minute', () => {
    const latencies = new Latencies();
    latencies.add(0, 500);
    latencies.add(30_000, 10);
    expect(latencies.summary(60_001)).toEqual({ p50: 10, p95: 10 });
    expect(latencies.summary(100_000)).toBeNull();
  });

  it('takes a clock that is a little off for no time at all', () => {
    const latencies = new Latencies();
    latencies.add(0, -3);
    expect(latencies.summary(1)).toEqual({ p50: 0, p95: 0 });
  });

  it('keeps no more than it needs', () => {
    const latencies = new Latencies();
    for (let i = 0; i < 2_000; i++) latencies.add(i, i < 500 ? 1_000 : 1);
    expect(latencies.summary(2_000)).toEqual({ p50: 1, p95: 1 });
  });
});
