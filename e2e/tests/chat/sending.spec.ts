import { expect, test } from '../../fixtures/index.ts';
import { HubWire } from '../../fixtures/hub-wire.ts';

test('shows an own message at once as sending, then as sent', async ({ person, room }) => {
  const ada = await person('ada');
  const den = await room(ada);
  await ada.chat.open(den);
  const wire = await HubWire.tap(ada.page);
  await expect(ada.connection.chip).toHaveAttribute('data-state', 'connected');
  wire.hold();
  await ada.chat.post('Is anybody there?');

  const message = ada.chat.message('Is anybody there?');
  await expect(message.sending).toBeVisible();
  await expect(ada.chat.composer).toHaveValue('');
  await expect(ada.chat.composer).toBeFocused();

  wire.release();
  await expect(message.sent).toHaveAccessibleName(`Sent, accepted by ${ada.replica.name}`);
  await expect(message.element).toHaveCount(1);
});

test('a message that the server cannot take keeps its text, can be retried, and is then there once', async ({
  person,
  room,
}) => {
  const [ada, bo] = [await person('ada'), await person('bo')];
  const den = await room(ada, bo);
  await ada.chat.open(den);
  await bo.chat.open(den);
  const wire = await HubWire.tap(ada.page);
  await expect(ada.connection.chip).toHaveAttribute('data-state', 'connected');
  wire.refuseNext('SendMessage', "An unexpected error occurred invoking 'SendMessage' on the server.");
  await ada.chat.post('Take this');

  const message = ada.chat.message('Take this');
  await expect(message.notSent).toBeVisible();
  await expect(bo.chat.messages).toHaveCount(0);

  await message.retry.click();
  await expect(message.sent).toBeVisible();
  await expect(ada.chat.texts).toHaveText(['Take this']);
  await expect(bo.chat.texts).toHaveText(['Take this']);
});

test('a message that failed can be taken back and changed', async ({ person, room }) => {
  const ada = await person('ada');
  const den = await room(ada);
  await ada.chat.open(den);
  const wire = await HubWire.tap(ada.page);
  await expect(ada.connection.chip).toHaveAttribute('data-state', 'connected');
  wire.refuseNext(
    'SendMessage',
    "An unexpected error occurred invoking 'SendMessage' on the server. HubException: text_invalid: It holds a character that cannot be stored.",
  );
  await ada.chat.post('Frist!');
  await expect(ada.chat.message('Frist!').element).toContainText('It holds a character that cannot be stored.');

  await ada.chat.message('Frist!').edit.click();
  await expect(ada.chat.composer).toHaveValue('Frist!');
  await ada.chat.post('First!');
  await expect(ada.chat.message('First!').sent).toBeVisible();
  await expect(ada.chat.texts).toHaveText(['First!']);
});

test('when the answer to a message is lost, the app sends it again and it is there once', async ({ person, room }) => {
  const [ada, bo] = [await person('ada'), await person('bo')];
  const den = await room(ada, bo);
  await ada.chat.open(den);
  await bo.chat.open(den);
  const wire = await HubWire.tap(ada.page);
  await expect(ada.connection.chip).toHaveAttribute('data-state', 'connected');
  wire.cutAfterNext('SendMessage');
  await ada.chat.post('Only once, please');
  await expect(ada.connection.notice).toBeVisible();
  await ada.chat.post('And this after it');

  await expect(ada.chat.message('And this after it').sent).toBeVisible();
  for (const { chat } of [ada, bo]) await expect(chat.texts).toHaveText(['Only once, please', 'And this after it']);
  const stored = await ada.account.messages(den);
  expect(stored.map((message) => message.text)).toEqual(['Only once, please', 'And this after it']);
});

test('the same message sent again, on another replica too, is stored once and answered as the first time', async ({
  account,
  replicas,
  room,
}) => {
  const ada = await account('ada');
  const den = await room(ada);
  await using here = await ada.connect(replicas[0]);
  await using there = await ada.connect(replicas[1]);
  const first = await here.send(den, 'Hello', 'the-same-id');
  const again = await here.send(den, 'Hello', 'the-same-id');
  const elsewhere = await there.send(den, 'Something else', 'the-same-id');

  expect(again).toEqual(first);
  expect(elsewhere).toEqual(first);
  await there.send(den, 'Done');
  await expect.poll(() => here.received.map((message) => message.text)).toEqual(['Hello', 'Done']);
  expect((await ada.messages(den)).map((message) => message.text)).toEqual(['Hello', 'Done']);
});

test('the same message sent many times at once, from all replicas, is stored once', async ({
  account,
  replicas,
  room,
}) => {
  const ada = await account('ada');
  const den = await room(ada);
  await using here = await ada.connect(replicas[0]);
  await using there = await ada.connect(replicas[1]);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? here : there).send(den, `Attempt ${i}`, 'racing')),
  );

  expect(new Set(answers.map((message) => message.id)).size).toBe(1);
  expect(await ada.messages(den)).toEqual([answers[0]]);
});

test('does not send an empty message', async ({ person, room }) => {
  const ada = await person('ada');
  const den = await room(ada);
  await ada.chat.open(den);
  await expect(ada.chat.sendButton).toBeDisabled();
  await ada.chat.post('  \n\n ');
  await expect(ada.chat.sendButton).toBeDisabled();
  await ada.chat.post('Something');

  await expect(ada.chat.texts).toHaveText(['Something']);
});

test('says how much too long a text is, keeps it, and sends it when it fits', async ({ person, room }) => {
  const ada = await person('ada');
  const den = await room(ada);
  await ada.chat.open(den);
  await ada.chat.post(`${'x'.repeat(3_999)}yz`);
  await expect(ada.chat.composerNote).toContainText('1 character too many');
  await expect(ada.chat.sendButton).toBeDisabled();
  await expect(ada.chat.composer).toHaveValue(/xyz$/);

  await ada.chat.composer.press('Backspace');
  await ada.chat.composer.press('Enter');
  await expect(ada.chat.texts).toHaveText([`${'x'.repeat(3_999)}y`]);
  await expect(ada.chat.message(`${'x'.repeat(3_999)}y`).sent).toBeVisible();
});

test('writes several lines with Shift and Enter, and shows markup as it was written', async ({ person, room }) => {
  const [ada, bo] = [await person('ada'), await person('bo')];
  const den = await room(ada, bo);
  await ada.chat.open(den);
  await bo.chat.open(den);
  await ada.chat.composer.pressSequentially('<b>one</b>');
  await ada.chat.composer.press('Shift+Enter');
  await ada.chat.composer.pressSequentially('two & https://example.org/?a=1&b=2.');
  await ada.chat.composer.press('Enter');

  const text = '<b>one</b>\ntwo & https://example.org/?a=1&b=2.';
  await expect.poll(() => bo.chat.texts.allInnerTexts()).toEqual([text]);
  const link = bo.chat.log.getByRole('link');
  await expect(link).toHaveAttribute('href', 'https://example.org/?a=1&b=2');
  await expect(link).toHaveAttribute('rel', /noopener/);
});

test('keeps what was typed and not sent, room by room, through a reload', async ({ person, room }) => {
  const ada = await person('ada');
  const [den, attic] = [await room(ada), await room(ada)];
  await ada.chat.open(den);
  await ada.chat.composer.fill('half a thought');
  await ada.chat.open(attic);
  await expect(ada.chat.composer).toHaveValue('');
  await ada.page.reload();
  await ada.chat.open(den);
  await expect(ada.chat.composer).toHaveValue('half a thought');
});
