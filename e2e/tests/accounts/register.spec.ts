import { expect, test, unique } from '../../fixtures/index.ts';

test('registers with a name and a password and stands in the lobby', async ({ visitor }) => {
  const { page, entrance, chat } = await visitor();
  const name = unique('ada');
  await page.goto('/');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await expect(page.getByRole('heading', { name: 'Join the hubbub' })).toBeVisible();
  await entrance.register(name, 'a long enough password');

  await expect(chat.row({ name: 'lobby' })).toBeVisible();
  await expect(page.getByRole('button', { name: `Account of ${name}` })).toBeVisible();
  await chat.open({ name: 'lobby' });
  await expect(chat.composer).toBeFocused();
});

const refused = [
  { what: 'no user name', userName: '', password: 'long enough', says: 'Choose a user name.' },
  { what: 'a user name of 2 characters', userName: 'ab', password: 'long enough', says: 'at least 3 characters' },
  { what: 'a user name of 33', userName: 'a'.repeat(33), password: 'long enough', says: 'at most 32 characters' },
  { what: 'a user name with a space', userName: 'ada l', password: 'long enough', says: 'Only letters, digits' },
  { what: 'a user name with markup', userName: '<b>ada</b>', password: 'long enough', says: 'Only letters, digits' },
  { what: 'no password', userName: 'ada', password: '', says: 'Choose a password.' },
  { what: 'a password of 7 characters', userName: 'ada', password: '1234567', says: 'A password has at least 8' },
  { what: 'a password of 129', userName: 'ada', password: 'x'.repeat(129), says: 'A password has at most 128' },
];

for (const { what, userName, password, says } of refused) {
  test(`says at the field what is wrong with ${what}`, async ({ visitor }) => {
    const { page, entrance } = await visitor();
    await entrance.openRegister();
    await entrance.register(userName, password);

    await expect(page.getByText(says)).toBeVisible();
    await expect(page).toHaveURL(/\/register$/);
  });
}

test('a name that is taken, in other letters too, is said at the field, and what was typed stays', async ({
  account,
  visitor,
}) => {
  const ada = await account('ada');
  const { page, entrance, chat } = await visitor();
  const taken = ada.userName.toUpperCase();
  await entrance.openRegister();
  await entrance.register(taken, 'a long enough password');

  await expect(page.getByText(`“${taken}” is taken`)).toBeVisible();
  await expect(entrance.userName).toHaveValue(taken);
  await expect(entrance.password).toHaveValue('a long enough password');

  await entrance.register(unique('ada'), 'a long enough password');
  await expect(chat.row({ name: 'lobby' })).toBeVisible();
});

test('shows the password while it is typed, if wanted', async ({ visitor }) => {
  const { page, entrance } = await visitor();
  await entrance.openRegister();
  await entrance.password.fill('open sesame');
  await expect(entrance.password).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(entrance.password).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: 'Hide password' }).click();
  await expect(entrance.password).toHaveAttribute('type', 'password');
});
