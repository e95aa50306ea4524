import { OutboxEntry } from './outbox-entry';
import { IndexedDbShelf } from './outbox-shelf';

const entry = (clientMessageId: string, userId = 'u-shelf'): OutboxEntry => ({
  clientMessageId,
  userId,
  roomId: 'r',
  text: clientMessageId,
  writtenAt: 1,
  state: 'waiting',
  attempts: 0,
  reason: null,
});

describe('IndexedDbShelf', () => {
  it('keeps entries for the next page, by person', async () => {
    const shelf = new IndexedDbShelf();
    await shelf.put(entry('a'));
    await shelf.put(entry('b', 'u-other'));
    const next = new IndexedDbShelf();
    expect((await next.all('u-shelf')).map((kept) => kept.text)).toEqual(['a']);
  });

  it('replaces and removes', async () => {
    const shelf = new IndexedDbShelf();
    await shelf.put(entry('c'));
    await shelf.put({ ...entry('c'), state: 'failed', reason: 'No.' });
    expect((await shelf.all('u-shelf')).find((kept) => kept.clientMessageId === 'c')?.reason).toBe('No.');
    await shelf.remove('c');
    await shelf.remove('never there');
    expect((await shelf.all('u-shelf')).some((kept) => kept.clientMessageId === 'c')).toBe(false);
  });
});
