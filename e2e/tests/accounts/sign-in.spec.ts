import { expect, test, unique } from '../../fixtures/index.ts';

test('signs in and goes on to the address that was wanted', async ({ account, room, visitor }) => {
  const ada = await account('ada');
  const den = await room(ada);
  const { page, entrance, chat } = await visitor();
  await chat.visit(den);
  await expect(page).toHaveURL(/\/sign-in\?/);
  await entrance.enter(ada.userName, ada.password);

  await expect(chat.heading).toHaveText(den.name);
  await expect(page).toHaveURL(new RegExp(`/chat/${den.id}$`));
});

test('a wrong password and an unknown name get the same answer', async ({ account, visitor }) => {
  const ada = await account('ada');
  const { entrance } = await visitor();
  const same = 'That user name and password do not match.';
  await entrance.openSignIn();
  await entrance.enter(ada.userName, 'not the password');
  await expect(entrance.problem).toHaveText(same);

  await entrance.enter(unique('nobody'), 'not the password');
  await expect(entrance.problem).toHaveText(same);

  await entrance.enter(ada.userName, ada.password);
  await expect(entrance.problem).toBeHidden();
});

test('asks for what is missing', async ({ visitor }) => {
  const { entrance, page } = await visitor();
  await entrance.openSignIn();
  await entrance.signIn.click();
  await expect(page.getByText('Type your user name.')).toBeVisible();
  await expect(page.getByText('Type your password.')).toBeVisible();
});

test('is still signed in after loading the page again', async ({ person }) => {
  const ada = await person('ada');
  await ada.page.reload();
  await expect(ada.connection.chip).toContainText(ada.replica.name);
  await expect(ada.menu.button).toHaveAccessibleName(`Account of ${ada.userName}`);
});

test('signs out, in the other tab too', async ({ person, newTab }) => {
  const ada = await person('ada');
  const tab = await newTab(ada);
  await expect(tab.chat.row({ name: 'lobby' })).toBeVisible();
  await ada.menu.signOut();

  await expect(ada.entrance.signIn).toBeVisible();
  await expect(tab.entrance.signIn).toBeVisible();

  await test.step('and a reload does not bring the session back', async () => {
    await tab.page.goto('/chat');
    await expect(tab.entrance.signIn).toBeVisible();
    const answer = await ada.context.request.post('/api/accounts/refresh');
    expect(answer.status()).toBe(401);
  });
});

test('signs in in one tab and the other one follows', async ({ account, visitor, newTab }) => {
  const ada = await account('ada');
  const first = await visitor();
  await first.entrance.openSignIn();
  const second = await newTab(first);
  await expect(second.entrance.signIn).toBeVisible();
  await first.entrance.enter(ada.userName, ada.password);

  await expect(first.menu.button).toBeVisible();
  await expect(second.menu.button).toBeVisible();
});
