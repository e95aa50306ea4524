import { Service, inject, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { RouterStateSnapshot, TitleStrategy } from '@angular/router';

/** The title of the browser tab: how many messages are unread, where one is, and the product. */
@Service()
export class PageTitle extends TitleStrategy {
  private readonly title = inject(Title);

  private readonly _name = signal('');
  private unread = 0;

  readonly name = this._name.asReadonly();

  /** Called by the router; a page that knows better (a room) calls `show`. */
  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.show(this.buildTitle(snapshot) ?? '');
  }

  show(name: string): void {
    this._name.set(name);
    this.write();
  }

  count(unread: number): void {
    this.unread = unread;
    this.write();
  }

  private write(): void {
    const count = this.unread > 0 ? `(${this.unread > 99 ? '99+' : this.unread}) ` : '';
    const name = this._name() ? `${this._name()} · ` : '';
    this.title.setTitle(`${count}${name}Hubbub`);
  }
}
