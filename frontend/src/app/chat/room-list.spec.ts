import { ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';

import { FakeChat } from '../../testing/fake-chat';
import { aMessage, aRoom } from '../../testing/samples';
import { RoomList } from './room-list';
import { Rooms } from './rooms';

describe('RoomList', () => {
  let fixture: ComponentFixture<RoomList>;
  let chat: FakeChat;

  beforeEach(() => {
    chat = new FakeChat(
      aRoom({ unread: 3, lastMessage: aMessage(9, { text: 'see you' }) }),
      aRoom({ id: 'r-den', name: 'den', isPrivate: true, unread: 100 }),
      aRoom({ id: 'r-park', name: 'park', isMember: false, memberCount: 1 }),
    );
    TestBed.configureTestingModule({ providers: [chat.provide(), provideRouter([])] });
    fixture = TestBed.createComponent(RoomList);
  });

  const page = () => fixture.nativeElement as HTMLElement;
  const load = async () => {
    await TestBed.inject(Rooms).load();
    await fixture.whenStable();
  };
  /** Each room's name and what else there is to know about it, without what was said last. */
  const names = () =>
    [...page().querySelectorAll('[data-testid=room]')].map((row) =>
      [...row.querySelectorAll('.name, .badge, .visually-hidden')]
        .map((words) => words.textContent?.trim())
        .filter(Boolean)
        .join(' '),
    );
  const search = async (text: string) => {
    const input = page().querySelector<HTMLInputElement>('input[type=search]')!;
    input.value = text;
    input.dispatchEvent(new Event('input'));
    await fixture.whenStable();
  };

  it('shows that it loads', async () => {
    await fixture.whenStable();
    expect(page().querySelector('[role=status]')?.getAttribute('aria-label')).toBe('Loading rooms');
  });

  it('names rooms with what there is to know about them', async () => {
    await load();
    expect(names()).toEqual(['lobby 3 unread', 'den private 99+ unread', 'park not joined']);
  });

  it('shows what was said last, and by whom', async () => {
    await load();
    expect(page().querySelector('.preview')?.textContent).toBe('Bruno: see you');
    expect(page().textContent).toContain('1 member');
  });

  it('finds rooms, joined or not', async () => {
    await load();
    await search('PA');
    expect(names()).toEqual(['park not joined']);
    await search('e');
    expect(names()).toEqual(['den private 99+ unread']);
  });

  it('offers to create what cannot be found', async () => {
    await load();
    await search('beach');
    expect(page().textContent).toContain('No room is called “beach”.');
    expect([...page().querySelectorAll('button')].some((button) => button.textContent?.includes('Create it'))).toBe(
      true,
    );
  });

  it('moves with the arrow keys', async () => {
    document.body.append(page());
    await load();
    const rows = page().querySelectorAll<HTMLElement>('[data-roving]');
    rows[0]!.focus();
    const press = (key: string) =>
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    press('ArrowDown');
    expect(document.activeElement).toBe(rows[1]);
    press('End');
    expect(document.activeElement).toBe(rows[2]);
    press('ArrowDown');
    expect(document.activeElement).toBe(rows[2]);
    press('Home');
    expect(document.activeElement).toBe(rows[0]);
  });

  it('says when the rooms cannot be loaded, and loads them again', async () => {
    chat.failing = 0;
    await load();
    expect(page().textContent).toContain('could not be loaded');
    chat.failing = null;
    [...page().querySelectorAll('button')].find((button) => button.textContent?.includes('Try again'))!.click();
    await fixture.whenStable();
    expect(names()).toHaveLength(3);
  });
});
