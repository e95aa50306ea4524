import { TestBed } from '@angular/core/testing';

import { FakeQuiz, aQuestion } from '../../testing/fake-quiz';
import { until } from '../../testing/samples';
import { MOST_SENDS, Play } from './play';
import { Answer } from './quiz-api';

describe('Play', () => {
  let quiz: FakeQuiz;
  let play: Play;

  beforeEach(() => {
    quiz = new FakeQuiz();
    TestBed.configureTestingModule({ providers: [quiz.provide(), Play] });
    play = TestBed.inject(Play);
  });

  const inPhase = (phase: string) => until(phase, () => play.turn().phase === phase);
  const asking = async () => {
    play.choose(null);
    await inPhase('asking');
  };
  const sent = () => quiz.requestsOf('POST', '/api/trivia').map((request) => request.body as Answer);

  it('asks, takes an answer, tells what it was worth, and goes on', async () => {
    await asking();
    expect(play.turn()).toEqual({ phase: 'asking', question: aQuestion(1) });
    play.answer('q-1-two');
    await inPhase('answered');
    expect(play.turn()).toMatchObject({ verdict: { isCorrect: false, correctOptionId: 'q-1-one' } });
    void play.next();
    await inPhase('asking');
    expect(play.turn()).toMatchObject({ question: { id: 'q-2' } });
    play.answer('q-2-one');
    await inPhase('answered');
    expect(play.points()).toEqual({ asked: 2, right: 1, streak: 1 });
    expect(new Set(sent().map(({ clientAnswerId }) => clientAnswerId)).size).toBe(2);
  });

  it('takes only the first answer to a question', async () => {
    await asking();
    play.answer('q-1-one');
    play.answer('q-1-two');
    await inPhase('answered');
    play.answer('q-1-three');
    expect(sent().map(({ optionId }) => optionId)).toEqual(['q-1-one']);
  });

  it('keeps the question that was answered in view until the next one is there', async () => {
    await asking();
    play.answer('q-1-one');
    await inPhase('answered');
    void play.next();
    expect(play.turn().phase).toBe('answered');
    expect(play.moving()).toBe(true);
    await inPhase('asking');
    expect(play.moving()).toBe(false);
  });

  it('sends an answer whose response was lost again as the same one', async () => {
    await asking();
    quiz.failures.push({ status: 0 }, { status: 503 });
    play.answer('q-1-one');
    await inPhase('answered');
    expect(sent()).toHaveLength(3);
    expect(new Set(sent().map(({ clientAnswerId }) => clientAnswerId)).size).toBe(1);
    expect(play.points()).toEqual({ asked: 1, right: 1, streak: 1 });
  });

  it('stops after some tries and says so; a retry by hand is still the same answer', async () => {
    await asking();
    quiz.failures.push(...Array.from({ length: MOST_SENDS }, () => ({ status: 0 })));
    play.answer('q-1-one');
    await inPhase('unsent');
    expect(sent()).toHaveLength(MOST_SENDS);
    expect(play.turn()).toMatchObject({ sentence: expect.stringContaining('No server can be reached') });
    expect(play.points().asked).toBe(0);
    play.retry();
    await inPhase('answered');
    expect(sent()).toHaveLength(MOST_SENDS + 1);
    expect(new Set(sent().map(({ clientAnswerId }) => clientAnswerId)).size).toBe(1);
  });

  it('does not wait for long by itself when there were too many', async () => {
    await asking();
    quiz.failures.push({ status: 429, headers: { 'Retry-After': '60' } });
    play.answer('q-1-one');
    await inPhase('unsent');
    expect(sent()).toHaveLength(1);
    expect(play.turn()).toMatchObject({ sentence: 'Too many tries. Try again in 60 seconds.' });
  });

  it('does not send again what the server refuses', async () => {
    await asking();
    quiz.failures.push({ status: 404, body: { code: 'question_not_found', detail: 'It was retired.' } });
    play.answer('q-1-one');
    await inPhase('refused');
    expect(sent()).toHaveLength(1);
    expect(play.turn()).toMatchObject({ sentence: 'It was retired.' });
    play.retry();
    expect(play.turn().phase).toBe('refused');
    void play.next();
    await inPhase('asking');
  });

  it('tells a quiz without questions from one that cannot be reached', async () => {
    quiz.question = () => null;
    play.choose('Music');
    await inPhase('none');
    expect(quiz.requestsOf('GET', '/api/trivia').at(-1)!.params.get('category')).toBe('Music');
    quiz.failures.push({ status: 0 });
    void play.next();
    await inPhase('failed');
  });

  it('goes by the last category that was chosen, whichever answer comes last', async () => {
    quiz.question = (number, category) => aQuestion(number, { category: category ?? 'any' });
    play.choose('Music');
    play.choose('Space');
    await inPhase('asking');
    expect(play.turn()).toMatchObject({ question: { category: 'Space' } });
  });

  it('counts an answer for the score although another category was chosen meanwhile', async () => {
    await asking();
    play.answer('q-1-one');
    play.choose('Space');
    await inPhase('asking');
    await until('the score', () => play.points().right === 1);
    expect(play.turn().phase).toBe('asking');
  });
});
