import { hubException } from '../../testing/fake-hub';
import { HubFault, toFault } from './hub-fault';

describe('toFault', () => {
  it('reads the code and the sentence that the server gave', () => {
    const fault = toFault(
      hubException('SendMessage', 'text_too_long', 'A message has at most 4,000 characters: yours has more.'),
    );
    expect(fault.code).toBe('text_too_long');
    expect(fault.message).toBe('A message has at most 4,000 characters: yours has more.');
    expect(fault.passes).toBe(false);
  });

  it.each(['unavailable', 'too_many_requests'])('knows that %s passes', (code) => {
    expect(toFault(hubException('SendMessage', code, 'Later.')).passes).toBe(true);
  });

  it('takes a lost connection for something that passes', () => {
    const fault = toFault(new Error('Invocation canceled due to the underlying connection being closed.'));
    expect(fault.code).toBe('unavailable');
  });

  it('takes an answer without a code for final, so that it is not repeated for ever', () => {
    const fault = toFault(new Error("An unexpected error occurred invoking 'SendMessage' on the server."));
    expect(fault.code).toBe('unknown');
    expect(fault.passes).toBe(false);
  });

  it('does not invent codes', () => {
    expect(toFault(hubException('X', 'made_up', 'Hm.')).code).toBe('unknown');
  });

  it('leaves a fault as it is', () => {
    const fault = new HubFault('not_a_member', 'No.');
    expect(toFault(fault)).toBe(fault);
  });
});
