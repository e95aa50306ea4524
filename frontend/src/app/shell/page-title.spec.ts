import { TestBed } from '@angular/core/testing';

import { PageTitle } from './page-title';

describe('PageTitle', () => {
  it('tells where one is and what is unread', () => {
    const title = TestBed.inject(PageTitle);
    title.show('lobby');
    expect(document.title).toBe('lobby · Hubbub');
    title.count(3);
    expect(document.title).toBe('(3) lobby · Hubbub');
    title.show('');
    title.count(250);
    expect(document.title).toBe('(99+) Hubbub');
    title.count(0);
    expect(document.title).toBe('Hubbub');
  });
});
