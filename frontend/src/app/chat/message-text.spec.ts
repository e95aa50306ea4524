import { TestBed } from '@angular/core/testing';

import { MessageText } from './message-text';

const render = async (text: string) => {
  const fixture = TestBed.createComponent(MessageText);
  fixture.componentRef.setInput('text', text);
  await fixture.whenStable();
  return fixture.nativeElement as HTMLElement;
};

describe('MessageText', () => {
  it('shows a text exactly, line breaks and markup included', async () => {
    const text = 'one\n\n  two <b>three</b> & <script>alert(1)</script>';
    const element = await render(text);
    expect(element.textContent).toBe(text);
    expect(element.querySelector('b, script')).toBeNull();
  });

  it('opens links elsewhere, without telling them where they were found', async () => {
    const link = (await render('see https://example.org/a_(b).')).querySelector('a')!;
    expect(link.getAttribute('href')).toBe('https://example.org/a_(b)');
    expect(link.target).toBe('_blank');
    expect(link.rel).toContain('noopener');
    expect(link.rel).toContain('noreferrer');
  });

  it('shows a few emoji large', async () => {
    expect((await render('🎉')).classList).toContain('large');
    expect((await render('🎉 party')).classList).not.toContain('large');
  });
});
