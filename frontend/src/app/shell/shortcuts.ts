import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';

/** What the keyboard can do. */
@Component({
  selector: 'app-shortcuts',
  imports: [MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>Keyboard shortcuts</h2>
    <mat-dialog-content>
      <dl>
        @for (shortcut of shortcuts; track shortcut.does) {
          <div>
            <dt>{{ shortcut.does }}</dt>
            <dd>
              @for (key of shortcut.keys; track key) {
                <kbd>{{ key }}</kbd>
              }
            </dd>
          </div>
        }
      </dl>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close>Close</button>
    </mat-dialog-actions>
  `,
  styles: `
    dl {
      margin: 0;
    }

    div {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 1rem;
      padding: 0.5rem 0;
    }

    dt {
      color: var(--mat-sys-on-surface);
    }

    dd {
      display: flex;
      flex: none;
      gap: 0.3rem;
      margin: 0;
    }

    kbd {
      padding: 0.15rem 0.5rem;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 0.45rem;
      background: var(--mat-sys-surface-container-lowest);
      color: var(--mat-sys-on-surface);
      font: var(--mat-sys-label-medium);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Shortcuts {
  protected readonly shortcuts = [
    { does: 'Go to a room', keys: ['Ctrl', 'K'] },
    { does: 'Next room', keys: ['Alt', '↓'] },
    { does: 'Previous room', keys: ['Alt', '↑'] },
    { does: 'Send', keys: ['Enter'] },
    { does: 'New line', keys: ['Shift', 'Enter'] },
    { does: 'Jump to the newest message', keys: ['Esc'] },
    { does: 'Move in the room list', keys: ['↑', '↓'] },
    { does: 'This list', keys: ['?'] },
  ];
}
