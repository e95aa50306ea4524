import { hueOf, initialsOf } from './avatar-look';

describe('avatar look', () => {
  it.each([
    ['ana', 'A'],
    ['ana.maria', 'AM'],
    ['Jean-Luc_Picard', 'JP'],
    ['élodie', 'É'],
    ['42', '4'],
    ['...', '.'],
    ['', '?'],
  ])('makes initials of %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });

  it('gives everybody a colour of their own that stays', () => {
    expect(hueOf('u-1')).toBe(hueOf('u-1'));
    const hues = new Set(Array.from({ length: 200 }, (_, i) => hueOf(`u-${i}`)));
    expect(hues.size).toBe(12);
  });
});
