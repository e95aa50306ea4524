import { expect, test, unique } from '../../fixtures/index.ts';

test('two people on two replicas talk to each other', async ({ person, replicas, room }) => {
  const ada = await person('ada', { on: replicas[0]! });
  const bo = await person('bo', { on: replicas[1]! });
  const den = await room(ada, bo);
  await ada.chat.open(den);
  await bo.chat.open(den);

  await test.step('from the first to the second', async () => {
    await ada.chat.post('Are you on the other one?');
    await expect(bo.chat.texts).toHaveText(['Are you on the other one?']);
  });
  await test.step('from the second to the first', async () => {
    await bo.chat.post('I am.');
    await expect(ada.chat.texts).toHaveText(['Are you on the other one?', 'I am.']);
  });
  await test.step('each message says which replica took it', async () => {
    await expect(ada.chat.message('Are you on the other one?').element).toHaveAttribute(
      'data-replica',
      replicas[0]!.name,
    );
    await expect(ada.chat.message('I am.').element).toHaveAttribute('data-replica', replicas[1]!.name);
  });
});

test('both see the same order, whoever speaks at the same time', async ({ person, replicas, room }) => {
  const ada = await person('ada', { on: replicas[0]! });
  const bo = await person('bo', { on: replicas[1]! });
  const den = await room(ada, bo);
  await ada.chat.open(den);
  await bo.chat.open(den);
  const talk = async ({ chat }: typeof ada, name: string): Promise<void> => {
    for (let i = 1; i <= 12; i++) await chat.post(`${name} ${i}`);
  };
  await Promise.all([talk(ada, 'Ada'), talk(bo, 'Bo')]);
  for (const { chat } of [ada, bo])
    await expect(chat.messages.and(chat.page.locator('[data-state=sent]'))).toHaveCount(24);

  const stored = (await ada.account.messages(den)).map((message) => message.text);
  expect(new Set(stored).size).toBe(24);
  expect(stored.filter((text) => text.startsWith('Ada'))).toEqual(Array.from({ length: 12 }, (_, i) => `Ada ${i + 1}`));
  expect(stored.filter((text) => text.startsWith('Bo'))).toEqual(Array.from({ length: 12 }, (_, i) => `Bo ${i + 1}`));
  for (const { chat } of [ada, bo]) await expect(chat.texts).toHaveText(stored);
});

test('what was said on one replica is there for somebody who comes later to the other', async ({
  account,
  person,
  replicas,
  room,
}) => {
  const ada = await account('ada', replicas[0]);
  const bo = await person('bo', { on: replicas[1]! });
  const den = await room(ada, bo);
  await ada.say(den, 'Before you came', 'And this too');
  await bo.chat.visit(den);
  await expect(bo.chat.texts).toHaveText(['Before you came', 'And this too']);
  expect(await bo.account.messages(den, replicas[1])).toEqual(await bo.account.messages(den, replicas[0]));
});

test('a room made on one replica appears in the list of somebody on the other', async ({ person, replicas }) => {
  const ada = await person('ada', { on: replicas[0]! });
  const bo = await person('bo', { on: replicas[1]! });
  const name = unique('Corridor');
  await bo.chat.search.fill(name);
  await expect(bo.chat.rooms).toContainText('No room is called');
  await ada.chat.createRoom(name);
  await expect(bo.chat.row({ name })).toHaveAccessibleName(`${name} not joined 1 member`);
});

test('somebody signed in on one replica is signed in on the other', async ({ person, replicas }) => {
  const ada = await person('ada', { on: replicas[0]! });
  await ada.page.goto(replicas[1]!.url);
  await expect(ada.menu.button).toHaveAccessibleName(`Account of ${ada.userName}`);
  await expect(ada.connection.chip).toContainText(replicas[1]!.name);
});

test('the replica in use can be chosen by hand, and the choice holds after a reload', async ({
  person,
  replicas,
  room,
}) => {
  const [first, second] = [replicas[0]!, replicas[1]!];
  const ada = await person('ada', { on: first });
  const den = await room(ada);
  await ada.chat.open(den);
  await ada.connection.pick(second.name);
  await expect(ada.connection.chip).toContainText(second.name);
  await expect(ada.connection.notice).toContainText(`You are on ${second.name} now.`);

  await ada.chat.post('Taken over there');
  await expect(ada.chat.message('Taken over there').sent).toHaveAccessibleName(`Sent, accepted by ${second.name}`);

  await ada.page.reload();
  await expect(ada.connection.chip).toContainText(second.name);
  await ada.connection.pick('Automatic');
  await ada.connection.chip.click();
  await expect(ada.connection.choice('Automatic')).toBeChecked();
});

test('every answer names the replica that gave it', async ({ replicas }) => {
  for (const { name, url } of replicas) {
    for (const path of ['/', '/health/live', '/health/ready', '/api/replicas', '/api/accounts/me', '/api/nothing']) {
      const answer = await fetch(url + path);
      expect(answer.headers.get('X-Replica'), path).toBe(name);
    }
  }
});
