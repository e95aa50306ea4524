import { Routes } from '@angular/router';

import { ChatPage } from './chat-page';
import { PickARoom } from './pick-a-room';
import { RoomPage } from './room-page';

export const CHAT_ROUTES: Routes = [
  {
    path: '',
    component: ChatPage,
    children: [
      { path: '', pathMatch: 'full', component: PickARoom, title: 'Rooms' },
      { path: ':roomId', component: RoomPage, title: 'Room' },
    ],
  },
];
