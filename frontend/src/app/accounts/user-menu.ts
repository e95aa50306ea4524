import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatDivider } from '@angular/material/divider';
import { MatIcon } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';

import { Avatar } from '../chat/avatar';
import { Theme, ThemeChoice } from '../shell/theme';
import { Session } from './session';

/** Who is signed in, how the app should look, and the way out. */
@Component({
  selector: 'app-user-menu',
  imports: [Avatar, MatDivider, MatIcon, MatMenuModule],
  template: `
    @if (user(); as person) {
      <button class="me" type="button" [attr.aria-label]="'Account of ' + person.userName" [matMenuTriggerFor]="menu">
        <app-avatar [name]="person.userName" [seed]="person.id" />
      </button>
      <mat-menu #menu="matMenu" xPosition="before">
        <p class="who">
          Signed in as <strong>{{ person.userName }}</strong>
        </p>
        <mat-divider />
        @for (option of themes; track option.choice) {
          <button
            mat-menu-item
            type="button"
            role="menuitemradio"
            [attr.aria-checked]="theme() === option.choice"
            (click)="choose(option.choice)"
          >
            <mat-icon [svgIcon]="option.icon" />
            {{ option.label }}
            @if (theme() === option.choice) {
              <mat-icon class="chosen" svgIcon="check" />
            }
          </button>
        }
        <mat-divider />
        <button mat-menu-item type="button" (click)="signOut()">
          <mat-icon svgIcon="leave" />
          Sign out
        </button>
      </mat-menu>
    }
  `,
  styles: `
    .me {
      display: grid;
      place-items: center;
      width: 3rem;
      height: 3rem;
      padding: 0;
      border: 0;
      border-radius: 34%;
      background: none;
      cursor: pointer;
    }

    .me:hover app-avatar {
      box-shadow: 0 0 0 0.2rem color-mix(in srgb, var(--mat-sys-primary) 22%, transparent);
    }

    .who {
      max-width: 16rem;
      padding: 0.6rem 1rem;
      overflow: hidden;
      color: var(--mat-sys-on-surface-variant);
      font: var(--mat-sys-body-medium);
      text-overflow: ellipsis;
    }

    strong {
      color: var(--mat-sys-on-surface);
    }

    .chosen {
      margin: 0 0 0 auto;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class UserMenu {
  private readonly session = inject(Session);
  private readonly themeStore = inject(Theme);

  protected readonly user = computed(() => this.session.user());
  protected readonly theme = this.themeStore.choice;
  protected readonly themes: readonly { choice: ThemeChoice; label: string; icon: string }[] = [
    { choice: 'auto', label: 'Look of the system', icon: 'contrast' },
    { choice: 'light', label: 'Light', icon: 'light' },
    { choice: 'dark', label: 'Dark', icon: 'dark' },
  ];

  protected choose(choice: ThemeChoice): void {
    this.themeStore.choose(choice);
  }

  protected signOut(): void {
    void this.session.signOut();
  }
}
