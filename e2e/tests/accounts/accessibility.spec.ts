import { expect, test } from '../../fixtures/index.ts';
import { expectAccessible } from '../../fixtures/axe.ts';

test('the pages before signing in have no accessibility fault, with and without problems in them', async ({
  visitor,
}) => {
  const { page, entrance } = await visitor();
  await entrance.openSignIn();
  await expect(entrance.signIn).toBeVisible();
  await expectAccessible(page, 'sign in');

  await entrance.signIn.click();
  await expect(page.getByText('Type your password.')).toBeVisible();
  await expectAccessible(page, 'sign in, nothing filled in');

  await entrance.enter('nobody-here', 'not a password');
  await expect(entrance.problem).toBeVisible();
  await expectAccessible(page, 'sign in, refused');

  await entrance.openRegister();
  await expect(entrance.createAccount).toBeVisible();
  await expectAccessible(page, 'register');

  await entrance.register('a b', 'short');
  await expect(page.getByText('Only letters, digits')).toBeVisible();
  await expectAccessible(page, 'register, refused');
});

test('the page that does not exist has no accessibility fault', async ({ visitor }) => {
  const { page } = await visitor();
  await page.goto('/no/such/page');
  await expect(page.getByRole('heading', { name: 'It is quiet here' })).toBeVisible();
  await expectAccessible(page, 'not found');
});
