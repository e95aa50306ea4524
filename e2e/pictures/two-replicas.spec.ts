import { join } from 'node:path';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { Cluster } from '@hubbub/cluster';
import { ChatPage } from '../pages/chat-page.ts';
import { Entrance } from '../pages/entrance.ts';

const picture = join(import.meta.dirname, '..', '..', 'docs', 'pictures', 'two-replicas.png');
const room = 'Launch day';

test('two people on two replicas, one in light and one in dark', async ({ browser }) => {
  await using cluster = await Cluster.start({ replicas: 2, ports: 5001 });
  const [first, second] = cluster.replicas;
  const ada = await enter(browser, first!.url, 'light', 'Ada');
  const bo = await enter(browser, second!.url, 'dark', 'Bo.Larsen');

  await ada.createRoom(room);
  await expect(ada.heading).toContainText(room);
  await bo.open({ name: room });
  await bo.joinButton.click();

  const said: [ChatPage, string][] = [
    [ada, 'I am on 5001. Can you see this?'],
    [bo, 'On 5002, in the same second 👋'],
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

  const [left, right] = [await shot(ada.page), await shot(bo.page)];
  const page = await (await browser.newContext({ viewport: { width: 1480, height: 720 } })).newPage();
  await page.setContent(`
    <body style="margin:0;display:flex;gap:24px;padding:24px;background:#8aa79e">
      ${[left, right].map((data) => `<img src="${data}" style="flex:1;min-width:0;border-radius:14px;box-shadow:0 8px 30px #0005">`).join('')}
    </body>`);
  await page.screenshot({ path: picture });
});

async function enter(
  browser: Browser,
  url: string,
  colorScheme: 'light' | 'dark',
  userName: string,
): Promise<ChatPage> {
  const context = await browser.newContext({
    baseURL: url,
    colorScheme,
    viewport: { width: 940, height: 880 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto('/register');
  await new Entrance(page).register(userName, 'correct horse battery');
  const chat = new ChatPage(page);
  await expect(chat.heading).toBeVisible();
  return chat;
}

async function shot(page: Page): Promise<string> {
  return `data:image/png;base64,${(await page.screenshot()).toString('base64')}`;
}
