import { expect, test } from '../../fixtures/index.ts';

const texts = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `Line ${from + i}`);

test('opens a long room at its end, on another replica, and pages up to its beginning without a gap', async ({
  account,
  person,
  replicas,
  room,
}) => {
  const bo = await account('bo', replicas[0]);
  const ada = await person('ada', { on: replicas[1]! });
  const den = await room(bo, ada);
  await bo.say(den, ...texts(1, 170));
  await ada.chat.visit(den);
  await expect(ada.chat.texts.last()).toHaveText('Line 170');

  await test.step('the newest ones are in view and the first ones are not loaded', async () => {
    await expect(ada.chat.newLine.or(ada.chat.texts.last()).first()).toBeVisible();
    await expect(ada.chat.texts.filter({ hasText: /^\s*Line 1\s*$/ })).toHaveCount(0);
  });

  await test.step('scrolling up brings them, page by page', async () => {
    await expect(async () => {
      await ada.chat.log.hover();
      await ada.page.mouse.wheel(0, -3_000);
      await expect(ada.page.getByText('begins.')).toBeInViewport({ timeout: 500 });
    }).toPass();
    await expect(ada.chat.texts).toHaveText(texts(1, 170));
  });

  await test.step('and one press goes back to the newest', async () => {
    await ada.chat.toNewest.click();
    await expect(ada.chat.texts.last()).toBeInViewport();
  });
});

test('what is read stays in place while earlier messages are put above it', async ({ account, person, room }) => {
  const bo = await account('bo');
  const ada = await person('ada');
  const den = await room(bo, ada);
  await bo.say(den, ...texts(1, 120));
  await ada.chat.visit(den);
  await expect(ada.chat.texts.last()).toHaveText('Line 120');
  const before = await ada.chat.texts.count();

  await ada.chat.log.evaluate((log) => (log.scrollTop = 0));
  await expect.poll(() => ada.chat.texts.count()).toBeGreaterThan(before);
  // The message that was at the top when more were loaded.
  await expect(ada.chat.texts.nth((await ada.chat.texts.count()) - before)).toBeInViewport();
});

test('a reader who has just scrolled up stays there when a message comes before the next frame', async ({
  account,
  person,
  room,
}) => {
  const bo = await account('bo');
  const ada = await person('ada');
  const den = await room(bo, ada);
  await bo.say(den, ...texts(1, 40));
  await ada.chat.visit(den);
  await expect(ada.chat.texts.last()).toHaveText('Line 40');
  await ada.chat.toNewest.click();
  await expect(ada.chat.texts.last()).toBeInViewport();

  // A busy device: the page handles what the server sends, and draws nothing.
  await ada.page.evaluate(() => {
    const callbacks: FrameRequestCallback[] = [];
    const draw = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) => callbacks.push(callback);
    Object.assign(window, {
      drawAgain: () => {
        window.requestAnimationFrame = draw;
        for (const callback of callbacks) callback(performance.now());
      },
    });
  });
  await ada.chat.log.evaluate((log) => (log.scrollTop = 0));
  await bo.say(den, 'One more');
  await expect(ada.chat.texts.last()).toHaveText('One more');
  await ada.page.evaluate(() => (window as unknown as { drawAgain: () => void }).drawAgain());

  await expect(ada.chat.texts.first()).toBeInViewport();
  await expect(ada.chat.toNewest).toBeVisible();
});

test('what comes while earlier messages are read is counted, and does not move the page', async ({
  account,
  person,
  room,
}) => {
  const bo = await account('bo');
  const ada = await person('ada');
  const den = await room(bo, ada);
  await bo.say(den, ...texts(1, 60));
  await ada.chat.visit(den);
  await expect(ada.chat.texts.last()).toHaveText('Line 60');
  await ada.chat.toNewest.or(ada.chat.texts.last()).first().waitFor();
  await ada.chat.log.evaluate((log) => (log.scrollTop = 0));
  await expect(ada.chat.toNewest).toBeVisible();
  await expect(ada.page.getByText('begins.')).toBeVisible();
  const place = (): Promise<number> => ada.chat.texts.first().evaluate((e) => e.getBoundingClientRect().top);
  const top = await place();

  await bo.say(den, 'One more', 'And another');
  await expect(ada.chat.toNewest).toHaveAccessibleName('2 new messages');
  expect(Math.abs((await place()) - top)).toBeLessThan(2);

  await ada.chat.toNewest.click();
  await expect(ada.chat.texts.last()).toHaveText('And another');
  await expect(ada.chat.texts.last()).toBeInViewport();
  await expect(ada.chat.toNewest).toBeHidden();
});
