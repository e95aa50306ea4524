import { expectConverged } from '../../../fixtures/converged.ts';
import { expect, test } from '../../../fixtures/private-cluster.ts';

const lines = (name: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${name} ${from + i}`);

test('a replica is killed while two people talk: both go on, and everything is there, once and in order', async ({
  cluster,
  person,
  room,
}) => {
  const [doomed, other] = [cluster.replicas[0]!, cluster.replicas[1]!];
  const ada = await person('ada', { on: doomed });
  const bo = await person('bo', { on: other });
  const den = await room(bo, ada);
  await ada.chat.open(den);
  await bo.chat.open(den);
  const post = async (from: number, to: number): Promise<void> => {
    for (let i = from; i <= to; i++) {
      await ada.chat.post(`Ada ${i}`);
      await bo.chat.post(`Bo ${i}`);
    }
  };

  await post(1, 4);
  // It is said for some seconds only.
  const told = expect(ada.connection.notice).toContainText(`${doomed.name} went away. You are on ${other.name} now.`);
  // Not waited for: it happens in the middle of what follows.
  const killed = doomed.kill();
  await post(5, 12);
  await killed;

  await expect(ada.connection.chip).toContainText(other.name);
  await told;
  await post(13, 14);
  const stored = await expectConverged([bo, ada], den, [lines('Ada', 1, 14), lines('Bo', 1, 14)]);
  expect(stored.at(-1)!.replica).toBe(other.name);

  await test.step('the panel tells what happened, and the killed one is no choice any more', async () => {
    await ada.connection.chip.click();
    await expect(ada.connection.panel).toContainText(`moved from ${doomed.name} to ${other.name}`);
    await expect(ada.connection.choice(other.name)).toBeVisible();
    await ada.page.keyboard.press('Escape');
  });

  await test.step('it starts again and is picked by hand', async () => {
    await doomed.start();
    await ada.connection.pick(doomed.name);
    await expect(ada.connection.chip).toContainText(doomed.name);
    await ada.chat.post('Back home');
    await expect(bo.chat.texts.last()).toHaveText('Back home');
    await expect(ada.chat.message('Back home').sent).toHaveAccessibleName(`Sent, accepted by ${doomed.name}`);
  });
});

test('killed again and again, one replica after the other, and the two go on talking', async ({
  cluster,
  person,
  room,
}) => {
  const ada = await person('ada', { on: cluster.replicas[0]! });
  const bo = await person('bo', { on: cluster.replicas[1]! });
  const den = await room(bo, ada);
  await ada.chat.open(den);
  await bo.chat.open(den);
  for (const [round, replica] of cluster.replicas.entries()) {
    await ada.chat.post(`Ada ${2 * round + 1}`);
    await bo.chat.post(`Bo ${2 * round + 1}`);
    const killed = replica.kill();
    await ada.chat.post(`Ada ${2 * round + 2}`);
    await bo.chat.post(`Bo ${2 * round + 2}`);
    await killed;
    for (const { connection } of [ada, bo]) {
      await expect(connection.chip).not.toContainText(replica.name);
      await expect(connection.chip).toHaveAttribute('data-state', 'connected');
    }
    await replica.start();
  }
  await expectConverged([ada, bo], den, [lines('Ada', 1, 4), lines('Bo', 1, 4)]);
});

test('no replica is left: what is written is kept, and sent once when one is back', async ({
  cluster,
  person,
  room,
}) => {
  const [first, second] = [cluster.replicas[0]!, cluster.replicas[1]!];
  const ada = await person('ada', { on: first });
  const bo = await person('bo', { on: second });
  const den = await room(ada, bo);
  await ada.chat.open(den);
  await bo.chat.open(den);
  await ada.chat.post('Before');
  await expect(bo.chat.texts).toHaveText(['Before']);
  await Promise.all(cluster.replicas.map((replica) => replica.kill()));

  await expect(ada.connection.banner).toContainText('What you write is kept');
  await ada.chat.post('Into the void');
  await ada.chat.post('And once more');
  await expect(ada.chat.message('Into the void').waiting).toBeVisible();
  await expect(ada.chat.message('And once more').waiting).toBeVisible();

  await test.step('one of them is taken back before anybody saw it', async () => {
    await ada.chat.message('And once more').discard.click();
    await expect(ada.chat.message('And once more').element).toHaveCount(0);
  });

  await second.start();
  await expect(ada.connection.chip).toContainText(second.name);
  await expect(ada.connection.banner).toBeEmpty();
  await expect(ada.chat.message('Into the void').sent).toBeVisible();
  await first.start();
  await expectConverged([ada, bo], den, [['Before', 'Into the void']]);
});

test('a replica that is stopped in good order hands its people over', async ({ cluster, person, room }) => {
  const [first, second] = [cluster.replicas[0]!, cluster.replicas[1]!];
  const ada = await person('ada', { on: first });
  const bo = await person('bo', { on: second });
  const den = await room(bo, ada);
  await ada.chat.open(den);
  await bo.chat.open(den);
  await ada.chat.post('Ada 1');
  const stopped = first.stop();
  await ada.chat.post('Ada 2');
  await bo.chat.post('Bo 1');
  await stopped;
  await expect(ada.connection.chip).toContainText(second.name);
  await expectConverged([bo, ada], den, [['Ada 1', 'Ada 2'], ['Bo 1']]);
  await expect
    .poll(async () =>
      ((await (await fetch(`${second.url}/api/replicas`)).json()) as { name: string }[]).map((r) => r.name),
    )
    .toEqual([second.name]);
});

test('people of a replica that was killed are seen as gone when they do not come back', async ({
  account,
  cluster,
  person,
  room,
}) => {
  const [doomed, other] = [cluster.replicas[0]!, cluster.replicas[1]!];
  const ada = await person('ada', { on: other });
  const cy = await account('cy', other);
  const bo = await person('bo', { on: doomed });
  const den = await room(ada, bo, cy);
  const hub = await cy.connect(doomed);
  await ada.chat.open(den);
  await ada.chat.peopleButton.click();
  await expect(ada.chat.personCalled(cy.userName)).toContainText('Online');
  await expect(ada.chat.personCalled(bo.userName)).toContainText('Online');

  await doomed.kill();
  await expect(ada.chat.personCalled(cy.userName)).toContainText('Away');
  // Bo's app has gone to the other replica, so Bo is still there.
  await expect(bo.connection.chip).toContainText(other.name);
  await expect(ada.chat.personCalled(bo.userName)).toContainText('Online');
  await hub[Symbol.asyncDispose]();
});
