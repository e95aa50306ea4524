import { expect, test } from '../../fixtures/index.ts';

test('shows who is in the room and who of them is there now, as people come and go on any replica', async ({
  account,
  person,
  replicas,
  room,
}) => {
  const cy = await account('cy');
  const ada = await person('ada', { on: replicas[0]! });
  const den = await room(ada, cy);
  await ada.chat.open(den);
  await ada.chat.peopleButton.click();
  await expect(ada.chat.personCalled(ada.userName)).toContainText('Online');
  await expect(ada.chat.personCalled(cy.userName)).toContainText('Away');

  await test.step('cy comes, on the other replica', async () => {
    await using _ = await cy.connect(replicas[1]);
    await expect(ada.chat.personCalled(cy.userName)).toContainText('Online');
    await expect(ada.chat.peopleButton).toHaveAccessibleName('People, 2 online');
  });

  await test.step('cy goes', async () => {
    await expect(ada.chat.personCalled(cy.userName)).toContainText('Away');
  });

  await test.step('bo is let in and is there', async () => {
    const bo = await person('bo', { on: replicas[1]! });
    await ada.account.letIn(den, bo.account);
    await expect(ada.chat.personCalled(bo.userName)).toContainText('Online');
    await bo.context.close();
    await expect(ada.chat.personCalled(bo.userName)).toContainText('Away');
  });
});

test('somebody with two tabs stays online until both are closed', async ({ person, newTab, room }) => {
  const [ada, bo] = [await person('ada'), await person('bo')];
  const den = await room(ada, bo);
  await ada.chat.open(den);
  await ada.chat.peopleButton.click();
  const tab = await newTab(bo);
  await expect(tab.connection.chip).toHaveAttribute('data-state', 'connected');
  await bo.page.close();
  // Bo's other tab still talks, and Ada still sees Bo after it.
  await tab.chat.open(den);
  await tab.chat.post('Still here');
  await expect(ada.chat.texts).toHaveText(['Still here']);
  await expect(ada.chat.personCalled(bo.userName)).toContainText('Online');
  await tab.page.close();
  await expect(ada.chat.personCalled(bo.userName)).toContainText('Away');
});
