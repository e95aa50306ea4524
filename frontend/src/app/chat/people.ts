import { httpResource } from '@angular/common/http';
import { DestroyRef, Service, computed, inject, signal } from '@angular/core';
import { Subscription } from 'rxjs';

import { ChatHub } from '../realtime/chat-hub';
import { Person, roomPath } from './chat-api';

interface PeopleAnswer {
  readonly people: readonly Person[];
}

/** Who is in the room in view, and who of them is online. */
@Service({ autoProvided: false })
export class People {
  private readonly hub = inject(ChatHub);

  private readonly roomId = signal<string | null>(null);
  private readonly answer = httpResource<PeopleAnswer>(() => {
    const roomId = this.roomId();
    // A connection that did not go on where the last one ended may have missed who came and went.
    this.hub.link.freshStarts();
    return roomId ? `${roomPath(roomId)}/people` : undefined;
  });

  /** Online first, then by name. */
  readonly people = computed(() => (this.answer.hasValue() ? sorted(this.answer.value().people) : []));
  readonly onlineCount = computed(() => this.people().filter((person) => person.isOnline).length);
  readonly loading = computed(() => this.answer.isLoading() && !this.answer.hasValue());
  readonly failed = computed(() => this.answer.error() !== undefined);

  constructor() {
    const news = new Subscription();
    news.add(
      this.hub.personEntered.subscribe(({ roomId, ...person }) =>
        this.change(roomId, (people) => [...without(people, person.userId), person]),
      ),
    );
    news.add(
      this.hub.personLeft.subscribe(({ roomId, userId, userName, isMember }) =>
        this.change(roomId, (people) =>
          isMember ? [...without(people, userId), { userId, userName, isOnline: false }] : without(people, userId),
        ),
      ),
    );
    inject(DestroyRef).onDestroy(() => news.unsubscribe());
  }

  /** @param roomId The room in view, or null when there is none or the person is not in it. */
  show(roomId: string | null): void {
    this.roomId.set(roomId);
  }

  reload(): void {
    this.answer.reload();
  }

  private change(roomId: string, update: (people: readonly Person[]) => readonly Person[]): void {
    if (roomId !== this.roomId() || !this.answer.hasValue()) return;
    this.answer.update((answer) => (answer ? { ...answer, people: update(answer.people) } : answer));
  }
}

function without(people: readonly Person[], userId: string): readonly Person[] {
  return people.filter((person) => person.userId !== userId);
}

function sorted(people: readonly Person[]): readonly Person[] {
  return [...people].sort((a, b) => Number(b.isOnline) - Number(a.isOnline) || a.userName.localeCompare(b.userName));
}
