import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { TestBed } from '@angular/core/testing';
import { MatDialogHarness } from '@angular/material/dialog/testing';
import { MatMenuHarness } from '@angular/material/menu/testing';
import { Router, provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';

import { FakeChat } from '../../testing/fake-chat';
import { hubException } from '../../testing/fake-hub';
import { aRoom, until } from '../../testing/samples';
import { ChatHub } from '../realtime/chat-hub';
import { CatchUp } from './catch-up';
import { CHAT_ROUTES } from './chat.routes';
import { Rooms } from './rooms';

describe('RoomPage', () => {
  let chat: FakeChat;
  let harness: RouterTestingHarness;

  const open = async (url: string) => {
    TestBed.configureTestingModule({
      providers: [
        chat.provide(),
        provideRouter([{ path: 'chat', children: CHAT_ROUTES }], withComponentInputBinding()),
      ],
    });
    TestBed.inject(CatchUp);
    TestBed.inject(ChatHub).link.start();
    harness = await RouterTestingHarness.create();
    await harness.navigateByUrl(url);
    await until('a connection', () => chat.hub.connected.length > 0);
    await until('the rooms', () => TestBed.inject(Rooms).phase() === 'ready');
    await stable();
  };
  const stable = () => harness.fixture.whenStable();
  const page = () => harness.fixture.nativeElement as HTMLElement;
  const shown = () =>
    [...page().querySelectorAll<HTMLElement>('[data-testid=message]')].map((message) => [
      message.querySelector('app-message-text')!.textContent,
      message.dataset['state'],
    ]);
  const write = async (text: string) => {
    const field = page().querySelector('textarea')!;
    field.value = text;
    field.dispatchEvent(new Event('input'));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    await stable();
  };
  const press = async (name: string) => {
    const buttons = [...page().querySelectorAll('button')];
    const button = buttons.find((one) => (one.getAttribute('aria-label') ?? one.textContent)?.trim() === name);
    if (!button)
      throw new Error(`There is no button “${name}”, only ${buttons.map((one) => one.textContent?.trim()).join(', ')}`);
    button.click();
    await stable();
  };
  const seen = (what: string, isSo: () => boolean) =>
    until(what, () => {
      harness.detectChanges();
      return isSo();
    });

  beforeEach(() => {
    chat = new FakeChat(aRoom(), aRoom({ id: 'r-park', name: 'park', isMember: false }));
    chat.say('r-lobby', 'good morning');
  });

  it('shows what was said', async () => {
    await open('/chat/r-lobby');
    expect(shown()).toEqual([['good morning', 'sent']]);
    expect(page().querySelector('h1')?.textContent).toContain('lobby');
    expect(page().querySelector('[role=log]')?.getAttribute('aria-label')).toBe('Messages in lobby');
    expect(document.title).toBe('lobby · Hubbub');
  });

  it('shows what others say as it comes', async () => {
    await open('/chat/r-lobby');
    chat.say('r-lobby', 'anybody here?');
    await stable();
    expect(shown().at(-1)).toEqual(['anybody here?', 'sent']);
  });

  it('shows an own message at once, then that it is sent and where', async () => {
    let accept!: () => void;
    const accepted = new Promise<void>((resolve) => (accept = resolve));
    await open('/chat/r-lobby');
    chat.hub.answer('SendMessage', async (roomId: string, text: string, clientMessageId: string) => {
      await accepted;
      return chat.say(roomId, text, { userId: 'u-ana', userName: 'Ana', clientMessageId, replica: 'replica-5002' });
    });
    await write('me too');
    await seen('it is being sent', () => shown().at(-1)![1] === 'sending');
    const before = page().querySelectorAll('[data-testid=message]')[1];
    accept();
    await seen('it is sent', () => shown().at(-1)![1] === 'sent');
    expect(shown()).toHaveLength(2);
    expect(page().querySelectorAll('[data-testid=message]')[1]).toBe(before);
    expect(page().querySelector('[aria-label="Sent, accepted by replica-5002"]')).not.toBeNull();
  });

  it('keeps what is written during an outage and sends it afterwards, in order and once', async () => {
    await open('/chat/r-lobby');
    chat.hub.kill(location.origin);
    await write('one');
    await write('two');
    expect(shown().slice(1)).toEqual([
      ['one', 'waiting'],
      ['two', 'waiting'],
    ]);
    chat.hub.dead.clear();
    window.dispatchEvent(new Event('online'));
    await seen('both are sent', () => shown().length === 3 && shown().every(([, state]) => state === 'sent'));
    expect(chat.messages.get('r-lobby')!.map((message) => message.text)).toEqual(['good morning', 'one', 'two']);
  });

  it('shows what was missed during an outage', async () => {
    await open('/chat/r-lobby');
    chat.hub.kill(location.origin);
    for (const text of ['a', 'b', 'c']) chat.say('r-lobby', text);
    await stable();
    expect(shown()).toHaveLength(1);
    chat.hub.dead.clear();
    window.dispatchEvent(new Event('online'));
    await seen('all are there', () => shown().length === 4);
    await until('it is counted', () => TestBed.inject(ChatHub).link.recovery()?.missed === 3);
  });

  describe('when a message is refused', () => {
    beforeEach(async () => {
      await open('/chat/r-lobby');
      chat.hub.answer('SendMessage', () => {
        throw hubException('SendMessage', 'invalid_argument', 'Not like this.');
      });
      await write('hm');
      await seen('it failed', () => shown().at(-1)![1] === 'failed');
    });

    it('says why', () => {
      expect(page().querySelector('.trouble')?.textContent).toContain('Not like this.');
    });

    it('lets it be changed', async () => {
      await press('Edit');
      expect(page().querySelector('textarea')!.value).toBe('hm');
      expect(shown()).toHaveLength(1);
    });

    it('lets it be discarded', async () => {
      await press('Discard');
      expect(shown()).toHaveLength(1);
      expect(page().querySelector('textarea')!.value).toBe('');
    });

    it('sends it again when asked to', async () => {
      chat.hub.answer('SendMessage', (roomId: string, text: string, clientMessageId: string) =>
        chat.say(roomId, text, { userId: 'u-ana', clientMessageId }),
      );
      await press('Retry');
      await seen('it is sent', () => shown().at(-1)![1] === 'sent');
    });
  });

  it('draws a line above what is new', async () => {
    chat.change('r-lobby', { unread: 2, readSeq: 1 });
    chat.say('r-lobby', 'new one');
    chat.say('r-lobby', 'new two');
    await open('/chat/r-lobby');
    const line = page().querySelector('[data-new-line]')!;
    expect(line.nextElementSibling?.textContent).toContain('new one');
    expect(line.previousElementSibling?.textContent).toContain('good morning');
  });

  it('marks what is seen as read', async () => {
    chat.change('r-lobby', { unread: 1 });
    await open('/chat/r-lobby');
    await until('the mark', () => chat.hub.callsOf('MarkRead').length === 1);
    expect(chat.hub.callsOf('MarkRead')[0]!.args).toEqual(['r-lobby', 'r-lobby-1']);
    expect(TestBed.inject(Rooms).unread()).toBe(0);
  });

  it('does not mark as read what nobody looks at', async () => {
    const state = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    chat.change('r-lobby', { unread: 1 });
    await open('/chat/r-lobby');
    chat.say('r-lobby', 'are you there?');
    await stable();
    expect(TestBed.inject(Rooms).unread()).toBe(2);
    expect(chat.hub.callsOf('MarkRead')).toEqual([]);
    state.mockRestore();
  });

  it('lets somebody look into a public room and join it', async () => {
    chat.say('r-park', 'nice weather');
    await open('/chat/r-park');
    expect(shown()).toEqual([['nice weather', 'sent']]);
    expect(page().querySelector('textarea')).toBeNull();
    await press('Join room');
    expect(chat.hub.callsOf('JoinRoom')[0]!.args).toEqual(['r-park']);
    expect(page().querySelector('textarea')).not.toBeNull();
  });

  it('asks before it leaves', async () => {
    await open('/chat/r-lobby');
    const loader = TestbedHarnessEnvironment.documentRootLoader(harness.fixture);
    const menu = await loader.getHarness(MatMenuHarness.with({ selector: '[aria-label="More about this room"]' }));
    await menu.open();
    await menu.clickItem({ text: /Leave room/ });
    expect(chat.hub.callsOf('LeaveRoom')).toEqual([]);
    const dialog = await loader.getHarness(MatDialogHarness);
    expect(await dialog.getTitleText()).toBe('Leave “lobby”?');
    (document.querySelectorAll('mat-dialog-actions button')[1] as HTMLElement).click();
    await until('it was left', () => chat.hub.callsOf('LeaveRoom').length === 1);
    await until('the page is left', () => TestBed.inject(Router).url === '/chat');
  });

  it('shows who is here', async () => {
    await open('/chat/r-lobby');
    await press('People, 1 online');
    const people = () =>
      [...page().querySelectorAll('[data-testid=person]')].map((row) =>
        ['.name', '.state'].map((part) => row.querySelector(part)!.textContent).join(' '),
      );
    expect(people()).toEqual(['Ana Online', 'Bruno Away']);
    chat.hub.push('PersonEntered', { roomId: 'r-lobby', userId: 'u-bruno', userName: 'Bruno', isOnline: true });
    chat.hub.push('PersonEntered', { roomId: 'elsewhere', userId: 'u-x', userName: 'Xaver', isOnline: true });
    await stable();
    expect(people()).toEqual(['Ana Online', 'Bruno Online']);
    chat.hub.push('PersonLeft', { roomId: 'r-lobby', userId: 'u-bruno', userName: 'Bruno', isMember: false });
    await stable();
    expect(people()).toEqual(['Ana Online']);
  });

  it('does not tell a room that does not exist from one that may not be seen', async () => {
    await open('/chat/r-secret');
    expect(page().textContent).toContain('There is no such room for you');
    expect(document.title).toBe('No such room · Hubbub');
  });

  it('opens when somebody is let in while standing at the door', async () => {
    await open('/chat/r-den');
    expect(page().textContent).toContain('There is no such room for you');
    const den = aRoom({ id: 'r-den', name: 'den', isPrivate: true });
    chat.rooms.set(den.id, den);
    chat.say(den.id, 'come in');
    chat.hub.push('RoomAdded', den);
    await seen('it opens', () => shown().length === 1);
    expect(page().querySelector('h1')?.textContent).toContain('den');
  });

  it('says when messages cannot be loaded, and loads them again', async () => {
    await open('/chat/r-lobby');
    chat.failing = 0;
    await harness.navigateByUrl('/chat/r-park');
    await stable();
    expect(page().querySelector('[role=alert]')?.textContent).toContain('could not be loaded');
    chat.failing = null;
    await press('Try again');
    await seen('they are there', () => page().querySelector('[role=alert]') === null);
  });
});
