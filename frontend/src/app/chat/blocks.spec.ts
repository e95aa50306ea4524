import { ANA, BRUNO, NOON, aMessage, messages, mine } from '../../testing/samples';
import { Block, Group, blocksOf } from './blocks';
import { OutboxEntry } from './outbox-entry';

const entry = (changes: Partial<OutboxEntry> = {}): OutboxEntry => ({
  clientMessageId: 'c-new',
  userId: ANA.id,
  roomId: 'r-lobby',
  text: 'on its way',
  writtenAt: NOON + 10 * 60_000,
  state: 'sending',
  attempts: 1,
  reason: null,
  ...changes,
});
const shown = (changes: Partial<Parameters<typeof blocksOf>[0]>) =>
  blocksOf({ messages: [], entries: [], me: ANA, newBefore: null, ...changes });
const groups = (blocks: readonly Block[]) => blocks.filter((block): block is Group => block.kind === 'group');
const at = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString();

describe('blocksOf', () => {
  it('groups what one person says in a row', () => {
    const blocks = shown({ messages: [...messages(1, 3), mine(4), aMessage(5)] });
    expect(groups(blocks).map((group) => [group.userName, group.mine, group.items.length])).toEqual([
      ['Bruno', false, 3],
      ['Ana', true, 1],
      ['Bruno', false, 1],
    ]);
  });

  it('starts a new group after five quiet minutes, and not before', () => {
    const talk = [aMessage(1, { sentAt: at(0) }), aMessage(2, { sentAt: at(5) }), aMessage(3, { sentAt: at(10.1) })];
    expect(groups(shown({ messages: talk })).map((group) => group.items.length)).toEqual([2, 1]);
  });

  it('separates days', () => {
    const talk = [
      aMessage(1, { sentAt: at(-24 * 60) }),
      aMessage(2, { sentAt: at(0) }),
      aMessage(3, { sentAt: at(1) }),
    ];
    expect(shown({ messages: talk }).map((block) => block.kind)).toEqual(['day', 'group', 'day', 'group']);
  });

  it('draws the line above the first new message, also within what would be one group', () => {
    const blocks = shown({ messages: messages(1, 4), newBefore: 'm-3' });
    expect(blocks.map((block) => block.kind)).toEqual(['day', 'group', 'new', 'group']);
    expect(groups(blocks)[1]!.items[0]!.id).toBe('m-3');
  });

  it('draws no line for a message that is not loaded', () => {
    expect(shown({ messages: messages(1, 4), newBefore: 'm-99' }).some((block) => block.kind === 'new')).toBe(false);
  });

  it('shows messages on their way last, in the order of writing', () => {
    const blocks = shown({
      messages: [mine(9)],
      entries: [entry(), entry({ clientMessageId: 'c-later', text: 'later', state: 'waiting' })],
    });
    expect(
      groups(blocks)
        .at(-1)!
        .items.map((item) => [item.text, item.state]),
    ).toEqual([
      ['message 9', 'sent'],
      ['on its way', 'sending'],
      ['later', 'waiting'],
    ]);
  });

  it('shows a message once while it is both stored and on its way', () => {
    const blocks = shown({ messages: [mine(9, { clientMessageId: 'c-new' })], entries: [entry()] });
    expect(
      groups(blocks)
        .flatMap((group) => group.items)
        .map((item) => item.state),
    ).toEqual(['sent']);
  });

  it('keeps the key when a message becomes stored, so that it stays where it is on the screen', () => {
    const before = groups(shown({ entries: [entry()] }))[0]!.items[0]!.key;
    const after = groups(shown({ messages: [mine(1, { clientMessageId: 'c-new' })] }))[0]!.items[0]!.key;
    expect(after).toBe(before);
  });

  it('does not confuse two people who use the same client id', () => {
    const talk = [mine(1, { clientMessageId: 'same' }), aMessage(2, { clientMessageId: 'same', userId: BRUNO.id })];
    const keys = groups(shown({ messages: talk })).flatMap((group) => group.items.map((item) => item.key));
    expect(new Set(keys).size).toBe(2);
  });
});
