import { aMessage, messages } from '../../testing/samples';
import { wordsFor } from './announcer';

describe('wordsFor', () => {
  it('reads out one or two messages', () => {
    expect(wordsFor([aMessage(1, { text: 'Hi' })])).toBe('Bruno: Hi');
    expect(wordsFor(messages(1, 2))).toBe('Bruno: message 1. Bruno: message 2');
  });

  it('counts more and reads out the last', () => {
    expect(wordsFor(messages(1, 5))).toBe('5 new messages. Bruno: message 5');
  });
});
