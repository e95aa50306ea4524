import type { Cluster, Replica } from '@hubbub/cluster';
import { Account } from '../../../fixtures/account.ts';
import { expectOneStory, marketOn, ticksAfter } from '../../../fixtures/market.ts';
import { expect, test, type Person } from '../../../fixtures/private-cluster.ts';
import { StockHub } from '../../../fixtures/stock-hub.ts';

/** Who leads now, and who does not. */
async function leaderOf(cluster: Cluster, as: Account): Promise<{ leader: Replica; other: Replica }> {
  const { replica } = (await marketOn(cluster.replicas[0]!, as)).leader;
  const leader = cluster.replicas.find(({ name }) => name === replica)!;
  const other = cluster.replicas.find(({ name }) => name !== replica)!;
  return { leader, other };
}

async function watch(person: Person): Promise<void> {
  const { stocks, replica } = person;
  await stocks.visit();
  await expect(stocks.servedBy).toHaveText(replica.name);
  await expect(stocks.rows.first()).toBeVisible();
  await stocks.record();
}

/** What the page has shown went up, one tick after the other or with some folded, and never back. */
async function expectNoJumpBack({ stocks }: Person): Promise<void> {
  const seen = (await stocks.recorded()).map(({ sequence }) => sequence);
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  await expect(stocks.notes).not.toContainText('missing');
  await expect(stocks.notes).not.toContainText('out of turn');
}

test.beforeEach('the market is open', async ({ cluster }) => {
  const admin = await Account.admin(cluster.replicas[0]!);
  await using hub = await StockHub.connect(admin.replica.url, () => admin.accessToken);
  await hub.invoke('OpenMarket');
});

test('the leader is killed: the market goes on from where it was, and nobody misses a tick', async ({
  cluster,
  account,
  person,
}) => {
  const cy = await account('cy');
  const { leader, other } = await leaderOf(cluster, cy);
  const ada = await person('ada', { on: leader });
  const bo = await person('bo', { on: other });
  await watch(ada);
  await watch(bo);
  const begun = (await marketOn(other, cy)).sequence;
  await expect.poll(() => bo.stocks.sequence()).toBeGreaterThan(begun + 4);

  await leader.kill();
  const killed = (await marketOn(other, cy)).sequence;
  await expect(bo.stocks.ledBy).toHaveText(other.name);
  await expect(ada.stocks.servedBy).toHaveText(other.name);
  for (const { stocks } of [ada, bo]) await expect.poll(() => stocks.sequence()).toBeGreaterThan(killed + 12);
  for (const one of [ada, bo]) await expectNoJumpBack(one);

  const ticks = await ticksAfter(begun, other, cy);
  expectOneStory(ticks, begun);
  const longest = Math.max(
    ...ticks.slice(1).map(({ tickedAt }, i) => Date.parse(tickedAt) - Date.parse(ticks[i]!.tickedAt)),
  );
  expect(longest, 'ms without a tick').toBeLessThan(3_000);

  await test.step('it comes back and tells the same story', async () => {
    await leader.start();
    const last = ticks.at(-1)!.sequence;
    const there = (await ticksAfter(begun, leader, cy)).filter(({ sequence }) => sequence <= last);
    expect(there).toEqual(ticks);
  });
});

test('the leader stands still and wakes up: another one has taken over, and it writes nothing more', async ({
  cluster,
  account,
  person,
}) => {
  const cy = await account('cy');
  const { leader, other } = await leaderOf(cluster, cy);
  const ada = await person('ada', { on: leader });
  const bo = await person('bo', { on: other });
  await watch(ada);
  await watch(bo);
  const begun = (await marketOn(other, cy)).sequence;
  leader.pause();

  await expect(bo.stocks.ledBy).toHaveText(other.name);
  await expect(ada.stocks.servedBy).toHaveText(other.name);
  const moved = (await marketOn(other, cy)).sequence;
  for (const { stocks } of [ada, bo]) await expect.poll(() => stocks.sequence()).toBeGreaterThan(moved + 8);

  leader.resume();
  await expect.poll(() => fetch(`${leader.url}/health/ready`).then(({ status }) => status)).toBe(200);
  const woke = (await marketOn(other, cy)).sequence;
  for (const { stocks } of [ada, bo]) await expect.poll(() => stocks.sequence()).toBeGreaterThan(woke + 12);
  for (const one of [ada, bo]) await expectNoJumpBack(one);
  expect((await marketOn(other, cy)).leader.replica).toBe(other.name);
  await expect.poll(async () => (await marketOn(leader, cy)).sequence).toBeGreaterThan(woke);
  expectOneStory(await ticksAfter(begun, leader, cy), begun);
});

test('commands through the replica that does not lead reach everybody and are written down', async ({
  admin,
  cluster,
  account,
  person,
}) => {
  const cy = await account('cy');
  const { leader, other } = await leaderOf(cluster, cy);
  const boss = await admin({ on: other });
  const ada = await person('ada', { on: leader });
  await watch(boss);
  await watch(ada);

  await boss.stocks.closeMarket.click();
  for (const { stocks } of [boss, ada]) {
    await expect(stocks.state).toContainText('Closed');
    await expect(stocks.notes).toContainText('admin closed the market');
  }
  const closed = (await marketOn(leader, cy)).sequence;
  for (const { stocks } of [boss, ada]) await expect.poll(() => stocks.sequence()).toBe(closed);

  await test.step('a new day, after being asked', async () => {
    await boss.stocks.reset.click();
    await boss.page.getByRole('button', { name: 'Keep the day' }).click();
    await expect(boss.stocks.dialog).toBeHidden();
    expect((await marketOn(leader, cy)).sequence).toBe(closed);
    await boss.stocks.reset.click();
    await boss.page.getByRole('button', { name: 'Reset the market' }).click();
    for (const { stocks } of [boss, ada]) {
      await expect.poll(() => stocks.sequence()).toBe(closed + 1);
      await expect(stocks.rows.locator('.change').filter({ hasNotText: /^0\.00$/ })).toHaveCount(0);
    }
  });

  await boss.stocks.openMarket.click();
  for (const { stocks } of [boss, ada]) {
    await expect(stocks.state).toContainText('Open');
    await expect.poll(() => stocks.sequence()).toBeGreaterThan(closed + 8);
  }

  await boss.stocks.audit.click();
  const lines = boss.stocks.dialog.getByRole('listitem');
  await expect(lines.nth(0)).toContainText('admin opened the market');
  await expect(lines.nth(1)).toContainText('admin began a new day');
  await expect(lines.nth(2)).toContainText('admin closed the market');
  for (const line of [0, 1, 2]) await expect(lines.nth(line)).toContainText(`through ${other.name}`);
  for (const one of [boss, ada]) await expectNoJumpBack(one);

  await test.step('no new day while the market is open', async () => {
    await using hub = await StockHub.connect(leader.url, () => boss.account.accessToken);
    expect(await hub.refusal('Reset')).toContain('HubException: market_open:');
  });
});

test('the whole cluster is restarted: the market stands where it stood', async ({ admin, cluster, account }) => {
  const cy = await account('cy');
  const boss = await admin();
  await watch(boss);
  await boss.stocks.closeMarket.click();
  await expect(boss.stocks.state).toContainText('Closed');
  const before = await marketOn(cluster.replicas[1]!, cy);
  await expect.poll(() => boss.stocks.sequence()).toBe(before.sequence);

  await Promise.all(cluster.replicas.map((replica) => replica.stop()));
  await cluster.postgres!.stop();
  await cluster.postgres!.start();
  await Promise.all(cluster.replicas.map((replica) => replica.start()));

  await boss.page.reload();
  await expect(boss.stocks.state).toContainText('Closed');
  await expect(boss.stocks.rows.first()).toBeVisible();
  await expect.poll(() => boss.stocks.sequence()).toBe(before.sequence);
  await expect(boss.stocks.price('ACRN')).toHaveText(
    before.stocks.find(({ symbol }) => symbol === 'ACRN')!.price.toFixed(2),
  );
  for (const replica of cluster.replicas) {
    const { state, sequence, stocks } = await marketOn(replica, cy);
    expect({ state, sequence, stocks }).toEqual({ state: 'Closed', sequence: before.sequence, stocks: before.stocks });
  }

  await boss.stocks.openMarket.click();
  await expect.poll(() => boss.stocks.sequence()).toBeGreaterThan(before.sequence + 4);
  expectOneStory(await ticksAfter(before.sequence, cluster.replicas[0]!, cy), before.sequence);
});
