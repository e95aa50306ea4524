import { TestBed } from '@angular/core/testing';
import { provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';

import { FakeQuiz, aCategory, aResult, aSummary, anUpdate, theDetails } from '../../testing/fake-quiz';
import { until } from '../../testing/samples';
import { BOARD_ROUTES } from './board.routes';
import { STATISTICS_ROUTES } from './statistics.routes';

/** Gives everything that is watched a size, as a browser with a layout does. */
class Sizes {
  static readonly all: Sizes[] = [];
  readonly watched = new Set<Element>();
  constructor(private readonly tell: ResizeObserverCallback) {
    Sizes.all.push(this);
  }
  observe(element: Element): void {
    this.watched.add(element);
    this.set(element, 400, 300);
  }
  unobserve(element: Element): void {
    this.watched.delete(element);
  }
  disconnect(): void {
    this.watched.clear();
  }
  set(element: Element, width: number, height: number): void {
    this.tell(
      [{ target: element, contentRect: { width, height } as DOMRectReadOnly } as ResizeObserverEntry],
      this as never,
    );
  }
  static resize(width: number, height: number): void {
    for (const sizes of Sizes.all) for (const element of sizes.watched) sizes.set(element, width, height);
  }
}

describe('the statistics', () => {
  let quiz: FakeQuiz;

  beforeEach(() => {
    vi.stubGlobal('ResizeObserver', Sizes);
    // What the charts measure texts with; nothing has a size here.
    (SVGElement.prototype as unknown as { getBBox: () => unknown }).getBBox ??= () => ({ width: 0, height: 0 });
    quiz = new FakeQuiz();
    TestBed.configureTestingModule({
      providers: [
        quiz.provide(),
        provideRouter(
          [
            { path: 'quiz/statistics', children: STATISTICS_ROUTES },
            { path: 'quiz/board', children: BOARD_ROUTES },
          ],
          withComponentInputBinding(),
        ),
      ],
    });
  });
  afterEach(() => {
    Sizes.all.length = 0;
    vi.unstubAllGlobals();
  });

  const open = async (url = '/quiz/statistics') => {
    const harness = await RouterTestingHarness.create(url);
    const page = harness.routeNativeElement!;
    const comes = (what: string, isSo: () => unknown) =>
      until(what, () => {
        harness.detectChanges();
        return isSo();
      });
    const text = (id: string) => page.querySelector(`[data-testid=${id}]`)?.textContent;
    return { harness, page, comes, text };
  };
  const figure = (page: HTMLElement, title: string) =>
    [...page.querySelectorAll('figure')].find((one) => one.querySelector('h2')!.textContent === title)!;

  it('say so before the first answer, and show it when it comes', async () => {
    const { page, comes, text } = await open();
    await comes('that there are none', () => page.textContent!.includes('No results yet.'));
    await comes('a connection', () => quiz.hub.connected.length > 0);
    quiz.hub.push('UpdateStatistics', anUpdate(1));
    await comes('the first one', () => text('correct') === '1');
    expect(text('incorrect')).toBe('0');
    expect(page.textContent).not.toContain('No results yet.');
  });

  it('show the six numbers: two in boxes, two as a pie, three as bars, and all of them as tables', async () => {
    quiz.details = theDetails(12, { summary: aSummary(9, 3, 5), categories: [aCategory('Space', 9, 3)] });
    const { page, comes, text } = await open();
    await comes('the numbers', () => text('correct') === '9');
    expect(text('incorrect')).toBe('3');
    await comes('the pie', () => page.querySelectorAll('.pie-chart path.arc').length === 2);
    await comes('the bars', () => page.querySelectorAll('.bar-chart path.bar').length === 3);
    expect(figure(page, 'Average per user').textContent).toContain(
      'Each of the 5 people who answered gave 2.4 answers on average: 1.8 correct and 0.6 incorrect.',
    );
    for (const title of ['Correct and incorrect', 'Average per user', 'The last hour']) {
      figure(page, title).querySelector<HTMLElement>('button')!.click();
    }
    await comes('the tables', () => page.querySelectorAll('figure table').length === 3);
    const rows = (title: string) =>
      [...figure(page, title).querySelectorAll('tbody tr')].map((row) =>
        [...row.children].map((cell) => cell.textContent),
      );
    expect(rows('Correct and incorrect')).toEqual([
      ['Correct', '9', '75 %'],
      ['Incorrect', '3', '25 %'],
    ]);
    expect(rows('Average per user')).toEqual([
      ['Correct', '1.8'],
      ['Incorrect', '0.6'],
      ['Total', '2.4'],
    ]);
    expect(page.querySelector('ngx-charts-pie-chart')).toBeNull();
  });

  it('draw the charts anew when their place changes its size', async () => {
    quiz.details = theDetails(12);
    const { page, comes } = await open();
    const width = () => page.querySelector('ngx-charts-pie-chart svg')?.getAttribute('width');
    await comes('the pie', () => width() === '400');
    Sizes.resize(250, 200);
    await comes('a smaller one', () => width() === '250');
  });

  it('show results by category and question, of one category when that is wanted', async () => {
    quiz.details = theDetails(8, {
      categories: [aCategory('Space', 3, 1), aCategory('Music', 1, 3)],
      questions: [aResult('a', 3, 1), aResult('b', 1, 3, 'Music')],
    });
    const { harness, page, comes } = await open();
    const tables = () =>
      [...page.querySelectorAll('app-result-table')].map((table) =>
        [...table.querySelectorAll('tbody tr')].map((row) =>
          [...row.children].map((cell) => cell.textContent!.replace(/\s+/g, ' ').trim()),
        ),
      );
    await comes('the tables', () => tables().length === 2);
    expect(tables()).toEqual([
      [
        ['Music', '1', '3', '25 %'],
        ['Space', '3', '1', '75 %'],
      ],
      [
        ['Title of a Space', '3', '1', '75 %'],
        ['Title of b Music', '1', '3', '25 %'],
      ],
    ]);
    await harness.navigateByUrl('/quiz/statistics?category=Music');
    await comes('one table', () => tables().length === 1);
    expect(tables()).toEqual([[['Title of b', '1', '3', '25 %']]]);
  });

  it('say what is wrong when they cannot be loaded, and keep what is known in view', async () => {
    quiz.handle('GET', /details/, () => ({ status: 503, body: { detail: 'Not ready.' } }));
    const { page, comes, text } = await open();
    await comes('the problem', () => page.textContent!.includes('Not ready.'));
    quiz.hub.push('UpdateStatistics', anUpdate(6));
    await comes('the numbers', () => text('correct') === '3');
    expect(page.textContent).toContain('Not ready.');
    quiz.handle('GET', /details/, () => theDetails(6));
    page.querySelector<HTMLElement>('.problem button')!.click();
    await comes('no problem', () => !page.textContent!.includes('Not ready.'));
  });

  it('tell whether they move by themselves', async () => {
    const { page, comes } = await open();
    const mark = () => page.querySelector<HTMLElement>('[data-testid=live]')!;
    await comes('live', () => mark().textContent!.includes('Live'));
    expect(mark().dataset['state']).toBe('connected');
    quiz.hub.kill(location.origin);
    await comes('not live', () => mark().textContent!.includes('Reconnecting'));
  });

  it('fill a wall: the board has the same numbers and goes back with Escape', async () => {
    quiz.details = theDetails(12);
    const { harness, page, comes, text } = await open('/quiz/board?category=Space');
    await comes('the numbers', () => text('correct') === '6');
    expect(page.querySelector('h1')!.textContent).toContain('Space');
    expect(page.querySelectorAll('figure')).toHaveLength(3);
    expect(page.querySelectorAll('figure button')).toHaveLength(0);
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    await comes('the page', () => harness.routeNativeElement?.matches('app-statistics-page'));
    expect(document.querySelector('app-board-page')).toBeNull();
  });
});
