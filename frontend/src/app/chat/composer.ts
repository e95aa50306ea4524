import { CdkTextareaAutosize } from '@angular/cdk/text-field';
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatTooltip } from '@angular/material/tooltip';

import { LONGEST_TEXT } from '../realtime/chat-hub.contract';
import { Drafts } from './drafts';

/** The counter appears when fewer characters than this are left. */
const COUNT_FROM = 300;

/** Where messages are written. What is typed stays, per room, until it is sent or deleted. */
@Component({
  selector: 'app-composer',
  imports: [CdkTextareaAutosize, MatIcon, MatIconButton, MatTooltip],
  templateUrl: './composer.html',
  styleUrl: './composer.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Composer {
  private readonly drafts = inject(Drafts);

  readonly roomId = input.required<string>();
  readonly roomName = input.required<string>();
  /** Why nothing can be sent right now, although writing goes on. */
  readonly refusal = input<string | null>(null);

  readonly sent = output<string>();
  /** Escape was pressed with nothing to clear. */
  readonly escaped = output();

  private readonly field = viewChild.required<ElementRef<HTMLTextAreaElement>>('field');

  protected readonly text = linkedSignal(() => this.drafts.read(this.roomId()));
  protected readonly left = computed(() => LONGEST_TEXT - this.text().trim().length);
  protected readonly counted = computed(() => this.left() < COUNT_FROM);
  protected readonly tooLong = computed(() => this.left() < 0);
  protected readonly sendable = computed(() => this.text().trim() !== '' && !this.tooLong() && !this.refusal());

  focus(): void {
    this.field().nativeElement.focus();
  }

  /** Puts a text back to be changed, before whatever was being written. */
  takeBack(text: string): void {
    this.write(this.text().trim() ? `${text}\n${this.text()}` : text);
    this.focus();
  }

  protected typed(event: Event): void {
    this.write((event.target as HTMLTextAreaElement).value);
  }

  protected pressed(event: KeyboardEvent): void {
    // Enter also ends the composition of a character in some scripts: that is not meant for us.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape') {
      this.escaped.emit();
    }
  }

  protected send(): void {
    if (!this.sendable()) return;
    this.sent.emit(this.text().trim());
    this.write('');
    this.focus();
  }

  private write(text: string): void {
    this.text.set(text);
    // What was typed since the last rendering is not in the binding's memory: typed and sent at once, it would stay in the field.
    const field = this.field().nativeElement;
    if (field.value !== text) field.value = text;
    this.drafts.keep(this.roomId(), text);
  }
}
