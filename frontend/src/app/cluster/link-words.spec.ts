import { Recovery } from '../realtime/link-state';
import { recoverySentence } from './link-words';

const a = { url: 'http://a', name: 'replica-5001' };
const b = { url: 'http://b', name: 'replica-5002' };
const recovery = (changes: Partial<Recovery>): Recovery => ({
  from: a,
  to: b,
  took: 400,
  at: 1,
  asked: false,
  missed: 0,
  ...changes,
});

describe('recoverySentence', () => {
  it.each<[Partial<Recovery>, string]>([
    [{}, 'replica-5001 went away. You are on replica-5002 now. Nothing missed.'],
    [{ missed: 1 }, 'replica-5001 went away. You are on replica-5002 now. 1 message caught up.'],
    [{ missed: 3 }, 'replica-5001 went away. You are on replica-5002 now. 3 messages caught up.'],
    [{ missed: null }, 'replica-5001 went away. You are on replica-5002 now.'],
    [{ to: a, missed: 2 }, 'You are back on replica-5001. 2 messages caught up.'],
    [
      { took: 4_200, missed: 3 },
      'replica-5001 went away. You are on replica-5002 now. Away 4 s, 3 messages caught up.',
    ],
    [{ took: 61_000 }, 'replica-5001 went away. You are on replica-5002 now. Away 61 s, nothing missed.'],
    [{ took: 2_000, missed: null }, 'replica-5001 went away. You are on replica-5002 now. Away 2 s.'],
    [{ asked: true }, 'You are on replica-5002 now. Nothing missed.'],
  ])('says what happened and what it means', (changes, sentence) => {
    expect(recoverySentence(recovery(changes))).toBe(sentence);
  });
});
