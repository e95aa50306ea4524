import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';

import { Brand } from './brand';

@Component({
  selector: 'app-not-found',
  imports: [Brand, MatButton, RouterLink],
  template: `
    <main>
      <app-brand />
      <p class="code" aria-hidden="true">404</p>
      <h1>It is quiet here</h1>
      <p>This page does not exist. The rooms are where the noise is.</p>
      <a matButton="filled" routerLink="/">Go to Hubbub</a>
    </main>
  `,
  styles: `
    main {
      display: grid;
      align-content: center;
      justify-items: center;
      gap: 0.9rem;
      min-height: 100dvh;
      padding: 2rem;
      text-align: center;
    }

    .code {
      margin-top: 1.5rem;
      color: var(--mat-sys-primary);
      font: 700 clamp(5rem, 20vw, 9rem) / 0.9 var(--mat-sys-display-large-font);
      letter-spacing: -0.05em;
    }

    h1 {
      font: 700 1.75rem/1.2 var(--mat-sys-headline-medium-font);
      letter-spacing: -0.02em;
    }

    p {
      color: var(--mat-sys-on-surface-variant);
    }

    a {
      margin-top: 0.75rem;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NotFound {}
