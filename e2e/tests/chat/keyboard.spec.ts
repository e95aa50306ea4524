import { expect, test, unique } from '../../fixtures/index.ts';

test('registers, finds a room, joins it, talks, and signs out without a mouse', async ({ account, visitor }) => {
  const bo = await account('bo');
  const hall = await bo.createRoom({ name: unique('Hall') });
  await bo.say(hall, 'Welcome');
  const { page, chat, entrance, menu } = await visitor();
  const { keyboard } = page;
  /** Presses Tab until the element has the focus: it has to be reachable, and not too far. */
  const tabTo = async (name: string): Promise<void> => {
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const element = document.activeElement as HTMLInputElement | null;
        return element?.ariaLabel ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? '';
      });
    await expect(async () => {
      await keyboard.press('Tab');
      expect(await focused()).toContain(name);
    }).toPass({ intervals: [0] });
  };

  await page.goto('/');
  await expect(entrance.signIn).toBeVisible();
  await tabTo('Create an account');
  await keyboard.press('Enter');
  await expect(entrance.createAccount).toBeVisible();
  await tabTo('User name');
  await keyboard.type(unique('ada'));
  await keyboard.press('Tab');
  await keyboard.type('a long enough password');
  await keyboard.press('Enter');
  await expect(chat.row({ name: 'lobby' })).toBeVisible();

  await keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Go to a room' })).toBeFocused();
  await keyboard.type(hall.name);
  await expect(page.getByRole('option')).toHaveCount(1);
  await keyboard.press('Enter');
  await expect(chat.texts).toHaveText(['Welcome']);
  await tabTo('Join room');
  await keyboard.press('Enter');
  await expect(chat.composer).toBeFocused();
  await keyboard.type('Thank you');
  await keyboard.press('Enter');
  await expect(chat.message('Thank you').sent).toBeVisible();
  await expect(chat.composer).toBeFocused();

  await test.step('the conversation and the list can be walked with the keyboard', async () => {
    await tabTo('Rooms');
    await keyboard.press('Alt+ArrowDown');
    await expect(chat.heading).toHaveText('lobby');
    await keyboard.press('Alt+ArrowUp');
    await expect(chat.heading).toHaveText(hall.name);
  });

  await test.step('the shortcuts can be looked up', async () => {
    await chat.log.focus();
    await keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await keyboard.press('Escape');
    await expect(chat.log).toBeFocused();
  });

  await menu.button.focus();
  await keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
  await keyboard.press('End');
  await keyboard.press('Enter');
  await expect(entrance.signIn).toBeVisible();
});

test('a screen reader hears new messages of others, and not its own', async ({ account, person, room }) => {
  const bo = await account('bo');
  const ada = await person('ada');
  const den = await room(bo, ada);
  await ada.chat.open(den);
  await expect(ada.chat.composer).toBeFocused();
  const spoken = ada.page.locator('.cdk-live-announcer-element[aria-live=polite]');
  await ada.chat.post('I say this');
  await expect(ada.chat.message('I say this').sent).toBeVisible();
  await bo.say(den, 'And I say that');
  await expect(spoken).toHaveText(`${bo.userName}: And I say that`);
});
