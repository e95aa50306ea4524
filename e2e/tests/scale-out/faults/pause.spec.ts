import { expectConverged } from '../../../fixtures/converged.ts';
import { expect, test } from '../../../fixtures/private-cluster.ts';

test('a replica stands still with its connections open: the app notices, moves, and sends what hung there once', async ({
  cluster,
  person,
  room,
}) => {
  const [frozen, other] = [cluster.replicas[0]!, cluster.replicas[1]!];
  const ada = await person('ada', { on: frozen });
  const bo = await person('bo', { on: other });
  const den = await room(bo, ada);
  await ada.chat.open(den);
  await bo.chat.open(den);
  await ada.chat.post('Before');
  await expect(bo.chat.texts).toHaveText(['Before']);
  frozen.pause();
  await ada.chat.post('Into a frozen pipe');
  await bo.chat.post('Are you there?');

  await expect(ada.chat.message('Into a frozen pipe').sending).toBeVisible();
  await expect(ada.connection.chip).toContainText(other.name);
  await expect(ada.chat.message('Into a frozen pipe').sent).toHaveAccessibleName(`Sent, accepted by ${other.name}`);
  await expect(ada.chat.message('Are you there?').element).toBeVisible();

  await test.step('it wakes and finds the message in its pipe: it is not sent a second time', async () => {
    frozen.resume();
    await ada.chat.post('After');
    await expectConverged([bo, ada], den, [['Before', 'Into a frozen pipe', 'After'], ['Are you there?']]);
  });

  await test.step('it takes part again', async () => {
    await expect.poll(() => fetch(`${frozen.url}/health/ready`).then((answer) => answer.status)).toBe(200);
    await ada.connection.pick(frozen.name);
    await expect(ada.connection.chip).toContainText(frozen.name);
    await bo.chat.post('Welcome back');
    await expect(ada.chat.texts.last()).toHaveText('Welcome back');
    await ada.chat.post('Good to be here');
    await expect(bo.chat.texts.last()).toHaveText('Good to be here');
  });
});
