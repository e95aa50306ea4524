// Measures a cluster of two replicas: how fast a message reaches the other replica, and what a kill costs. Asserts nothing about times;
// fails when something that was accepted is lost or there twice.
import { parseArgs } from 'node:util';
import { Cluster, type Backplane } from '@hubbub/cluster';
import { Account } from '../fixtures/account.ts';
import { clusterOptions } from '../setup/cluster-options.ts';
import { balance, measureFailOver, type FailOver } from './fail-over.ts';
import { measureDelivery } from './latency.ts';
import { deliveryTable, failOverTable, headline, verdict } from './report.ts';
import { Talker } from './talker.ts';

const messages = 300;
const kills = 6;

const { backplane } = parseArgs({ options: { backplane: { type: 'string', default: 'postgres' } } }).values;
if (backplane !== 'postgres' && backplane !== 'redis') {
  console.error(`--backplane takes postgres or redis, not "${backplane}".`);
  process.exitCode = 2;
} else {
  process.exitCode = (await measure(backplane)) ? 0 : 1;
}

/** Prints what it finds; true when nothing was lost or doubled. */
async function measure(backplane: Backplane): Promise<boolean> {
  await using cluster = await Cluster.start({
    ...clusterOptions(),
    backplane,
    onProgress: (line) => console.log(line),
  });
  const [first, second] = [cluster.replicas[0]!, cluster.replicas[1]!];
  const [ada, bo] = [await Account.register('ada', first), await Account.register('bo', second)];
  const room = await ada.createRoom({ isPrivate: true });
  await ada.letIn(room, bo);
  await using atFirst = await Talker.connect(ada, room, cluster.replicas, first);
  await using atSecond = await Talker.connect(bo, room, cluster.replicas, second);
  console.log(`\n${headline(backplane)}\n`);

  const deliveries = [
    await measureDelivery(atFirst, atSecond, messages),
    await measureDelivery(atSecond, atFirst, messages),
  ];
  for (const line of deliveryTable(deliveries)) console.log(line);
  console.log('');

  const failOvers: FailOver[] = [];
  for (let i = 0; i < kills; i++) {
    await atFirst.moveTo(first);
    await atSecond.moveTo(second);
    failOvers.push(await measureFailOver([atFirst, atSecond], i % 2 === 0 ? first : second));
  }
  for (const line of failOverTable(failOvers)) console.log(line);
  console.log('');

  const result = await balance([atFirst, atSecond], failOvers, room, ada);
  console.log(verdict(result));
  return result.lost === 0 && result.doubled === 0;
}
