import { expect, test } from '../../fixtures/index.ts';
import { expectAccessible } from '../../fixtures/axe.ts';
import { HubWire } from '../../fixtures/hub-wire.ts';

test('the rooms and a conversation have no accessibility fault in any state', async ({ account, person, room }) => {
  const bo = await account('bo');
  const ada = await person('ada');
  const { page, chat } = ada;
  const [den, quiet, other] = [await room(bo, ada), await room(ada), await bo.createRoom()];
  await expect(chat.row(den)).toBeVisible();
  await expectAccessible(page, 'no room open');

  await chat.open(quiet);
  await expect(page.getByRole('heading', { name: 'Nothing said yet' })).toBeVisible();
  await expectAccessible(page, 'an empty room');

  await bo.say(den, 'Hello', 'A link: https://example.org/', '🎉');
  await expect(chat.unreadOf(den)).toHaveText('3');
  await expectAccessible(page, 'something unread');

  await chat.open(den);
  await expect(chat.newLine).toBeVisible();
  await expectAccessible(page, 'a conversation with new messages');

  await chat.peopleButton.click();
  await expect(chat.personCalled(bo.userName)).toBeVisible();
  await expectAccessible(page, 'the people of the room');

  await chat.search.fill('no room has this name');
  await expect(chat.rooms).toContainText('No room is called');
  await expectAccessible(page, 'nothing found');
  await chat.search.fill('');

  await chat.composer.fill('x'.repeat(4_010));
  await expect(chat.composerNote).toContainText('10 characters too many');
  await expectAccessible(page, 'a text that is too long');
  await chat.composer.fill('');

  await chat.search.fill(other.name);
  await chat.open(other);
  await expect(chat.joinButton).toBeVisible();
  await expectAccessible(page, 'a room seen from outside');

  await chat.visit({ id: 'nothing' });
  await expect(chat.heading).toHaveText('There is no such room for you');
  await expectAccessible(page, 'no such room');
});

test('a message on its way, and one that failed, have no accessibility fault', async ({ person, room }) => {
  const ada = await person('ada');
  await ada.chat.open(await room(ada));
  const wire = await HubWire.tap(ada.page);
  await expect(ada.connection.chip).toHaveAttribute('data-state', 'connected');
  wire.refuseNext('SendMessage', "An unexpected error occurred invoking 'SendMessage' on the server.");
  await ada.chat.post('This one fails');
  await expect(ada.chat.message('This one fails').notSent).toBeVisible();
  wire.hold();
  await ada.chat.post('This one hangs');
  await expect(ada.chat.message('This one hangs').sending).toBeVisible();
  await expectAccessible(ada.page, 'on its way, and failed');
  wire.release();
});

test('the dialogs and menus have no accessibility fault', async ({ person, room }) => {
  const ada = await person('ada');
  const { page, chat } = ada;
  await chat.open(await room(ada));
  const dialog = page.getByRole('dialog');

  await page.getByRole('button', { name: 'Create a room' }).click();
  await dialog.getByRole('button', { name: 'Create room' }).click();
  await expect(dialog).toContainText('Give the room a name.');
  await expectAccessible(page, 'create a room');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.getByRole('button', { name: 'Add a person' }).click();
  await expect(dialog).toBeVisible();
  await expectAccessible(page, 'add a person');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.getByRole('button', { name: 'More about this room' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page, 'the menu of a room');
  await page.getByRole('menuitem', { name: 'Leave room' }).click();
  await expect(dialog).toBeVisible();
  await expectAccessible(page, 'leave a room');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await ada.menu.button.click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page, 'the menu of the account');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();

  await ada.connection.chip.click();
  await expect(ada.connection.choice('Automatic')).toBeVisible();
  await expectAccessible(page, 'the connection');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.keyboard.press('Control+k');
  await expect(page.getByRole('option').first()).toBeVisible();
  await expectAccessible(page, 'go to a room');
});

test('nothing moves for those who asked for that', async ({ person, room }) => {
  const ada = await person('ada', { reducedMotion: 'reduce' });
  await ada.chat.open(await room(ada));
  const wire = await HubWire.tap(ada.page);
  await expect(ada.connection.chip).toHaveAttribute('data-state', 'connected');
  wire.hold();
  await ada.chat.post('Stand still');
  await expect(ada.chat.message('Stand still').sending).toBeVisible();
  await ada.page.getByRole('button', { name: 'Create a room' }).click();
  await expect(ada.page.getByRole('dialog')).toBeVisible();

  const moving = await ada.page.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => {
        const timing = animation.effect?.getComputedTiming();
        return animation.playState === 'running' && Number(timing?.duration) > 20;
      })
      .map((animation) => (animation instanceof CSSAnimation ? animation.animationName : 'transition')),
  );
  expect(moving).toEqual([]);
  wire.release();
});
