import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { HttpErrorResponse } from '@angular/common/http';
import { Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MatButtonHarness } from '@angular/material/button/testing';
import { MatFormFieldHarness } from '@angular/material/form-field/testing';
import { MatInputHarness } from '@angular/material/input/testing';
import { MatSlideToggleHarness } from '@angular/material/slide-toggle/testing';
import { Router, provideRouter } from '@angular/router';

import { FakeChat } from '../../testing/fake-chat';
import { aRoom, until } from '../../testing/samples';
import { ChatDialogs } from './chat-dialogs';
import { Rooms } from './rooms';

@Component({ template: '' })
class Page {
  readonly dialogs = inject(ChatDialogs);
}

describe('CreateRoom', () => {
  const open = () => {
    const chat = new FakeChat(aRoom());
    TestBed.configureTestingModule({ providers: [chat.provide(), provideRouter([])] });
    const fixture = TestBed.createComponent(Page);
    const navigate = vi.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
    fixture.componentInstance.dialogs.createRoom();
    return { chat, navigate, loader: TestbedHarnessEnvironment.documentRootLoader(fixture) };
  };
  type Loader = ReturnType<typeof open>['loader'];
  const field = (loader: Loader) => loader.getHarness(MatFormFieldHarness);
  const type = async (loader: Loader, name: string) =>
    ((await (await field(loader)).getControl(MatInputHarness)) as MatInputHarness).setValue(name);
  const create = async (loader: Loader) =>
    (await loader.getHarness(MatButtonHarness.with({ text: 'Create room' }))).click();

  it('creates a private room and goes there', async () => {
    const { loader, navigate } = open();
    await type(loader, ' Plans ');
    await (await loader.getHarness(MatSlideToggleHarness)).check();
    await create(loader);
    expect(navigate).toHaveBeenCalledWith(['/chat', 'r-Plans']);
    expect(TestBed.inject(Rooms).room('r-Plans')).toMatchObject({ name: 'Plans', isPrivate: true });
    await until('the dialog is closed', () => document.querySelector('mat-dialog-container') === null);
  });

  it.each([
    ['', 'Give the room a name.'],
    ['   ', 'Give the room a name.'],
    ['x'.repeat(61), 'A name has at most 60 characters.'],
  ])('does not ask the server for %j', async (name, sentence) => {
    const { loader, chat } = open();
    await type(loader, name);
    await create(loader);
    expect(await (await field(loader)).getTextErrors()).toEqual([sentence]);
    expect(chat.asked.filter((path) => path === '/api/rooms')).toEqual([]);
  });

  it('says at the name that it is taken', async () => {
    const { loader } = open();
    vi.spyOn(TestBed.inject(Rooms), 'create').mockRejectedValue(new HttpErrorResponse({ status: 409 }));
    await type(loader, 'lobby');
    await create(loader);
    expect(await (await field(loader)).getTextErrors()).toEqual(['There is a room called “lobby” already.']);
  });

  it('keeps what was typed when no server answers', async () => {
    const { loader, chat } = open();
    chat.failing = 0;
    await type(loader, 'Plans');
    await create(loader);
    expect(document.querySelector('mat-dialog-container [role=alert]')?.textContent).toContain(
      'No server can be reached',
    );
    expect(await ((await (await field(loader)).getControl(MatInputHarness)) as MatInputHarness).getValue()).toBe(
      'Plans',
    );
  });
});
