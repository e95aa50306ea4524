import { expect, test, unique } from '../../fixtures/index.ts';

test('creates a room; somebody else finds it, looks in from outside, joins and answers', async ({ person }) => {
  const [ada, bo] = [await person('ada'), await person('bo')];
  const name = unique('Rooftop garden');
  await ada.chat.createRoom(name);
  await expect(ada.chat.heading).toHaveText(name);
  await ada.chat.post('Tomatoes are ripe');
  await expect(ada.chat.message('Tomatoes are ripe').sent).toBeVisible();

  await bo.chat.search.fill(name);
  await bo.chat.open({ name });
  await expect(bo.chat.texts).toHaveText(['Tomatoes are ripe']);
  await expect(bo.chat.composer).toBeHidden();

  await bo.chat.joinButton.click();
  await bo.chat.post('On my way');
  await expect(bo.chat.message('On my way').sent).toBeVisible();
  await expect(ada.chat.texts).toHaveText(['Tomatoes are ripe', 'On my way']);
});

test('a name that a public room has already is refused, in other letters too, and what was typed stays', async ({
  account,
  person,
}) => {
  const bo = await account('bo');
  const { name } = await bo.createRoom({ name: unique('Library') });
  const ada = await person('ada');
  await ada.chat.createRoom(name.toUpperCase());
  const dialog = ada.page.getByRole('dialog');
  await expect(dialog).toContainText(`There is a room called “${name.toUpperCase()}” already.`);
  await expect(dialog.getByRole('textbox', { name: 'Room name' })).toHaveValue(name.toUpperCase());
});

test('asks for a name, and for one of at most 60 characters', async ({ person }) => {
  const ada = await person('ada');
  await ada.chat.createRoom('   ');
  const dialog = ada.page.getByRole('dialog');
  await expect(dialog).toContainText('Give the room a name.');
  await dialog.getByRole('textbox', { name: 'Room name' }).fill('x'.repeat(61));
  await expect(dialog).toContainText('A name has at most 60 characters.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
});

test('a private room is not there for others until a member lets them in', async ({ person }) => {
  const [ada, bo] = [await person('ada'), await person('bo')];
  const name = unique('Surprise party');
  await ada.chat.createRoom(name, { isPrivate: true });
  await expect(ada.chat.heading).toContainText(name);
  await ada.chat.post('Do not tell Bo');
  await expect(ada.chat.message('Do not tell Bo').sent).toBeVisible();
  const id = ada.page.url().split('/').at(-1)!;

  await test.step('not in the list, not by search, not by its address', async () => {
    await bo.chat.search.fill(name);
    await expect(bo.chat.rooms).toContainText(`No room is called “${name}”.`);
    await bo.chat.visit({ id });
    await expect(bo.chat.heading).toHaveText('There is no such room for you');
  });

  await test.step('not through the API', async () => {
    expect((await bo.account.rooms()).map((room) => room.name)).not.toContain(name);
    for (const path of ['', '/messages', '/people']) {
      expect((await bo.account.request('GET', `/api/rooms/${id}${path}`)).status).toBe(404);
    }
    await using hub = await bo.account.connect();
    expect(await hub.refusal('JoinRoom', id)).toContain('room_not_found: ');
    expect(await hub.refusal('SendMessage', id, 'Hello?', 'x')).toContain('room_not_found: ');
  });

  await test.step('let in, the room opens by itself to whoever stands at its door', async () => {
    await ada.page.getByRole('button', { name: 'Add a person' }).click();
    const dialog = ada.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'User name' }).fill(bo.userName);
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(bo.chat.heading).toContainText(name);
    await expect(bo.chat.texts).toHaveText(['Do not tell Bo']);
    await bo.chat.post('Too late');
    await expect(ada.chat.texts).toHaveText(['Do not tell Bo', 'Too late']);
  });
});

test('adding a person who does not exist is refused in words', async ({ person, room }) => {
  const ada = await person('ada');
  await ada.chat.open(await room(ada));
  await ada.page.getByRole('button', { name: 'Add a person' }).click();
  const dialog = ada.page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'User name' }).fill(unique('nobody'));
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.locator('mat-error, [role=alert]').first()).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'User name' })).toHaveValue(/nobody-/);
});

test('leaves a room: it moves back among those that can be joined, on the other device too', async ({
  account,
  person,
  newTab,
}) => {
  const bo = await account('bo');
  const ada = await person('ada');
  const hall = await bo.createRoom({ name: unique('Hall') });
  await ada.account.join(hall);
  const tab = await newTab(ada);
  await ada.chat.open(hall);
  await ada.page.getByRole('button', { name: 'More about this room' }).click();
  await ada.page.getByRole('menuitem', { name: 'Leave room' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Leave room' }).click();

  await expect(ada.page.getByText(`You left “${hall.name}”.`)).toBeVisible();
  for (const { chat } of [ada, tab]) await expect(chat.row(hall)).toHaveAccessibleName(/ not joined /);
});

test('goes to a room from the keyboard by typing a part of its name', async ({ person, room }) => {
  const ada = await person('ada');
  const den = await room(ada);
  await ada.page.keyboard.press('Control+k');
  await expect(ada.page.getByRole('combobox', { name: 'Go to a room' })).toBeFocused();
  await ada.page.keyboard.type(den.name.slice(3));
  await expect(ada.page.getByRole('option')).toHaveCount(1);
  await ada.page.keyboard.press('Enter');
  await expect(ada.chat.heading).toContainText(den.name);
});
