import { expectConverged } from '../../../fixtures/converged.ts';
import { watchHubConnections } from '../../../fixtures/hub-connections.ts';
import { expect, test } from '../../../fixtures/private-cluster.ts';

test.use({ replicaSettings: { Accounts__AccessTokenLifetime: '00:00:15' } });

test('a token ends, and ends again, while two people talk: the page comes back with a new one, and nothing is missing', async ({
  cluster,
  person,
  room,
}) => {
  const ada = await person('ada', { on: cluster.replicas[0]! });
  const bo = await person('bo', { on: cluster.replicas[1]! });
  await Promise.all([ada, bo].map(({ account }) => account.signInAgain()));
  const den = await room(ada, bo);
  const connections = watchHubConnections(ada.page);
  await ada.page.reload();
  await ada.chat.open(den);
  await bo.chat.open(den);

  const said: [string[], string[]] = [[], []];
  await test.step('they talk until two connections of one of them have ended and the third one goes on', async () => {
    await expect(async () => {
      const number = said[0].length + 1;
      for (const [i, { chat }] of [ada, bo].entries()) {
        await chat.post(`${i === 0 ? 'Ada' : 'Bo'} ${number}`);
        said[i]!.push(`${i === 0 ? 'Ada' : 'Bo'} ${number}`);
      }
      expect(connections.filter(({ resumed }) => resumed !== undefined).length).toBeGreaterThanOrEqual(3);
    }).toPass({ timeout: 90_000, intervals: [1_000] });
  });

  const answered = connections.filter(({ resumed }) => resumed !== undefined);
  expect(answered.map(({ resumed }) => resumed).slice(0, 3), 'how they began').toEqual([false, true, true]);
  expect(new Set(answered.map(({ accessToken }) => accessToken)).size, 'each with a token of its own').toBe(
    answered.length,
  );
  expect(answered.slice(0, -1).every(({ isOver }) => isOver)).toBe(true);
  await expect(ada.connection.chip, 'it was not the replica that failed').toContainText(cluster.replicas[0]!.name);
  await Promise.all([ada, bo].map(({ account }) => account.signInAgain()));
  await expectConverged([ada, bo], den, said);
});
