import { TestBed } from '@angular/core/testing';

import { Theme } from './theme';

describe('Theme', () => {
  const root = document.documentElement;
  const make = () => {
    TestBed.resetTestingModule();
    const theme = TestBed.inject(Theme);
    TestBed.tick();
    return theme;
  };

  it('is as the system is until somebody chooses', () => {
    expect(make().choice()).toBe('auto');
    expect(root.dataset['theme']).toBeUndefined();
  });

  it('applies a choice and remembers it', () => {
    make().choose('dark');
    TestBed.tick();
    expect(root.dataset['theme']).toBe('dark');
    expect(make().choice()).toBe('dark');
  });

  it('goes back to the system', () => {
    const theme = make();
    theme.choose('light');
    theme.choose('auto');
    TestBed.tick();
    expect(root.dataset['theme']).toBeUndefined();
    expect(make().choice()).toBe('auto');
  });

  it('ignores what it does not know', () => {
    localStorage.setItem('hubbub.theme', 'plaid');
    expect(make().choice()).toBe('auto');
  });
});
