import { Injector, Service, inject } from '@angular/core';
import { MatDialog, MatDialogConfig } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';

import { Room } from '../realtime/chat-hub.contract';
import { AddPerson } from './add-person';
import { ConfirmLeave } from './confirm-leave';
import { CreateRoom } from './create-room';
import { RoomSwitcher } from './room-switcher';

/** Opens chat's dialogs, with chat's stores at hand. */
@Service({ autoProvided: false })
export class ChatDialogs {
  private readonly dialog = inject(MatDialog);
  private readonly injector = inject(Injector);

  /** @param name What the name starts with. */
  createRoom(name = ''): void {
    this.dialog.open(CreateRoom, this.config({ data: { name } }));
  }

  addPerson(room: Room): void {
    this.dialog.open(AddPerson, this.config({ data: { room } }));
  }

  async confirmLeave(room: Room): Promise<boolean> {
    const opened = this.dialog.open<ConfirmLeave, unknown, boolean>(ConfirmLeave, this.config({ data: { room } }));
    return (await firstValueFrom(opened.afterClosed())) ?? false;
  }

  switchRoom(): void {
    if (this.dialog.openDialogs.length > 0) return;
    this.dialog.open(RoomSwitcher, this.config({ position: { top: '12vh' }, ariaLabel: 'Go to a room' }));
  }

  private config<T>(config: MatDialogConfig<T>): MatDialogConfig<T> {
    return { width: '27rem', maxWidth: 'calc(100vw - 2rem)', injector: this.injector, ...config };
  }
}
