import { HttpRequest, HttpResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';

import { FakeQuiz, Failure } from '../../../testing/fake-quiz';
import { ANA, until } from '../../../testing/samples';
import { User } from '../../accounts/user';
import { QUIZ_ROUTES } from '../quiz.routes';
import { ImportReport, StoredQuestion } from './questions-api';

const ADMIN: User = { ...ANA, userName: 'admin', roles: ['admin'] };

function stored(number: number, changes: Partial<StoredQuestion> = {}): StoredQuestion {
  return {
    id: `q-${number}`,
    title: `Question ${number}?`,
    category: 'Space',
    explanation: 'Because.',
    options: [
      { id: 'a', title: 'One', isCorrect: false },
      { id: 'b', title: 'Two', isCorrect: true },
    ],
    revision: 1,
    answers: 3,
    ...changes,
  };
}

describe('the keeping of questions', () => {
  let quiz: FakeQuiz;
  let questions: StoredQuestion[];

  beforeEach(() => {
    quiz = new FakeQuiz();
    questions = [stored(1), stored(2)];
    quiz.handle('GET', /questions$/, ({ params }) => {
      const found = questions.filter(({ title }) => title.includes(params.get('search') ?? ''));
      const start = found.findIndex(({ id }) => id === params.get('after')) + 1;
      const limit = Number(params.get('limit'));
      return {
        questions: found.slice(start, start + limit),
        total: found.length,
        hasMore: start + limit < found.length,
      };
    });
    quiz.handle('GET', /questions\/./, ({ url }) => questions.find(({ id }) => url.endsWith(id)));
  });
  afterEach(() => document.querySelectorAll('.cdk-overlay-container > *').forEach((element) => element.remove()));

  const open = async (user = ADMIN) => {
    TestBed.configureTestingModule({
      providers: [quiz.provide(user), provideRouter([{ path: 'quiz', children: QUIZ_ROUTES }])],
    });
    const harness = await RouterTestingHarness.create('/quiz/admin');
    const page = harness.routeNativeElement!;
    const comes = (what: string, isSo: () => unknown) =>
      until(what, () => {
        harness.fixture.detectChanges();
        return isSo();
      });
    return { harness, page, comes };
  };
  const rows = (page: Element) => [...page.querySelectorAll('li .title')].map((title) => title.textContent!.trim());
  const dialog = () => document.querySelector('mat-dialog-container')!;
  const press = (inside: Element, name: string) => {
    const buttons = [...inside.querySelectorAll<HTMLElement>('button')];
    const button = buttons.find(
      (one) => one.getAttribute('aria-label') === name || one.textContent!.replace(/\s+/g, ' ').trim() === name,
    );
    if (!button) throw new Error(`There is no button called ${name}.`);
    button.click();
  };
  const type = (selector: string, text: string, index = 0) => {
    const field = dialog().querySelectorAll<HTMLInputElement>(selector)[index]!;
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const body = (request: HttpRequest<unknown>) => request.body as StoredQuestion;

  it('is not for those who are no administrators, and says so', async () => {
    const { page } = await open(ANA);
    expect(page.textContent).toContain('Questions are kept by administrators');
    expect(quiz.requestsOf('GET', '/api/quiz')).toEqual([]);
    expect(page.querySelector('nav')!.textContent).not.toContain('Questions');
  });

  it('lists questions page by page, and those that are searched for', async () => {
    questions = Array.from({ length: 60 }, (_, index) => stored(index + 1));
    const { page, comes } = await open();
    await comes('the first page', () => rows(page).length === 50);
    expect(page.textContent).toContain('60 questions');
    press(page, 'Load more');
    await comes('all', () => rows(page).length === 60);
    const search = page.querySelector<HTMLInputElement>('input[type=search]')!;
    search.value = 'Question 42';
    search.dispatchEvent(new Event('input'));
    await comes('the one', () => rows(page).length === 1);
    search.value = 'nothing';
    search.dispatchEvent(new Event('input'));
    await comes('none', () => page.textContent!.includes('No question matches.'));
  });

  it('changes a question: the right option, one more, one less', async () => {
    quiz.handle('PUT', /questions/, (request) => ({ ...stored(1), ...body(request), revision: 2 }));
    const { page, comes } = await open();
    await comes('the list', () => rows(page).length === 2);
    press(page, 'Edit: Question 1?');
    await comes('the editor', dialog);
    type('textarea', 'Question one?');
    dialog().querySelectorAll<HTMLInputElement>('input[type=radio]')[0]!.click();
    press(dialog(), 'Add an option');
    await comes('three', () => dialog().querySelectorAll('input.option').length === 3);
    type('input.option', 'Three', 2);
    press(dialog(), 'Remove option 2');
    await comes('two', () => dialog().querySelectorAll('input.option').length === 2);
    press(dialog(), 'Save');
    await comes('it is stored', () => rows(page)[0] === 'Question one?');
    expect(quiz.requestsOf('PUT', '/api/quiz/questions/q-1')[0]!.body).toEqual({
      title: 'Question one?',
      category: 'Space',
      explanation: 'Because.',
      options: [
        { id: 'a', title: 'One', isCorrect: true },
        { title: 'Three', isCorrect: false },
      ],
      revision: 1,
    });
  });

  it('says what is wrong at the fields, its own findings and those of the server', async () => {
    quiz.handle('POST', /questions$/, (): Failure => ({
      status: 400,
      body: { errors: { 'options[1].title': ['Not like this.'], category: ['Not there.'], other: ['And more.'] } },
    }));
    const { page, comes } = await open();
    await comes('the list', () => rows(page).length === 2);
    press(page, 'New question');
    await comes('the editor', dialog);
    const errors = () => [...dialog().querySelectorAll('mat-error')].map((error) => error.textContent!.trim());
    press(dialog(), 'Add question');
    await comes('the findings', () => errors().length > 0);
    expect(errors()).toEqual([
      'Write the question.',
      'Name a category.',
      ...Array.from({ length: 4 }, () => 'Write the option, or remove it.'),
    ]);
    expect(quiz.requestsOf('POST', '/api/quiz/questions')).toEqual([]);

    type('textarea', 'How?');
    type('input[list]', 'Space');
    for (let i = 0; i < 4; i++) type('input.option', i < 2 ? 'Same' : `Option ${i}`, i);
    press(dialog(), 'Add question');
    await comes('twice', () => errors().length === 2);
    expect(errors()).toEqual(Array.from({ length: 2 }, () => 'There is another option like this.'));
    type('input.option', 'Another', 1);
    press(dialog(), 'Add question');
    await comes('the server', () => errors().includes('Not like this.'));
    expect(errors()).toEqual(['Not there.', 'Not like this.']);
    expect(dialog().querySelector('[role=alert]')!.textContent).toContain('And more.');
  });

  it('lets one choose when somebody else was faster', async () => {
    const theirs = stored(1, {
      title: 'Theirs?',
      revision: 5,
      options: [
        { id: 'a', title: 'Uno', isCorrect: true },
        { id: 'c', title: 'Due', isCorrect: false },
      ],
    });
    quiz.handle('PUT', /questions/, (request) =>
      body(request).revision === 5
        ? { ...stored(1), ...body(request), revision: 6 }
        : { status: 409, body: { code: 'revision_conflict', detail: 'Somebody was faster.' } },
    );
    const { page, comes } = await open();
    await comes('the list', () => rows(page).length === 2);
    press(page, 'Edit: Question 1?');
    await comes('the editor', dialog);
    questions[0] = theirs;
    type('textarea', 'Mine?');
    press(dialog(), 'Save');
    await comes('the conflict', () => dialog().textContent!.includes('Theirs?'));
    press(dialog(), 'Load their version');
    await comes('theirs', () => dialog().querySelector('textarea')!.value === 'Theirs?');
    expect([...dialog().querySelectorAll<HTMLInputElement>('input.option')].map(({ value }) => value)).toEqual([
      'Uno',
      'Due',
    ]);

    questions[0] = { ...theirs, revision: 5 };
    type('textarea', 'Mine again?');
    press(dialog(), 'Save');
    await comes('it is stored', () => rows(page)[0] === 'Mine again?');
  });

  it('stores mine over theirs when that is wanted; options that they took away are new ones', async () => {
    quiz.handle('PUT', /questions/, (request) =>
      body(request).revision === 5
        ? { ...stored(1), ...body(request), revision: 6 }
        : { status: 409, body: { code: 'revision_conflict' } },
    );
    const { page, comes } = await open();
    await comes('the list', () => rows(page).length === 2);
    press(page, 'Edit: Question 1?');
    await comes('the editor', dialog);
    questions[0] = stored(1, {
      revision: 5,
      options: [
        { id: 'a', title: 'Uno', isCorrect: true },
        { id: 'c', title: 'Due', isCorrect: false },
      ],
    });
    type('textarea', 'Mine?');
    press(dialog(), 'Save');
    await comes('the conflict', () => dialog().textContent!.includes('Somebody else changed'));
    press(dialog(), 'Save mine over it');
    await comes('it is stored', () => rows(page)[0] === 'Mine?');
    expect(quiz.requestsOf('PUT', '/api/quiz').at(-1)!.body).toMatchObject({
      revision: 5,
      options: [
        { id: 'a', title: 'One', isCorrect: false },
        { title: 'Two', isCorrect: true },
      ],
    });
  });

  it('retires a question once that is confirmed', async () => {
    quiz.handle('DELETE', /questions/, () => new HttpResponse({ status: 204 }));
    const { page, comes } = await open();
    await comes('the list', () => rows(page).length === 2);
    press(page, 'Retire: Question 2?');
    await comes('the question', dialog);
    expect(quiz.requestsOf('DELETE', '/api')).toEqual([]);
    press(dialog(), 'Retire question');
    await comes('it is gone', () => rows(page).join() === 'Question 1?');
    expect(page.textContent).toContain('1 question');
  });

  describe('imports', () => {
    const report = (changes: Partial<ImportReport> = {}): ImportReport => ({
      dryRun: true,
      format: 'csv',
      rows: 3,
      added: 2,
      updated: 1,
      unchanged: 0,
      errors: [],
      moreErrors: 0,
      ...changes,
    });
    const choose = (text: string | Uint8Array<ArrayBuffer>, name = 'pack.csv') => {
      const input = dialog().querySelector<HTMLInputElement>('input[type=file]')!;
      const files = [new File([text], name)];
      Object.defineProperty(input, 'files', { value: files, configurable: true });
      Object.defineProperty(input, 'value', { value: '', writable: true, configurable: true });
      input.dispatchEvent(new Event('change'));
    };
    const start = async () => {
      const opened = await open();
      await opened.comes('the list', () => rows(opened.page).length === 2);
      press(opened.page, 'Import');
      await opened.comes('the dialog', dialog);
      return opened;
    };
    const imports = () => quiz.requestsOf('POST', '/api/quiz/import');
    const button = () =>
      [...dialog().querySelectorAll<HTMLButtonElement>('button')].find((one) => one.textContent!.trim() === 'Import')!;

    it('are tried first, and then done', async () => {
      quiz.handle('POST', /import$/, ({ params }) => report({ dryRun: params.get('dryRun') === 'true' }));
      const { comes } = await start();
      expect(button().disabled).toBe(true);
      choose('title,…');
      await comes('the trial', () => dialog().textContent!.includes('What would happen'));
      expect(dialog().querySelector('.found')!.textContent!.replace(/\s+/g, ' ')).toContain(
        'CSV, 3 rows: 2 new, 1 changed, 0 as they are already',
      );
      expect(imports().map(({ params }) => params.toString())).toEqual(['dryRun=true']);
      button().click();
      await comes('the end', () => dialog() === null);
      expect(imports().map(({ params }) => params.toString())).toEqual(['dryRun=true', 'dryRun=false']);
      expect(await (imports()[1]!.body as Blob).text()).toBe('title,…');
    });

    it('tell of every row that is wrong, and leave them out only when that is wanted', async () => {
      const errors = [{ row: 2, field: 'correct', message: '<b>No</b> right answer.' }];
      quiz.handle('POST', /import$/, () => report({ added: 1, updated: 0, errors, moreErrors: 7 }));
      const { comes } = await start();
      choose('…');
      await comes('the errors', () => dialog().querySelector('tbody'));
      const cells = [...dialog().querySelectorAll('tbody tr > *')].map((cell) => cell.textContent);
      expect(cells).toEqual(['2', 'correct', '<b>No</b> right answer.']);
      expect(dialog().textContent).toContain('8 with errors');
      expect(dialog().textContent).toContain('And 7 more.');
      expect(button().disabled).toBe(true);
      dialog().querySelector<HTMLElement>('input[type=checkbox]')!.click();
      await comes('it may', () => !button().disabled);
      button().click();
      await comes('the end', () => dialog() === null);
      expect(imports().at(-1)!.params.toString()).toBe('dryRun=false&skipInvalid=true');
    });

    it('say what is wrong with a file that cannot be read, and take the format that is told', async () => {
      quiz.handle('POST', /import$/, ({ params }) =>
        params.has('format') ? report() : { status: 400, body: { code: 'unreadable', detail: 'Line 3 is no JSON.' } },
      );
      const { comes } = await start();
      choose('{', 'pack.json');
      await comes('the problem', () =>
        dialog().querySelector('[role=alert]')?.textContent?.includes('Line 3 is no JSON.'),
      );
      expect(button().disabled).toBe(true);
      const format = dialog().querySelector('select')!;
      format.value = 'opentdb';
      format.dispatchEvent(new Event('change'));
      await comes('the trial', () => dialog().textContent!.includes('What would happen'));
      expect(imports().at(-1)!.params.get('format')).toBe('opentdb');
    });

    it('do not send what is too large', async () => {
      const { comes } = await start();
      choose(new Uint8Array(2 * 1024 * 1024 + 1));
      await comes('the problem', () => dialog().textContent!.includes('larger than 2 MB'));
      expect(imports()).toEqual([]);
    });
  });

  it('exports the category that is shown, under the name that the server gives', async () => {
    quiz.handle('GET', /export$/, () => {
      const response = new HttpResponse({ status: 200, body: new Blob(['{}']) });
      return response;
    });
    const clicked: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(this.download);
    });
    URL.createObjectURL = () => 'blob:x';
    URL.revokeObjectURL = () => undefined;
    const { page, comes } = await open();
    await comes('the list', () => rows(page).length === 2);
    press(page, 'Export');
    await comes('the file', () => clicked.length === 1);
    expect(clicked).toEqual(['hubbub-quiz.json']);
    expect(TestBed.inject(Router).url).toBe('/quiz/admin');
  });
});
