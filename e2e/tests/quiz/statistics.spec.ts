import { expect, test, unique } from '../../fixtures/index.ts';

test('says that there are no results yet, and shows the first one without being loaded again', async ({
  account,
  category,
  person,
}) => {
  const things = await category();
  const { statistics } = await person('ada');
  await statistics.visit(things);
  await expect(statistics.none).toBeVisible();
  await expect(statistics.live).toHaveAttribute('data-state', 'connected');
  const bo = await account('bo');
  await bo.answer(await bo.question(things), 'Wrong');
  await expect(statistics.incorrect).toHaveText('1');
  await expect(statistics.correct).toHaveText('0');
  await expect(statistics.none).toBeHidden();
  await expect(statistics.bars).toHaveCount(3);
  await expect(statistics.slices).toHaveCount(2);
});

test('every chart is a table for those who want one, and it moves too', async ({ account, category, person }) => {
  const things = await category();
  const bo = await account('bo');
  const answer = async (title: string): Promise<unknown> => bo.answer(await bo.question(things), title);
  await answer('Right');
  await answer('Right');
  await answer('Wrong');
  const { statistics } = await person('ada');
  await statistics.visit(things);
  await expect(statistics.live).toHaveAttribute('data-state', 'connected');
  for (const title of ['Correct and incorrect', 'Average per user', 'The last hour'])
    await statistics.showAsTable(title);

  const share = statistics.rows(statistics.figure('Correct and incorrect'));
  const averages = statistics.rows(statistics.figure('Average per user'));
  const hour = statistics.rows(statistics.figure('The last hour'));
  await expect(share).toHaveText([/Correct\s*2\s*67 %/, /Incorrect\s*1\s*33 %/]);
  await expect(averages).toHaveText([/Correct\s*2\.0/, /Incorrect\s*1\.0/, /Total\s*3\.0/]);
  await expect(statistics.rows(statistics.results('Results by question'))).toHaveCount(1);
  /** The hour's minutes added up: the test may run over the end of one. */
  const inTheHour = async (): Promise<readonly number[]> => {
    const cells = await hour.getByRole('cell').allInnerTexts();
    const sum = (column: number): number =>
      cells.filter((_, i) => i % 2 === column).reduce((total, text) => total + Number(text), 0);
    return [sum(0), sum(1)];
  };
  await expect.poll(inTheHour).toEqual([2, 1]);

  await answer('Wrong');
  await expect(share).toHaveText([/Correct\s*2\s*50 %/, /Incorrect\s*2\s*50 %/]);
  await expect.poll(inTheHour).toEqual([2, 2]);
  await statistics.figure('Average per user').getByRole('button', { name: 'Show as chart' }).click();
  await expect(statistics.bars).toHaveCount(3);
});

test('shows results by category and question, and those of one category when it is picked', async ({
  account,
  category,
  person,
}) => {
  const title = `${unique('What')}?`;
  const [things, others] = [await category([{ title }]), await category()];
  const bo = await account('bo');
  await bo.answer(await bo.question(things), 'Right');
  await bo.answer(await bo.question(things), 'Wrong');
  await bo.answer(await bo.question(others), 'Right');
  const { statistics, page } = await person('ada');
  await page.goto('/quiz/statistics');
  await expect(statistics.live).toHaveAttribute('data-state', 'connected');
  const row = statistics.rows(statistics.results('Results by category')).filter({ hasText: things });
  const showAll = page.getByRole('button', { name: /^Show all \d+$/ });
  await expect(row.or(showAll.first()).first()).toBeVisible();
  // Other tests make categories too.
  while ((await showAll.count()) > 0) await showAll.first().click();
  await expect(row).toHaveText(new RegExp(`${things}\\s*1\\s*1\\s*50 %`));

  await statistics.category.selectOption({ value: things });
  await expect(statistics.correct).toHaveText('1');
  await expect(statistics.incorrect).toHaveText('1');
  await expect(statistics.results('Results by category')).toBeHidden();
  await expect(statistics.rows(statistics.results('Results by question'))).toHaveText([
    new RegExp(`${title.replace('?', '\\?')}\\s*1\\s*1\\s*50 %`),
  ]);
  await expect(page).toHaveURL(new RegExp(`category=${things}$`));

  await bo.answer(await bo.question(others), 'Right');
  await bo.answer(await bo.question(things), 'Right');
  await expect(statistics.correct).toHaveText('2');
  await expect(statistics.incorrect).toHaveText('1');
});

test('the charts are drawn anew when the window changes its size', async ({ account, category, person }) => {
  const things = await category();
  const bo = await account('bo');
  await bo.answer(await bo.question(things), 'Right');
  const { statistics, page } = await person('ada');
  await statistics.visit(things);
  await expect(statistics.bars).toHaveCount(3);
  for (const width of [800, 390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await expect
      .poll(() =>
        page.locator('.chart-canvas').evaluateAll((places) =>
          places.map((place) => {
            const chart = place.querySelector('svg.ngx-charts')!.getBoundingClientRect();
            const { width: room, height } = place.getBoundingClientRect();
            return Math.abs(chart.width - room) < 2 && chart.height <= height + 1;
          }),
        ),
      )
      .toEqual([true, true, true]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
});

test('the colours of the charts are those of the theme', async ({ account, category, person }) => {
  const things = await category();
  const bo = await account('bo');
  await bo.answer(await bo.question(things), 'Right');
  const ada = await person('ada');
  await ada.statistics.visit(things);
  await expect(ada.statistics.slices.first()).toBeVisible();
  const fill = (): Promise<string> => ada.statistics.slices.first().evaluate((slice) => getComputedStyle(slice).fill);
  await ada.page.emulateMedia({ colorScheme: 'light' });
  const light = await fill();
  await ada.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(fill).not.toBe(light);
});

test('somebody who is not signed in is asked to, and comes back to the board', async ({ account, visitor }) => {
  const ada = await account('ada');
  const { page, entrance } = await visitor();
  await page.goto('/quiz/board');
  await entrance.enter(ada.userName, ada.password);
  await expect(page).toHaveURL(/\/quiz\/board$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Quiz');
});
