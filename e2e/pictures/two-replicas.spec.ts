import { expect, test } from '@playwright/test';
import { Cluster } from '@hubbub/cluster';
import { ChatPage } from '../pages/chat-page.ts';
import { sideBySide } from './side-by-side.ts';
import { visit } from './visitor.ts';

const room = 'Launch day';

test('two people on two replicas, one in light and one in dark', async ({ browser }) => {
  await using cluster = await Cluster.start({ replicas: 2, ports: 5001 });
  const [first, second] = cluster.replicas;
  const ada = new ChatPage(await visit(browser, first!.url, '/', { name: 'Ada', colorScheme: 'light' }));
  const bo = new ChatPage(await visit(browser, second!.url, '/', { name: 'Bo.Larsen', colorScheme: 'dark' }));
  await expect(ada.heading).toBeVisible();
  await expect(bo.heading).toBeVisible();

  await ada.createRoom(room);
  await expect(ada.heading).toContainText(room);
  await bo.open({ name: room });
  await bo.joinButton.click();

  const said: [ChatPage, string][] = [
    [ada, 'I am on 5001. Can you see this?'],
    [bo, 'On 5002, in the same second.'],
    [bo, 'And when yours goes down?'],
    [ada, 'Then I am on yours before you have finished the sentence.'],
    [bo, 'Nothing lost?'],
    [ada, 'Not a word.'],
  ];
  for (const [speaker, text] of said) {
    await speaker.post(text);
    await expect(ada.message(text).element).toBeVisible();
    await expect(bo.message(text).element).toBeVisible();
  }
  await sideBySide(browser, [ada.page, bo.page], 'two-replicas.png');
});
