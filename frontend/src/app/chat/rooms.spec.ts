import { TestBed } from '@angular/core/testing';

import { FakeChat } from '../../testing/fake-chat';
import { hubException } from '../../testing/fake-hub';
import { ANA, aMessage, aRoom, settled, until } from '../../testing/samples';
import { ChatHub } from '../realtime/chat-hub';
import { Rooms } from './rooms';

const lobby = aRoom();
const den = aRoom({ id: 'r-den', name: 'den', isPrivate: true });
const park = aRoom({ id: 'r-park', name: 'park', isMember: false });

describe('Rooms', () => {
  let chat: FakeChat;
  let rooms: Rooms;

  beforeEach(async () => {
    chat = new FakeChat(lobby, den, park);
    TestBed.configureTestingModule({ providers: chat.provide() });
    rooms = TestBed.inject(Rooms);
    TestBed.inject(ChatHub).link.start();
    await until('a connection', () => chat.hub.connected.length > 0);
    await rooms.load();
  });

  it('tells what can be joined from what is', () => {
    expect(rooms.joined().map((room) => room.name)).toEqual(['den', 'lobby']);
    expect(rooms.others().map((room) => room.name)).toEqual(['park']);
  });

  it('counts what others say in rooms that nobody looks at', () => {
    rooms.watch('r-den');
    chat.say('r-lobby', 'hello');
    chat.say('r-lobby', 'mine', { userId: ANA.id });
    chat.say('r-den', 'seen', { sentAt: new Date().toISOString() });
    expect(rooms.room('r-lobby')).toMatchObject({ unread: 1, lastMessage: { text: 'mine' } });
    expect(rooms.room('r-den')?.unread).toBe(0);
    expect(rooms.unread()).toBe(1);
    expect(rooms.joined()[0]!.name).toBe('den');
  });

  it('sends the read mark once for many messages seen together', async () => {
    chat.say('r-lobby', 'one');
    const last = chat.say('r-lobby', 'two');
    rooms.read(aMessage(1));
    rooms.read(last);
    expect(rooms.room('r-lobby')?.unread).toBe(0);
    await until('the mark', () => chat.hub.callsOf('MarkRead').length > 0);
    expect(chat.hub.callsOf('MarkRead').map((call) => call.args)).toEqual([['r-lobby', last.id]]);
  });

  it('never moves the mark back', async () => {
    rooms.read(aMessage(5));
    rooms.read(aMessage(3));
    await until('the mark', () => chat.hub.callsOf('MarkRead').length > 0);
    expect(chat.hub.callsOf('MarkRead')[0]!.args[1]).toBe('m-5');
  });

  it('goes by what was read on another device', () => {
    chat.say('r-lobby', 'one');
    chat.hub.push('ReadMarkMoved', { roomId: 'r-lobby', messageId: 'x', seq: 1, unread: 0 });
    expect(rooms.room('r-lobby')?.unread).toBe(0);
  });

  it('is not thrown back by an older mark that arrives late', () => {
    rooms.read(chat.say('r-lobby', 'one'));
    chat.say('r-lobby', 'two');
    rooms.read(chat.say('r-lobby', 'three'));
    chat.hub.push('ReadMarkMoved', { roomId: 'r-lobby', messageId: 'x', seq: 1, unread: 2 });
    expect(rooms.room('r-lobby')).toMatchObject({ unread: 0, readSeq: 3 });
  });

  it('shows rooms that appear, and keeps own membership when everybody is told', () => {
    chat.hub.push('RoomAdded', aRoom({ id: 'r-new', name: 'new', isMember: false }));
    chat.hub.push('RoomAdded', { ...lobby, isMember: false });
    expect(rooms.others().map((room) => room.name)).toEqual(['new', 'park']);
    expect(rooms.room('r-lobby')?.isMember).toBe(true);
  });

  it('joins and leaves', async () => {
    await rooms.join('r-park');
    expect(rooms.joined().map((room) => room.name)).toContain('park');
    await rooms.leave('r-park');
    expect(rooms.others().map((room) => room.name)).toEqual(['park']);
    await rooms.leave('r-den');
    expect(rooms.room('r-den')).toBeNull();
  });

  it('stays in a room that could not be left', async () => {
    chat.hub.answer('LeaveRoom', () => {
      throw hubException('LeaveRoom', 'unavailable', 'Later.');
    });
    await expect(rooms.leave('r-lobby')).rejects.toMatchObject({ code: 'unavailable' });
    expect(rooms.room('r-lobby')?.isMember).toBe(true);
  });

  it('tells how many messages were missed', async () => {
    chat.say('r-lobby', 'seen');
    chat.hub.drop();
    for (let i = 0; i < 3; i++) chat.say('r-lobby', 'missed');
    expect(await rooms.load()).toBe(3);
    expect(await rooms.load()).toBe(0);
  });

  it('does not fall back behind what came live while the list was on its way', async () => {
    const loading = rooms.load();
    chat.hub.push('ReceiveMessage', aMessage(7, { text: 'newer' }));
    chat.hub.push('RoomAdded', aRoom({ id: 'r-new', name: 'new' }));
    chat.hub.push('RoomLeft', { roomId: 'r-den' });
    await loading;
    expect(rooms.room('r-lobby')?.lastMessage?.text).toBe('newer');
    expect(rooms.room('r-new')).not.toBeNull();
    expect(rooms.room('r-den')).toBeNull();
  });

  it('keeps the list when it cannot be loaded again', async () => {
    chat.failing = 0;
    expect(await rooms.load()).toBeNull();
    expect(rooms.phase()).toBe('ready');
    expect(rooms.joined()).toHaveLength(2);
  });

  it('says so when the list could never be loaded', async () => {
    TestBed.resetTestingModule();
    chat = new FakeChat(lobby);
    chat.failing = 0;
    TestBed.configureTestingModule({ providers: chat.provide() });
    rooms = TestBed.inject(Rooms);
    await rooms.load();
    expect(rooms.phase()).toBe('failed');
    chat.failing = null;
    rooms.retry();
    await settled();
    expect(rooms.phase()).toBe('ready');
  });
});
