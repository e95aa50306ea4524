import type { Cluster } from '@hubbub/cluster';
import { expectConverged } from '../../../fixtures/converged.ts';
import { expect, test } from '../../../fixtures/private-cluster.ts';
import { backplaneUnderTest } from '../../../setup/cluster-options.ts';

const stores: readonly { name: string; of: (cluster: Cluster) => Cluster['postgres' | 'redis'] }[] = [
  { name: 'PostgreSQL', of: (cluster) => cluster.postgres },
  ...(backplaneUnderTest() === 'redis' ? [{ name: 'Redis', of: (cluster: Cluster) => cluster.redis }] : []),
];

for (const { name, of } of stores) {
  for (const { how, end } of [
    { how: 'is restarted', end: 'stop' },
    { how: 'is killed and comes back', end: 'kill' },
  ] as const) {
    test(`${name} ${how} while two people talk: nothing accepted is lost, nothing is there twice`, async ({
      cluster,
      person,
      room,
    }) => {
      const store = of(cluster)!;
      const ada = await person('ada', { on: cluster.replicas[0]! });
      const bo = await person('bo', { on: cluster.replicas[1]! });
      const den = await room(ada, bo);
      await ada.chat.open(den);
      await bo.chat.open(den);
      await ada.chat.post('Ada 1');
      await expect(bo.chat.texts).toHaveText(['Ada 1']);

      await store[end]();
      await ada.chat.post('Ada 2');
      await bo.chat.post('Bo 1');
      await expect(ada.chat.message('Ada 2').element).toBeVisible();
      await store.start();
      await ada.chat.post('Ada 3');
      await bo.chat.post('Bo 2');

      await expectConverged([ada, bo], den, [
        ['Ada 1', 'Ada 2', 'Ada 3'],
        ['Bo 1', 'Bo 2'],
      ]);
    });
  }
}

test('while the database is away, a replica says that it is not ready, and is ready again after', async ({
  cluster,
}) => {
  const { url } = cluster.replicas[0]!;
  const status = (path: string): Promise<number> => fetch(url + path).then((answer) => answer.status);
  await expect.poll(() => status('/health/ready')).toBe(200);
  await cluster.postgres!.stop();
  await expect.poll(() => status('/health/ready')).toBe(503);
  expect(await status('/health/live')).toBe(200);
  await cluster.postgres!.start();
  await expect.poll(() => status('/health/ready')).toBe(200);
});

test('while the backplane is away, the page and the health of the replica say so, and what is written is sent once after', async ({
  cluster,
  person,
  room,
}) => {
  // The last of them is the one that replicas exchange messages through.
  const store = stores.at(-1)!.of(cluster)!;
  const ada = await person('ada', { on: cluster.replicas[0]! });
  const bo = await person('bo', { on: cluster.replicas[1]! });
  const den = await room(ada, bo);
  await ada.chat.open(den);
  await bo.chat.open(den);
  const isAway = ada.page.getByText('The servers cannot exchange messages at the moment.');
  const ready = (): Promise<number> => fetch(`${cluster.replicas[0]!.url}/health/ready`).then(({ status }) => status);

  await store.stop();
  await expect(isAway).toBeVisible();
  await expect.poll(ready).toBe(503);
  await ada.chat.post('Ada 1');
  await expect(ada.chat.message('Ada 1').element).toBeVisible();

  await store.start();
  await expect(isAway).toBeHidden();
  await expect.poll(ready).toBe(200);
  await expectConverged([ada, bo], den, [['Ada 1']]);
});
