import { LiveAnnouncer } from '@angular/cdk/a11y';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';

import { FakeQuiz } from '../../testing/fake-quiz';
import { until } from '../../testing/samples';
import { PlayPage } from './play-page';

describe('PlayPage', () => {
  let quiz: FakeQuiz;

  beforeEach(() => {
    quiz = new FakeQuiz();
    TestBed.configureTestingModule({
      providers: [quiz.provide(), provideRouter([{ path: 'quiz', component: PlayPage }], withComponentInputBinding())],
    });
  });

  const open = async (url = '/quiz') => {
    const harness = await RouterTestingHarness.create(url);
    const page = harness.routeNativeElement!;
    const shown = async (selector: string) => {
      await until(selector, () => {
        harness.detectChanges();
        return page.querySelector(selector);
      });
      return page.querySelector<HTMLElement>(selector)!;
    };
    return { harness, page, shown };
  };
  const press = (key: string, target: EventTarget = document.body, init: KeyboardEventInit = {}) =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
  const options = (page: HTMLElement) => [...page.querySelectorAll<HTMLButtonElement>('button.option')];

  it('turns the card to the verdict at one click, says it aloud, and marks the right answer in words', async () => {
    const announce = vi.spyOn(TestBed.inject(LiveAnnouncer), 'announce').mockResolvedValue();
    const { page, shown } = await open();
    await shown('button.option');
    options(page)[1]!.click();
    await shown('.card.turned');
    const back = page.querySelector('[data-testid=verdict]')!;
    expect(back.querySelector('.verdict')!.textContent).toContain('Incorrect');
    const marks = [...back.querySelectorAll('li')].map((item) => item.textContent!.replace(/\s+/g, ' ').trim());
    expect(marks).toEqual(['one Right answer', 'two Your answer', 'three']);
    expect(back.textContent).toContain('Why q-1.');
    expect(announce).toHaveBeenCalledWith('Incorrect. The right answer is one. Why q-1.', 'polite');
    expect(page.querySelector('[data-testid=question]')!.hasAttribute('inert')).toBe(true);
    await until('the focus is on Next', () => document.activeElement?.textContent?.includes('Next question'));
    expect(page.querySelector('[data-testid=score]')!.textContent).toContain('0 of 1 right');
  });

  it('locks the buttons with the first click', async () => {
    const { page, shown } = await open();
    await shown('button.option');
    options(page)[0]!.click();
    options(page)[1]!.click();
    await shown('.card.turned');
    expect(options(page).map((button) => button.getAttribute('aria-disabled'))).toEqual(['true', 'true', 'true']);
    expect(quiz.requestsOf('POST', '/api/trivia')).toHaveLength(1);
  });

  it('is played with the keyboard: a digit answers, Enter on Next goes on, and the question has the focus', async () => {
    const { page, shown } = await open();
    await shown('button.option');
    press('7');
    press('4');
    press('1', document.body, { ctrlKey: true });
    press('1', page.querySelector('select')!);
    expect(quiz.requestsOf('POST', '/api/trivia')).toHaveLength(0);
    press('1');
    await shown('.card.turned');
    expect(quiz.requestsOf('POST', '/api/trivia')[0]!.body).toMatchObject({ optionId: 'q-1-one' });
    (await shown('button.next')).click();
    await until('the next question', () => page.querySelector('h2')!.textContent === 'Question 2?');
    await until('the focus is on it', () => document.activeElement === page.querySelector('h2'));
    expect(page.querySelector('.card.turned')).toBeNull();
  });

  it('gives a screen reader nothing of the answer before it is given', async () => {
    const { page, shown } = await open();
    await shown('button.option');
    expect(page.textContent).not.toMatch(/right answer|correct|Why q-1/i);
  });

  it('offers to send an answer again that could not be sent', async () => {
    const { page, shown } = await open();
    await shown('button.option');
    quiz.failures.push(...Array.from({ length: 4 }, () => ({ status: 0 })));
    options(page)[0]!.click();
    const problem = await shown('[role=alert]');
    expect(problem.textContent).toContain('No server can be reached');
    const retry = page.querySelector<HTMLElement>('.trouble button')!;
    expect(retry.textContent).toContain('Retry');
    await until('the focus is on Retry', () => document.activeElement === retry);
    retry.click();
    await shown('.card.turned');
    expect(quiz.answers).toBe(1);
  });

  it('takes the category from the address, and writes the one that is chosen there', async () => {
    const { page, shown } = await open('/quiz?category=Music');
    await shown('button.option');
    expect(quiz.requestsOf('GET', '/api/trivia').at(-1)!.params.get('category')).toBe('Music');
    await until('the categories', () => page.querySelectorAll('option').length === 3);
    const select = page.querySelector('select')!;
    expect(select.selectedOptions[0]!.textContent!.trim()).toBe('Music – 4 questions');
    select.value = 'Space';
    select.dispatchEvent(new Event('change'));
    await until('the address', () => TestBed.inject(Router).url === '/quiz?category=Space');
    await until('the question', () => quiz.requests.at(-1)!.params.get('category') === 'Space');
  });

  it('leads out of a category without questions', async () => {
    quiz.question = (number, category) => (category ? null : { ...questionOf(number) });
    const { page, shown } = await open('/quiz?category=Void');
    const all = await shown('.blank button');
    expect(page.textContent).toContain('No questions in “Void”');
    expect(page.querySelector('select')!.value).toBe('Void');
    all.click();
    await shown('button.option');
    expect(TestBed.inject(Router).url).toBe('/quiz');
  });

  it('says that it could not load, and tries again', async () => {
    quiz.handle('GET', /trivia$/, () => ({ status: 503, body: { detail: 'Not ready.' } }));
    const { page, shown } = await open();
    const again = await shown('.blank button');
    expect(page.textContent).toContain('Not ready.');
    quiz.handle('GET', /trivia$/, () => questionOf(5));
    again.click();
    await shown('button.option');
    await until('the focus is on the question', () => document.activeElement === page.querySelector('h2'));
  });
});

function questionOf(number: number) {
  return { id: `q-${number}`, title: `Question ${number}?`, category: 'Space', options: [{ id: 'a', title: 'A' }] };
}
