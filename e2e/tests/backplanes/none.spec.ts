import { expect, test } from '../../fixtures/index.ts';

test('a message does not reach the other replica until its page is loaded again, and a banner says so', async ({
  person,
  replicas,
  room,
}) => {
  const ada = await person('ada', { on: replicas[0]! });
  const near = await person('near', { on: replicas[0]! });
  const far = await person('far', { on: replicas[1]! });
  const den = await room(ada, near, far);
  for (const { chat, connection } of [ada, near, far]) {
    await chat.visit(den);
    await expect(connection.banner).toContainText('The servers are not connected to each other');
    await expect(chat.composer).toBeEditable();
  }

  await ada.chat.post('Does anybody hear me?');
  await expect(near.chat.texts).toHaveText(['Does anybody hear me?']);

  // The other replica serves its own people as it should, and shows them nothing of this.
  const hall = await room(far);
  await far.chat.open(hall);
  await far.chat.post('All quiet here.');
  await expect(far.chat.message('All quiet here.').sent).toBeVisible();
  await far.chat.open(den);
  await expect(far.chat.heading).toContainText(den.name);
  await expect(far.chat.texts).toHaveCount(0);

  await far.page.reload();
  await expect(far.chat.texts).toHaveText(['Does anybody hear me?']);
});

test('the panel says why, and moving to the other replica by hand shows what is there', async ({
  account,
  person,
  replicas,
  room,
}) => {
  const [first, second] = [replicas[0]!, replicas[1]!];
  const ada = await person('ada', { on: first });
  const cy = await account('cy', second);
  const den = await room(ada, cy);
  await ada.chat.open(den);
  await cy.say(den, 'Over here');

  await ada.connection.chip.click();
  await expect(ada.connection.warning).toContainText('The replicas are not connected');
  await ada.connection.choice(second.name).check();
  await ada.connection.panel.getByRole('button', { name: 'Close' }).click();
  await expect(ada.chat.texts).toHaveText(['Over here']);
  await cy.say(den, 'Welcome');
  await expect(ada.chat.texts).toHaveText(['Over here', 'Welcome']);
});

test('statistics stand still on the other replica', async ({ account, category, person, replicas }) => {
  const [first, second] = [replicas[0]!, replicas[1]!];
  const things = await category();
  const near = await person('near', { on: first });
  const far = await person('far', { on: second });
  for (const { statistics } of [near, far]) {
    await statistics.visit(things);
    await expect(statistics.live).toHaveAttribute('data-state', 'connected');
    await expect(statistics.none).toBeVisible();
  }
  const ada = await account('ada', first);
  await ada.answer(await ada.question(things), 'Right');
  await expect(near.statistics.correct).toHaveText('1');
  await expect(far.statistics.none).toBeVisible();
  await far.page.reload();
  await expect(far.statistics.correct).toHaveText('1');
});
