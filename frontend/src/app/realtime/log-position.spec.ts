import { LogPosition } from './log-position';

describe('LogPosition', () => {
  it('gives back the last cursor as the server wrote it', () => {
    const position = new LogPosition();
    expect(position.cursor).toBe('');
    position.reset('0a1b.7');
    expect(position.cursor).toBe('0a1b.7');
    expect(position.advance('0a1b.fedcba98.8')).toBe(true);
    expect(position.cursor).toBe('0a1b.fedcba98.8');
  });

  it('knows what it has seen by epoch and offset, with a tag or without', () => {
    const position = new LogPosition();
    position.reset('0a1b.fedcba98.8');
    expect(position.advance('0a1b.fedcba98.8')).toBe(false);
    expect(position.advance('0a1b.8')).toBe(false);
    expect(position.advance('0a1b.00000001.7')).toBe(false);
    expect(position.advance('0a1b.00000001.10')).toBe(true);
    expect(position.advance('0a1b.00000002.9')).toBe(false);
  });

  it('begins anew in another epoch, however small its offsets are', () => {
    const position = new LogPosition();
    position.reset('0a1b.fedcba98.8');
    expect(position.advance('0c1d.00000001.1')).toBe(true);
    expect(position.cursor).toBe('0c1d.00000001.1');
  });

  it('holds the ticket of the last connection only', () => {
    const position = new LogPosition();
    const first = position.begin();
    const second = position.begin();
    expect(position.holds(first)).toBe(false);
    expect(position.holds(second)).toBe(true);
  });
});
