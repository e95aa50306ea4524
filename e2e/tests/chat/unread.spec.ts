import { expect, test } from '../../fixtures/index.ts';

test('counts what was not read, shows where it begins, and forgets it when it is read, on all devices', async ({
  account,
  person,
  newTab,
  room,
}) => {
  const bo = await account('bo');
  const ada = await person('ada');
  const [den, attic] = [await room(bo, ada), await room(ada)];
  await bo.say(den, 'An old one');
  await ada.chat.open(den);
  await expect(ada.chat.texts).toHaveText(['An old one']);
  await expect(ada.chat.unreadOf(den)).toBeHidden();
  await ada.chat.open(attic);
  const tab = await newTab(ada, `/chat/${attic.id}`);

  await bo.say(den, 'First new', 'Second new', 'Third new');
  for (const { chat, page } of [ada, tab]) {
    await expect(chat.unreadOf(den)).toHaveText('3');
    await expect(page).toHaveTitle(/^\(3\) /);
  }

  await ada.page.bringToFront();
  await ada.chat.open(den);
  await expect(ada.chat.newLine).toBeInViewport();
  const below = ada.chat.newLine.locator('xpath=following-sibling::*').getByTestId('message');
  await expect(below.locator('app-message-text')).toHaveText(['First new', 'Second new', 'Third new']);
  for (const { chat, page } of [ada, tab]) {
    await expect(chat.unreadOf(den)).toBeHidden();
    await expect(page).not.toHaveTitle(/^\(/);
  }
});

test('own messages are never unread', async ({ person, newTab, room }) => {
  const ada = await person('ada');
  const [den, attic] = [await room(ada), await room(ada)];
  const tab = await newTab(ada, `/chat/${attic.id}`);
  await ada.page.bringToFront();
  await ada.chat.open(den);
  await ada.chat.post('To myself');
  await expect(tab.chat.row(den)).toContainText('You: To myself');
  await expect(tab.chat.unreadOf(den)).toBeHidden();
});

test('a hundred and more are shown as 99+', async ({ account, person, room }) => {
  const bo = await account('bo');
  const ada = await person('ada');
  const den = await room(bo, ada);
  await bo.say(den, ...Array.from({ length: 101 }, (_, i) => `Line ${i + 1}`));
  await expect(ada.chat.unreadOf(den)).toHaveText('99+');
  await ada.page.reload();
  await expect(ada.chat.unreadOf(den)).toHaveText('99+');
});
