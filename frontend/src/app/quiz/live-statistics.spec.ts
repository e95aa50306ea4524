import { TestBed } from '@angular/core/testing';

import { FakeQuiz, aCategory, aResult, aSummary, anUpdate, theDetails } from '../../testing/fake-quiz';
import { settled, until } from '../../testing/samples';
import { StatisticsHub } from '../realtime/statistics-hub';
import { LiveStatistics } from './live-statistics';

describe('LiveStatistics', () => {
  let quiz: FakeQuiz;

  beforeEach(() => {
    quiz = new FakeQuiz();
    quiz.details = theDetails(4, { questions: [aResult('a', 2, 2)] });
    TestBed.configureTestingModule({ providers: [quiz.provide(), LiveStatistics] });
  });

  const loads = () => quiz.requestsOf('GET', '/api/statistics/details');
  const open = async () => {
    const statistics = TestBed.inject(LiveStatistics);
    TestBed.tick();
    await until('a connection', () => statistics.link.connected());
    TestBed.tick();
    await until('the details', () => statistics.phase() === 'ready');
    await settled();
    return statistics;
  };
  const total = (statistics: LiveStatistics) => statistics.summary()?.totalAnswers;

  it('loads, and then moves by itself', async () => {
    const statistics = await open();
    expect(total(statistics)).toBe(4);
    quiz.hub.push('UpdateStatistics', anUpdate(5, { questions: [aResult('b', 1, 0)] }));
    expect(total(statistics)).toBe(5);
    expect(statistics.questions().map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('does not go back when an update overtakes another one or the loading', async () => {
    const statistics = await open();
    quiz.hub.push('UpdateStatistics', anUpdate(9));
    quiz.hub.push('UpdateStatistics', anUpdate(8));
    expect(total(statistics)).toBe(9);
    await statistics.load();
    expect(total(statistics)).toBe(9);
  });

  it('loads again after a connection that does not go on where the last one ended', async () => {
    const statistics = await open();
    const before = loads().length;
    quiz.details = theDetails(7, { questions: [aResult('a', 4, 3)] });
    quiz.hub.drop();
    await until('another connection', () => statistics.link.connections() === 2);
    TestBed.tick();
    await until('the load', () => loads().length > before);
    await until('the numbers', () => statistics.questions()[0]!.totalAnswers === 7);
  });

  it('does not load again when the connection goes on: what was missed comes by itself', async () => {
    const statistics = await open();
    const before = loads().length;
    quiz.hub.resumption = { resumed: true, replayed: 1, reason: null } as never;
    quiz.hub.drop();
    await until('another connection', () => statistics.link.connections() === 2);
    quiz.hub.replay('UpdateStatistics', anUpdate(6, { questions: [aResult('a', 3, 3)] }));
    TestBed.tick();
    await settled();
    expect(loads()).toHaveLength(before);
    expect(statistics.questions()[0]!.totalAnswers).toBe(6);
  });

  it('shows a category at once from what is known, and loads the rest of it', async () => {
    const statistics = await open();
    quiz.hub.push(
      'UpdateStatistics',
      anUpdate(6, { categories: [aCategory('Music', 1, 0), aCategory('Space', 3, 2)] }),
    );
    quiz.details = theDetails(6, { summary: aSummary(1, 0), questions: [aResult('m', 1, 0, 'Music')] });
    statistics.show('Music');
    expect(total(statistics)).toBe(1);
    TestBed.tick();
    await until('its questions', () => statistics.questions().length === 1);
    expect(loads().at(-1)!.params.get('category')).toBe('Music');
    quiz.hub.push('UpdateStatistics', anUpdate(7, { categories: [aCategory('Music', 1, 1)] }));
    expect(total(statistics)).toBe(2);
    statistics.show(null);
    expect(total(statistics)).toBe(7);
  });

  it('says why it could not load, and tries again when there is a connection', async () => {
    quiz.failures.push({ status: 0 });
    quiz.hub.dead.add(location.origin);
    const statistics = TestBed.inject(LiveStatistics);
    TestBed.tick();
    await until('the failure', () => statistics.phase() === 'failed');
    expect(statistics.problem()).toContain('No server can be reached');
    quiz.hub.dead.clear();
    window.dispatchEvent(new Event('online'));
    await until('a connection', () => statistics.link.connected());
    TestBed.tick();
    await until('the details', () => statistics.phase() === 'ready');
  });

  it('is connected as long as somebody looks', async () => {
    const statistics = await open();
    TestBed.resetTestingModule();
    expect(statistics.link.connected()).toBe(false);
    expect(quiz.hub.connected).toEqual([]);
  });
});

describe('StatisticsHub', () => {
  it('is a door to /statisticsHub', async () => {
    const quiz = new FakeQuiz();
    TestBed.configureTestingModule({ providers: quiz.provide() });
    const hub = TestBed.inject(StatisticsHub);
    const heard: number[] = [];
    hub.updateStatistics.subscribe(({ version }) => heard.push(version));
    hub.link.start();
    await until('a connection', () => hub.link.connected());
    quiz.hub.push('UpdateStatistics', anUpdate(3));
    expect(heard).toEqual([3]);
  });
});
