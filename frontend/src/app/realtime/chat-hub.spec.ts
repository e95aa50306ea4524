import { TestBed } from '@angular/core/testing';

import { FakeHub } from '../../testing/fake-hub';
import { aMessage, until } from '../../testing/samples';
import { ChatHub } from './chat-hub';
import { Message } from './chat-hub.contract';

describe('ChatHub', () => {
  it('hands on each message once, to everybody who listens, whatever comes in between', async () => {
    const fake = new FakeHub();
    TestBed.configureTestingModule({ providers: fake.provide() });
    const hub = TestBed.inject(ChatHub);
    const lists: Message[][] = [[], []];
    for (const list of lists) hub.receiveMessage.subscribe((message) => list.push(message));
    hub.link.start();
    await until('a connection', () => hub.link.connected());

    for (const seq of [1, 3, 1, 2, 3]) fake.push('ReceiveMessage', aMessage(seq));
    expect(lists.map((list) => list.map(({ seq }) => seq))).toEqual([
      [1, 3, 2],
      [1, 3, 2],
    ]);
  });
});
