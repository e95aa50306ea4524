import { HubMessage, JsonHubProtocol, NullLogger } from '@microsoft/signalr';

import { LogPosition, Resumption } from './log-position';
import { KEPT_BACK, ResumingProtocol } from './resuming-protocol';

describe('ResumingProtocol', () => {
  const position = () => new LogPosition();
  const answers: Resumption[] = [];
  const replays: string[] = [];

  function connect(on: LogPosition): ResumingProtocol {
    return new ResumingProtocol(new JsonHubProtocol(), {
      position: on,
      ticket: on.begin(),
      resumed: (answer) => answers.push(answer),
      replayed: (method) => replays.push(method),
    });
  }

  function call(target: string, cursor: string, argument: unknown = null): string {
    return JSON.stringify({ type: 1, headers: { cursor }, target, arguments: [argument] }) + '\u001e';
  }

  function targets(messages: HubMessage[]): string[] {
    return messages
      .filter((message) => message !== KEPT_BACK)
      .map((message) => ('target' in message ? message.target : `type ${message.type}`));
  }

  beforeEach(() => {
    answers.length = 0;
    replays.length = 0;
  });

  it('starts with an empty cursor and then has that of the last message', () => {
    const at = position();
    expect(at.cursor).toBe('');
    const protocol = connect(at);
    protocol.parseMessages(call('Resumed', 'e.5', { resumed: false, replayed: 0, reason: 'new' }), NullLogger.instance);
    expect(at.cursor).toBe('e.5');
    protocol.parseMessages(call('Say', 'e.6') + call('Say', 'e.9'), NullLogger.instance);
    expect(at.cursor).toBe('e.9');
    expect(answers).toEqual([{ resumed: false, replayed: 0, reason: 'new' }]);
  });

  it('hands on what is new, in order, and keeps back what was seen, the answer and bare positions', () => {
    const at = position();
    const protocol = connect(at);
    const messages = protocol.parseMessages(
      call('Resumed', 'e.5', { resumed: true, replayed: 2, reason: null }) +
        call('A', 'e.6') +
        call('B', 'e.6') +
        call('C', 'e.4') +
        call('D', 'e.8') +
        call('Cursor', 'e.12') +
        call('E', 'e.12') +
        call('F', 'e.13'),
      NullLogger.instance,
    );
    expect(targets(messages)).toEqual(['A', 'D', 'F']);
    expect(at.cursor).toBe('e.13');
    expect(replays).toEqual(['A', 'D']);
  });

  it('puts something in the place of what it keeps back, since both sides count when a connection is kept over a cut', () => {
    const at = position();
    const protocol = connect(at);
    const sent = call('Resumed', 'e.5', { resumed: true, replayed: 0, reason: null }) + call('A', 'e.6');
    const parse = (text: string) => protocol.parseMessages(text, NullLogger.instance);
    expect(parse(sent)).toHaveLength(2);
    // The cut: the server does not know what arrived.
    const again = parse(sent + call('B', 'e.7'));
    expect(again.slice(0, 2)).toEqual([KEPT_BACK, KEPT_BACK]);
    expect(targets(again)).toEqual(['B']);
    expect(at.cursor).toBe('e.7');
    expect(answers).toHaveLength(1);
  });

  it('leaves messages without a cursor alone', () => {
    const protocol = connect(position());
    const messages = protocol.parseMessages(
      '{"type":6}\u001e{"type":1,"target":"Plain","arguments":[]}\u001e{"type":3,"invocationId":"1","result":1}\u001e',
      NullLogger.instance,
    );
    expect(targets(messages)).toEqual(['type 6', 'Plain', 'type 3']);
  });

  it('stands nowhere when the server cannot resume, whatever it had before, and hands on what comes without a cursor', () => {
    const at = position();
    connect(at).parseMessages(call('Resumed', 'e.5', {}) + call('A', 'e.6'), NullLogger.instance);
    answers.length = 0;
    const answer = { resumed: false, replayed: 0, reason: 'unsupported', backplane: 'microsoft' };
    const plain = (target: string, argument: unknown): string =>
      JSON.stringify({ type: 1, target, arguments: [argument] }) + '\u001e';
    const protocol = connect(at);
    const messages = protocol.parseMessages(
      plain('B', 1) + plain('Resumed', answer) + plain('C', 1) + plain('C', 1),
      NullLogger.instance,
    );
    expect(targets(messages)).toEqual(['B', 'C', 'C']);
    expect(answers).toEqual([answer]);
    expect(at.cursor).toBe('');
  });

  it('does not look at what a replaced connection still brings, so that nothing before it is taken for seen', () => {
    const at = position();
    const old = connect(at);
    old.parseMessages(call('Resumed', 'e.5', {}) + call('A', 'e.6'), NullLogger.instance);
    const next = connect(at);
    expect(
      targets(old.parseMessages(call('C', 'e.9') + '{"type":3,"invocationId":"1"}\u001e', NullLogger.instance)),
    ).toEqual(['type 3']);
    expect(at.cursor).toBe('e.6');
    const messages = next.parseMessages(
      call('Resumed', 'e.6', {}) + call('B', 'e.7') + call('C', 'e.9'),
      NullLogger.instance,
    );
    expect(targets(messages)).toEqual(['B', 'C']);
  });

  it('goes over to a new epoch, whatever its offsets', () => {
    const at = position();
    const protocol = connect(at);
    protocol.parseMessages(call('Resumed', 'e.500', {}), NullLogger.instance);
    expect(targets(protocol.parseMessages(call('A', 'f.1') + call('B', 'f.2'), NullLogger.instance))).toEqual([
      'A',
      'B',
    ]);
    expect(at.cursor).toBe('f.2');
  });
});
