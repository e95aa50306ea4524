import { candidates } from './replica-choice';

const A = 'http://a:1';
const B = 'http://b:1';
const C = 'http://c:1';
const D = 'http://d:1';
const known = [A, B, C, D];

describe('candidates', () => {
  it('starts with the replica in use', () => {
    expect(candidates({ known, current: B, preferred: null, suspects: [], spare: [] })[0]).toBe(B);
  });

  it('starts with the replica that was asked for', () => {
    const order = candidates({ known, current: B, preferred: D, suspects: [], spare: [] });
    expect(order.slice(0, 2)).toEqual([D, B]);
  });

  it('tries what failed a moment ago last, but does try it', () => {
    const order = candidates({ known, current: A, preferred: A, suspects: [A], spare: [] });
    expect(order.at(-1)).toBe(A);
    expect([...order].sort()).toEqual(known);
  });

  it('names every replica once, the current one too when no list has it', () => {
    const order = candidates({ known, current: 'http://proxy', preferred: A, suspects: [], spare: [] });
    expect([...order].sort()).toEqual([...known, 'http://proxy'].sort());
  });

  it('falls back on what was alive lately, after everything that is', () => {
    const order = candidates({ known: [A, B], current: A, preferred: null, suspects: [A], spare: [C, B] });
    expect(order).toEqual([B, A, C]);
  });

  it('has somewhere to go when nothing is known', () => {
    expect(candidates({ known: [], current: A, preferred: null, suspects: [A], spare: [] })).toEqual([A]);
  });

  it('spreads the clients of a dead replica over the others', () => {
    const firsts = new Set<string>();
    for (let i = 0; i < 200; i++)
      firsts.add(candidates({ known, current: A, preferred: null, suspects: [A], spare: [] })[0]!);
    expect([...firsts].sort()).toEqual([B, C, D]);
  });
});
