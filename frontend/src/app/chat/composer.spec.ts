import { ComponentFixture, TestBed } from '@angular/core/testing';

import { signedInAs } from '../../testing/samples';
import { provideIcons } from '../shell/icons';
import { Composer } from './composer';
import { Drafts } from './drafts';

describe('Composer', () => {
  let fixture: ComponentFixture<Composer>;
  let sent: string[];

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideIcons(), signedInAs(), Drafts] });
    fixture = TestBed.createComponent(Composer);
    fixture.componentRef.setInput('roomId', 'r-1');
    fixture.componentRef.setInput('roomName', 'lobby');
    sent = [];
    fixture.componentInstance.sent.subscribe((text) => sent.push(text));
    await fixture.whenStable();
  });

  const page = () => fixture.nativeElement as HTMLElement;
  const field = () => page().querySelector('textarea')!;
  const type = async (text: string) => {
    field().value = text;
    field().dispatchEvent(new Event('input'));
    await fixture.whenStable();
  };
  const press = async (key: string, more: KeyboardEventInit = {}) => {
    field().dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true, ...more }));
    await fixture.whenStable();
  };
  const note = () => page().querySelector('#composer-note')!.textContent!.replace(/\s+/g, ' ').trim();

  it('sends with Enter and is empty then', async () => {
    await type('  hello \n there ');
    await press('Enter');
    expect(sent).toEqual(['hello \n there']);
    expect(field().value).toBe('');
  });

  it('is empty also when typing and Enter come in one go', () => {
    field().value = 'quick';
    field().dispatchEvent(new Event('input'));
    field().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    expect(sent).toEqual(['quick']);
    expect(field().value).toBe('');
  });

  it('leaves Shift and Enter to make a new line', async () => {
    await type('hello');
    await press('Enter', { shiftKey: true });
    expect(sent).toEqual([]);
  });

  it('does not send what is still being composed', async () => {
    await type('にほん');
    await press('Enter', { isComposing: true });
    expect(sent).toEqual([]);
  });

  it.each(['', '   ', '\n\n\t'])('does not send nothing: %j', async (text) => {
    await type(text);
    await press('Enter');
    expect(sent).toEqual([]);
  });

  it('sends with the button', async () => {
    await type('hello');
    page().querySelector<HTMLButtonElement>('[aria-label=Send]')!.click();
    await fixture.whenStable();
    expect(sent).toEqual(['hello']);
  });

  it('counts when little is left', async () => {
    await type('x'.repeat(3_000));
    expect(note()).toBe('');
    await type('x'.repeat(3_990));
    expect(note()).toBe('10 characters left');
    await type('x'.repeat(3_999));
    expect(note()).toBe('1 character left');
  });

  it('takes exactly as much as the server does', async () => {
    await type('x'.repeat(4_000) + '   ');
    await press('Enter');
    expect(sent[0]).toHaveLength(4_000);
  });

  it('explains what is too long and keeps all of it', async () => {
    await type('x'.repeat(4_002));
    await press('Enter');
    expect(sent).toEqual([]);
    expect(field().value).toHaveLength(4_002);
    expect(note()).toContain('2 characters too many');
    expect(field().getAttribute('aria-invalid')).toBe('true');
  });

  it('keeps a draft for each room, over reloads too', async () => {
    await type('half a thought');
    fixture.componentRef.setInput('roomId', 'r-2');
    await fixture.whenStable();
    expect(field().value).toBe('');
    await type('another');
    fixture.componentRef.setInput('roomId', 'r-1');
    await fixture.whenStable();
    expect(field().value).toBe('half a thought');
    expect(TestBed.inject(Drafts).read('r-2')).toBe('another');
  });

  it('forgets the draft that was sent', async () => {
    await type('hello');
    await press('Enter');
    expect(TestBed.inject(Drafts).read('r-1')).toBe('');
  });

  it('takes a message back without losing what is being written', async () => {
    await type('new');
    fixture.componentInstance.takeBack('old');
    await fixture.whenStable();
    expect(field().value).toBe('old\nnew');
  });

  it('goes on taking text while nothing can be sent, and says why', async () => {
    fixture.componentRef.setInput('refusal', '200 messages wait.');
    await type('hello');
    await press('Enter');
    expect(sent).toEqual([]);
    expect(field().value).toBe('hello');
    expect(note()).toBe('200 messages wait.');
  });
});
