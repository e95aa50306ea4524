import { randomUUID } from 'node:crypto';
import { expect, test } from '../../fixtures/index.ts';
import { RawHub } from '../../fixtures/raw-hub.ts';

const somewhere = '00000000-0000-0000-0000-000000000000';

const refused: readonly { what: string; method: string; args: (room: string) => unknown[]; says: string }[] = [
  { what: 'an empty text', method: 'SendMessage', args: (room) => [room, '', 'a'], says: 'text_empty: ' },
  { what: 'white space', method: 'SendMessage', args: (room) => [room, ' \n\t\u00a0', 'a'], says: 'text_empty: ' },
  {
    what: 'text over the limit',
    method: 'SendMessage',
    args: (room) => [room, 'x'.repeat(4_001), 'a'],
    says: 'text_too_long: ',
  },
  { what: 'an unknown room', method: 'SendMessage', args: () => [somewhere, 'Hi', 'a'], says: 'room_not_found: ' },
  {
    what: 'a room id of another form',
    method: 'JoinRoom',
    args: () => ["'; drop table rooms"],
    says: 'room_not_found: ',
  },
  { what: 'a number for a text', method: 'SendMessage', args: (room) => [room, 42, 'a'], says: 'invalid_argument: ' },
  { what: 'null for a text', method: 'SendMessage', args: (room) => [room, null, 'a'], says: 'invalid_argument: ' },
  {
    what: 'an object for a room',
    method: 'SendMessage',
    args: (room) => [{ room }, 'Hi', 'a'],
    says: 'invalid_argument: ',
  },
  { what: 'no client id', method: 'SendMessage', args: (room) => [room, 'Hi', ''], says: 'invalid_argument: ' },
  {
    what: 'a client id of 65 characters',
    method: 'SendMessage',
    args: (room) => [room, 'Hi', 'x'.repeat(65)],
    says: 'invalid_argument: ',
  },
  { what: 'an unknown message', method: 'MarkRead', args: (room) => [room, somewhere], says: 'invalid_argument: ' },
  { what: 'too few arguments', method: 'SendMessage', args: (room) => [room], says: '' },
  { what: 'a method that there is not', method: 'DropEverything', args: () => [], says: '' },
];

test('bad calls over the hub get a clear answer each, and the connection goes on', async ({ account, room }) => {
  const ada = await account('ada');
  const den = await room(ada);
  await using hub = await ada.connect();
  for (const { what, method, args, says } of refused) {
    await test.step(what, async () => {
      const refusal = await hub.refusal(method, ...args(den.id));
      expect(refusal).toContain(says);
      // Nothing of the inside shows.
      expect(refusal).not.toMatch(/ at Hubbub|Npgsql|StackTrace/);
    });
  }
  await hub.send(den, 'All the same');
  expect((await ada.messages(den)).map((message) => message.text)).toEqual(['All the same']);
});

test('a text of exactly 4,000 characters is taken, and white space at its ends is cut', async ({ account, room }) => {
  const ada = await account('ada');
  const den = await room(ada);
  await using hub = await ada.connect();
  const text = `${'ä'.repeat(1_999)}\n${'😀'.repeat(1_000)}`;
  const message = await hub.send(den, `\n  ${text}\t `);
  expect(message.text).toBe(text);
  expect(await ada.messages(den)).toEqual([message]);
});

for (const { what, send } of [
  { what: 'text that is not JSON', send: 'hello?\x1e' },
  { what: 'JSON that is no frame', send: '[1,2,3]\x1e' },
  {
    what: 'a frame over the limit',
    send: `{"type":1,"target":"SendMessage","arguments":["${'x'.repeat(100_000)}"]}\x1e`,
  },
]) {
  test(`${what} ends that connection and no other`, async ({ account, room }) => {
    const ada = await account('ada');
    const den = await room(ada);
    await using hub = await ada.connect();
    const raw = await RawHub.open(ada.replica.url, ada.accessToken);
    raw.send(send);
    await raw.closed;
    expect(await hub.send(den, 'Still here')).toMatchObject({ seq: 1 });
  });
}

const badCalls: readonly {
  what: string;
  path: (room: string) => string;
  method?: string;
  body?: unknown;
  status: number;
}[] = [
  { what: 'malformed JSON', path: () => '/api/rooms', method: 'POST', body: '{"name":', status: 400 },
  { what: 'a number for a name', path: () => '/api/rooms', method: 'POST', body: { name: 12 }, status: 400 },
  { what: 'a name of two lines', path: () => '/api/rooms', method: 'POST', body: { name: 'a\nb' }, status: 400 },
  { what: 'a name of spaces', path: () => '/api/rooms', method: 'POST', body: { name: '   ' }, status: 400 },
  {
    what: 'a name of 61 characters',
    path: () => '/api/rooms',
    method: 'POST',
    body: { name: 'x'.repeat(61) },
    status: 400,
  },
  { what: 'a limit of 0', path: () => '/api/rooms?limit=0', status: 400 },
  { what: 'a limit of 201', path: () => '/api/rooms?limit=201', status: 400 },
  { what: 'a limit in words', path: (room) => `/api/rooms/${room}/messages?limit=ten`, status: 400 },
  {
    what: 'before and after',
    path: (room) => `/api/rooms/${room}/messages?before=${somewhere}&after=${somewhere}`,
    status: 400,
  },
  { what: 'an unknown message', path: (room) => `/api/rooms/${room}/messages?before=${somewhere}`, status: 400 },
  { what: 'an unknown room', path: () => `/api/rooms/${somewhere}`, status: 404 },
  { what: 'an id that is none', path: () => '/api/rooms/lobby%27--', status: 404 },
  { what: 'nobody to let in', path: (room) => `/api/rooms/${room}/members`, method: 'POST', body: {}, status: 400 },
  {
    what: 'a body over the limit',
    path: () => '/api/rooms',
    method: 'POST',
    body: { name: 'x'.repeat(2_000_000) },
    status: 413,
  },
];

test('bad calls over HTTP get problem details each', async ({ account, room }) => {
  const ada = await account('ada');
  const den = await room(ada);
  for (const { what, path, method = 'GET', body, status } of badCalls) {
    await test.step(what, async () => {
      const answer = await ada.request(method, path(den.id), body);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
      expect(answer.headers.get('X-Replica')).toBe(ada.replica.name);
    });
  }
});

test('without a token, everything of the chat is refused', async ({ account, room }) => {
  const ada = await account('ada');
  const den = await room(ada);
  for (const path of ['/api/rooms', `/api/rooms/${den.id}`, `/api/rooms/${den.id}/messages`, '/chatHub?id=x']) {
    const answer = await fetch(ada.replica.url + path);
    expect(answer.status, path).toBe(401);
  }
  const created = await fetch(`${ada.replica.url}/api/rooms`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: randomUUID() }),
  });
  expect(created.status).toBe(401);
});
