import { ComponentFixture, TestBed } from '@angular/core/testing';
import { MatDialogRef } from '@angular/material/dialog';
import { Router, provideRouter } from '@angular/router';

import { FakeChat } from '../../testing/fake-chat';
import { aMessage, aRoom } from '../../testing/samples';
import { RoomSwitcher } from './room-switcher';
import { Rooms } from './rooms';

describe('RoomSwitcher', () => {
  let fixture: ComponentFixture<RoomSwitcher>;
  const close = vi.fn();

  beforeEach(async () => {
    close.mockClear();
    const chat = new FakeChat(
      aRoom({ lastMessage: aMessage(5) }),
      aRoom({ id: 'r-den', name: 'den', unread: 2 }),
      aRoom({ id: 'r-park', name: 'park', isMember: false }),
    );
    TestBed.configureTestingModule({
      providers: [chat.provide(), provideRouter([]), { provide: MatDialogRef, useValue: { close } }],
    });
    await TestBed.inject(Rooms).load();
    fixture = TestBed.createComponent(RoomSwitcher);
    await fixture.whenStable();
  });

  const page = () => fixture.nativeElement as HTMLElement;
  const input = () => page().querySelector('input')!;
  const press = async (key: string) => {
    input().dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
    await fixture.whenStable();
  };
  const type = async (text: string) => {
    input().value = text;
    input().dispatchEvent(new Event('input'));
    await fixture.whenStable();
  };
  const names = () => [...page().querySelectorAll('.name')].map((name) => name.textContent);
  const active = () => page().querySelector('[aria-selected=true] .name')?.textContent;

  it('offers what is unread first, then the rest', () => {
    expect(names()).toEqual(['den', 'lobby', 'park']);
    expect(active()).toBe('den');
  });

  it('goes where Enter says', async () => {
    const navigate = vi.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    await type('pa');
    await press('Enter');
    expect(navigate).toHaveBeenCalledWith(['/chat', 'r-park']);
    expect(close).toHaveBeenCalled();
  });

  it('moves with the arrows, around the ends, and tells screen readers', async () => {
    await press('ArrowUp');
    expect(active()).toBe('park');
    await press('ArrowDown');
    await press('ArrowDown');
    expect(active()).toBe('lobby');
    expect(
      document.getElementById(input().getAttribute('aria-activedescendant')!) ?? page().querySelector('#switcher-1'),
    ).toBe(page().querySelector('#switcher-1'));
  });

  it('starts at the top again when the rows change', async () => {
    await press('ArrowDown');
    await type('p');
    expect(active()).toBe('park');
  });

  it('does nothing where there is nothing', async () => {
    await type('zzz');
    await press('Enter');
    expect(close).not.toHaveBeenCalled();
    expect(page().textContent).toContain('No room is called “zzz”.');
  });
});
