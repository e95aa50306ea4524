import { devices } from '@playwright/test';
import { expect, test, unique } from '../../fixtures/index.ts';
import { expectAccessible } from '../../fixtures/axe.ts';

const { defaultBrowserType: _, ...phone } = devices['Pixel 7'];

test('talks from a phone: one page at a time, nothing cut off', async ({ account, person }) => {
  const bo = await account('bo');
  const hall = await bo.createRoom({ name: unique('Hall') });
  await bo.say(hall, 'Who is there?', 'A word that is far too long for a phone: '.padEnd(200, 'o'));
  const ada = await person('ada', phone);
  const { chat, page } = ada;
  const sideways = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  await expect(chat.rooms).toBeInViewport();
  await expectAccessible(page, 'the rooms on a phone');
  await chat.search.fill(hall.name);
  await chat.row(hall).tap();
  await expect(chat.rooms).toBeHidden();
  await expect(chat.heading).toHaveText(hall.name);
  expect(await sideways()).toBe(0);

  await chat.joinButton.tap();
  await chat.composer.fill('Me, from a phone');
  await chat.sendButton.tap();
  await expect(chat.message('Me, from a phone').sent).toBeInViewport();
  await expectAccessible(page, 'a room on a phone');

  await chat.peopleButton.tap();
  await expect(chat.personCalled(bo.userName)).toBeInViewport();
  expect(await sideways()).toBe(0);
  await expectAccessible(page, 'the people on a phone');
  await page.getByRole('button', { name: 'Close the people panel' }).tap();

  await page.getByRole('link', { name: 'Back to the rooms' }).tap();
  await expect(chat.row(hall)).toBeInViewport();
  await expect(chat.row(hall)).toContainText('You: Me, from a phone');

  await ada.connection.chip.tap();
  await expect(ada.connection.panel).toBeInViewport({ ratio: 1 });
});
