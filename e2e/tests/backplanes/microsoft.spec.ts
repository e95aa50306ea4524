import { Account } from '../../fixtures/account.ts';
import { expect, test } from '../../fixtures/index.ts';
import { StockHub } from '../../fixtures/stock-hub.ts';

test('what two people on two replicas say, and that they are there, reaches both', async ({
  person,
  replicas,
  room,
}) => {
  const ada = await person('ada', { on: replicas[0]! });
  const bo = await person('bo', { on: replicas[1]! });
  const den = await room(ada, bo);
  await ada.chat.open(den);
  await bo.chat.open(den);
  await ada.chat.peopleButton.click();
  await expect(ada.chat.personCalled(bo.userName)).toContainText('Online');

  await ada.chat.post('Are you on the other one?');
  await expect(bo.chat.texts).toHaveText(['Are you on the other one?']);
  await bo.chat.post('I am.');
  await expect(ada.chat.texts).toHaveText(['Are you on the other one?', 'I am.']);

  await bo.context.close();
  await expect(ada.chat.personCalled(bo.userName)).toContainText('Away');
});

test('the app says that messages may be lost, and does not claim it of what holds', async ({ person }) => {
  const ada = await person('ada');
  await expect(ada.connection.banner).toBeEmpty();
  await ada.connection.chip.click();
  await expect(ada.connection.warning).toContainText('This backplane may lose messages');
});

test('who comes back to another replica finds what was said meanwhile, each message once', async ({
  account,
  person,
  replicas,
  room,
}) => {
  const [first, second] = [replicas[0]!, replicas[1]!];
  const cy = await account('cy', second);
  const ada = await person('ada', { on: first });
  const den = await room(ada, cy);
  await ada.chat.open(den);
  await cy.say(den, 'Before');
  await expect(ada.chat.texts).toHaveText(['Before']);

  const said = ['Before'];
  for (const [i, to] of [second, first, second].entries()) {
    // Some of it falls between two connections, some between a connection and the snapshot.
    const moving = ada.connection.pick(to.name);
    for (let n = 1; n <= 5; n++) {
      said.push(`While moving ${i} ${n}`);
      await cy.say(den, said.at(-1)!);
    }
    await moving;
    await expect(ada.connection.chip).toContainText(to.name);
    await expect(ada.chat.texts).toHaveText(said);
  }
});

test('statistics move on the other replica, and so does the board', async ({ account, category, person, replicas }) => {
  const [first, second] = [replicas[0]!, replicas[1]!];
  const bo = await person('bo', { on: second });

  await test.step('an answer', async () => {
    const things = await category();
    const ada = await account('ada', first);
    await bo.statistics.visit(things);
    await expect(bo.statistics.live).toHaveAttribute('data-state', 'connected');
    await expect(bo.statistics.none).toBeVisible();
    await ada.answer(await ada.question(things), 'Right');
    await expect(bo.statistics.correct).toHaveText('1');
  });

  await test.step('the market closes and opens', async () => {
    await bo.stocks.visit();
    await expect(bo.stocks.state).toContainText('Open');
    const admin = await Account.admin(first);
    await using hub = await StockHub.connect(first.url, () => admin.accessToken);
    await hub.invoke('CloseMarket');
    await expect(bo.stocks.state).toContainText('Closed');
    await expect(bo.stocks.notes).toContainText('closed');
    await hub.invoke('OpenMarket');
    await expect(bo.stocks.state).toContainText('Open');
    const before = await bo.stocks.sequence();
    await expect.poll(() => bo.stocks.sequence()).toBeGreaterThan(before + 3);
  });
});
