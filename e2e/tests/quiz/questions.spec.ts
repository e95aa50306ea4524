import { readFile } from 'node:fs/promises';
import { expect, test, unique } from '../../fixtures/index.ts';

test('writes a question, finds it, changes it, plays it, and retires it', async ({ admin, person }) => {
  const { questions, page } = await admin();
  const [title, changed, things] = [`${unique('What')}?`, `${unique('What now')}?`, unique('Things')];
  await page.getByRole('link', { name: 'Quiz', exact: true }).click();
  await page.getByRole('link', { name: 'Questions' }).click();
  await page.getByRole('button', { name: 'New question' }).click();
  await questions.title.fill(title);
  await questions.category.fill(things);
  for (const i of [0, 1, 2, 3]) await questions.options.nth(i).fill(`Option ${'abcd'[i]}`);
  await questions.dialog.getByRole('button', { name: 'Remove option 4' }).click();
  await questions.dialog.getByRole('radio', { name: 'Option 2 is right' }).check();
  await questions.save();
  await expect(questions.notice).toContainText('The question was added.');
  await questions.search.fill(title);
  await expect(questions.items).toHaveCount(1);
  await expect(questions.item(title)).toContainText(`${things} 3 options · 0 answers`);

  await questions.edit(title);
  await questions.title.fill(changed);
  await questions.dialog.getByRole('button', { name: 'Add an option' }).click();
  await expect(questions.options.nth(3)).toBeFocused();
  await page.keyboard.type('Option e');
  await questions.save();
  await expect(questions.item(changed)).toContainText('4 options');

  await test.step('a player meets it', async () => {
    const { quiz } = await person('ada');
    await quiz.visit(things);
    await expect(quiz.title).toHaveText(changed);
    await quiz.answer('Option b');
    await expect(quiz.verdict).toHaveText('Correct');
  });

  await questions.search.fill(changed);
  await questions.retire(changed);
  await expect(questions.dialog).toContainText('in the statistics');
  await questions.dialog.getByRole('button', { name: 'Retire question' }).click();
  await expect(questions.items).toHaveCount(0);
  await expect(page.getByText('No question matches.')).toBeVisible();
});

test('says at the fields what the server does not take', async ({ admin, category }) => {
  const taken = `${unique('What')}?`;
  const things = await category([{ title: taken }]);
  const { questions, page } = await admin();
  await questions.visit();
  await page.getByRole('button', { name: 'New question' }).click();
  await questions.title.fill(taken);
  await questions.category.fill(things);
  for (const i of [0, 1, 2, 3]) await questions.options.nth(i).fill(`Option ${'abcd'[i]}`);
  await questions.save();
  await expect(questions.title).toHaveAccessibleDescription(/There is a question with this title already/);
  await expect(questions.title).toHaveValue(taken);
  await questions.options.nth(1).fill(' option A ');
  await questions.save();
  await expect(questions.dialog).toContainText('There is another option like this.');
});

test('of two who change a question at the same time, the later one is told and may choose', async ({
  admin,
  category,
}) => {
  const title = `${unique('What')}?`;
  await category([{ title }]);
  const { account, questions } = await admin();
  await questions.visit();
  await questions.search.fill(title);
  await questions.edit(title);
  const change = async (text: string): Promise<void> => {
    const listed = await account.request('GET', `/api/quiz/questions?search=${encodeURIComponent(title.slice(0, -1))}`);
    const [stored] = ((await listed.json()) as { questions: [Record<string, unknown>] }).questions;
    const answer = await account.request('PUT', `/api/quiz/questions/${String(stored['id'])}`, {
      ...stored,
      title: text,
    });
    expect(answer.status).toBe(200);
  };
  await change(`${title} Theirs`);
  await questions.title.fill(`${title} Mine`);
  await questions.save();
  await expect(questions.dialog.getByRole('alert')).toContainText(`It now reads: “${title} Theirs”`);
  await questions.dialog.getByRole('button', { name: 'Load their version' }).click();
  await expect(questions.title).toHaveValue(`${title} Theirs`);

  await change(`${title} Theirs again`);
  await questions.title.fill(`${title} Mine again`);
  await questions.save();
  await questions.dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(questions.item(`${title} Mine again`)).toBeVisible();
});

test('imports a table after a trial that tells of every bad row, and exports what is there', async ({ admin }) => {
  const things = unique('Things');
  const [good, better] = [`${unique('Good')}?`, `${unique('Better, with "marks"')}?`];
  const head = 'title,category,explanation,option1,option2,option3,option4,option5,option6,correct';
  const row = (title: string, correct: string): string =>
    `"${title.replaceAll('"', '""')}",${things},Why,One,Two,,,,,${correct}`;
  const { questions, page } = await admin();
  await questions.visit();
  await questions.openImport();
  await questions.choose('questions.csv', [head, row(good, '2'), row('No right one?', '7'), row('', '1')].join('\n'));
  await expect(questions.dialog).toContainText(/CSV, 3 rows: 1 new/);
  await expect(questions.dialog.getByRole('table').getByRole('row')).toHaveCount(3);
  await expect(questions.import).toBeDisabled();

  await test.step('all of it, once it is mended', async () => {
    await questions.choose('questions.csv', [head, row(good, '2'), row(better, '1')].join('\n'));
    await expect(questions.dialog).toContainText(/CSV, 2 rows: 2 new/);
    await questions.import.click();
    await expect(questions.notice).toContainText('Imported: 2 new, 0 changed.');
  });

  await test.step('nothing twice', async () => {
    await questions.openImport();
    await questions.choose('questions.csv', [head, row(good, '2'), row(better, '1')].join('\n'));
    await expect(questions.dialog).toContainText(/0 new, 0 changed, 2 as they are already/);
    await expect(questions.import).toBeDisabled();
    await questions.dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('the export holds them, and can be imported', async () => {
    await page.getByRole('combobox', { name: 'Category' }).selectOption({ value: things });
    await expect(questions.items).toHaveCount(2);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('hubbub-quiz.json');
    const text = await readFile(await download.path(), 'utf8');
    const pack = JSON.parse(text) as { format: string; questions: { title: string; correct: number }[] };
    expect(pack.format).toBe('hubbub-quiz');
    expect(pack.questions.map(({ title }) => title).sort()).toEqual([good, better].sort());
    expect(pack.questions.find(({ title }) => title === good)!.correct).toBe(1);
    await questions.openImport();
    await questions.choose('pack.json', text);
    await expect(questions.dialog).toContainText(/JSON pack, 2 rows: 0 new, 0 changed, 2 as they are already/);
  });
});

const unreadable = [
  { what: 'nothing', name: 'empty.csv', text: '' },
  { what: 'half of a JSON', name: 'half.json', text: '{"format":"hubbub-quiz","questions":[' },
  { what: 'a table with other columns', name: 'other.csv', text: 'a,b,c\n1,2,3\n' },
];

for (const { what, name, text } of unreadable) {
  test(`an import of ${what} is refused in words`, async ({ admin }) => {
    const { questions } = await admin();
    await questions.visit();
    await questions.openImport();
    await questions.choose(name, text);
    await expect(questions.dialog.getByRole('alert')).not.toBeEmpty();
    await expect(questions.import).toBeDisabled();
  });
}

test('an import of a file that is too large is not even sent', async ({ admin }) => {
  const { questions, page } = await admin();
  await questions.visit();
  await questions.openImport();
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  await questions.choose('large.csv', 'x'.repeat(2 * 1024 * 1024 + 1));
  await expect(questions.dialog.getByRole('alert')).toContainText('larger than 2 MB');
  expect(sent.filter((url) => url.includes('import'))).toEqual([]);
});

test('somebody who is no administrator gets a page that says so, and nothing from the server', async ({ person }) => {
  const { questions, quiz, page, account } = await person('ada');
  await questions.visit();
  await expect(page.getByRole('heading', { name: 'Questions are kept by administrators' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Parts of the quiz' })).not.toContainText('Questions');
  expect((await account.request('GET', '/api/quiz/questions')).status).toBe(403);
  await page.getByRole('link', { name: 'Play instead' }).click();
  await expect(quiz.options.first()).toBeVisible();
});
