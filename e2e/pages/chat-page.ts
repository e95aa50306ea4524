import type { Locator, Page } from '@playwright/test';
import type { Room } from '../fixtures/wire.ts';
import { MessageBubble } from './message-bubble.ts';

/** The room list, and the room in view. */
export class ChatPage {
  readonly page: Page;
  readonly rooms: Locator;
  readonly search: Locator;
  readonly heading: Locator;
  readonly log: Locator;
  /** All messages in view of the room, oldest first, those on their way included. */
  readonly messages: Locator;
  /** The same ones' texts. */
  readonly texts: Locator;
  readonly composer: Locator;
  readonly sendButton: Locator;
  /** What the composer has to say about what is typed. */
  readonly composerNote: Locator;
  readonly newLine: Locator;
  readonly toNewest: Locator;
  readonly peopleButton: Locator;
  readonly people: Locator;
  readonly joinButton: Locator;

  constructor(page: Page) {
    this.page = page;
    this.rooms = page.getByRole('navigation', { name: 'Rooms' });
    this.search = page.getByRole('searchbox', { name: 'Search rooms' });
    this.heading = page.getByRole('heading', { level: 1 });
    this.log = page.getByRole('log');
    this.messages = this.log.getByTestId('message');
    this.texts = this.messages.locator('app-message-text');
    this.composer = page.getByRole('textbox', { name: 'Message', exact: true });
    this.sendButton = page.getByRole('button', { name: 'Send' });
    this.composerNote = page.locator('#composer-note');
    this.newLine = this.log.getByTestId('new-line');
    this.toNewest = page.getByTestId('to-newest');
    this.peopleButton = page.getByRole('button', { name: /^People, / });
    this.people = page.getByRole('list', { name: 'People in this room' }).getByRole('listitem');
    this.joinButton = page.getByRole('button', { name: 'Join room' });
  }

  /** A room's row in the list. */
  row(room: Pick<Room, 'name'>): Locator {
    return this.rooms.getByRole('link', { name: room.name });
  }

  /** How many messages the row says are unread. */
  unreadOf(room: Pick<Room, 'name'>): Locator {
    return this.row(room).getByTestId('unread');
  }

  async open(room: Pick<Room, 'name'>): Promise<void> {
    await this.row(room).click();
  }

  /** Comes by the address of the room, as from a link. */
  async visit(room: Pick<Room, 'id'>): Promise<void> {
    await this.page.goto(`/chat/${room.id}`);
  }

  async post(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** The messages with exactly this text. */
  message(text: string): MessageBubble {
    return new MessageBubble(this.messages.filter({ has: this.page.getByText(text, { exact: true }) }));
  }

  /** Somebody's row in the list of people, which has to be open. */
  personCalled(userName: string): Locator {
    return this.people.filter({ hasText: userName });
  }

  async createRoom(name: string, { isPrivate = false } = {}): Promise<void> {
    await this.page.getByRole('button', { name: 'Create a room' }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Room name' }).fill(name);
    if (isPrivate) await dialog.getByRole('switch', { name: 'Private' }).click();
    await dialog.getByRole('button', { name: 'Create room' }).click();
  }
}
