import { startProxy, type Proxy } from '@hubbub/cluster';
import { expect, test } from '../../../fixtures/private-cluster.ts';
import { ResumingClient } from '../../../fixtures/resuming-client.ts';

test('a client that keeps its connection over a cut, and resumes when its replica dies, gets everything once and in order', async ({
  account,
  cluster,
}) => {
  const [near, far] = [cluster.replicas[0]!, cluster.replicas[1]!];
  const ada = await account('ada', near);
  const bo = await account('bo', far);
  const den = await ada.createRoom();
  await bo.join(den);
  await using talker = await bo.connect();
  await using line: Proxy = await startProxy({ targetPort: near.port });
  await using listener = new ResumingClient(() => ada.accessToken);
  await listener.connect(`http://127.0.0.1:${line.port}`);
  const said: string[] = [];
  const say = async (): Promise<void> => {
    said.push(`Bo ${said.length + 1}`);
    await talker.send(den, said.at(-1)!);
  };
  const hears = (): Promise<void> => expect.poll(() => listener.texts).toEqual(said);

  await test.step('the line is cut, three times: the connection is the same one after', async () => {
    const id = listener.connectionId;
    await say();
    await hears();
    for (let i = 0; i < 3; i++) {
      // What is under way is lost with the line; SignalR's client tries once to get a new one.
      line.stall();
      await say();
      await say();
      line.cut();
      line.heal();
      await hears();
      await say();
      await hears();
    }
    expect(listener.connectionId).toBe(id);
    expect(listener.answers).toEqual(['new']);
  });

  await test.step('the replica dies: the client goes on at the other one, where it was', async () => {
    await near.kill();
    await say();
    await listener.over;
    await say();
    await listener.connect(far.url);
    await hears();
    expect(listener.answers).toEqual(['new', 'resumed']);
  });
});
