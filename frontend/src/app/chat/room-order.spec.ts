import { aMessage, aRoom } from '../../testing/samples';
import { RoomsById, joinedRooms, matching, missedBetween, otherRooms, withMessage, withRoom } from './room-order';

const byId = (...rooms: ReturnType<typeof aRoom>[]): RoomsById =>
  Object.fromEntries(rooms.map((room) => [room.id, room]));
const named = (name: string, changes = {}) => aRoom({ id: name, name, ...changes });

describe('room order', () => {
  it('puts the room with the latest news first, and tells joined from joinable ones', () => {
    const rooms = byId(
      named('quiet'),
      named('old', { lastMessage: aMessage(1) }),
      named('busy', { lastMessage: aMessage(9) }),
      named('zoo', { isMember: false }),
      named('art', { isMember: false }),
    );
    expect(joinedRooms(rooms).map((room) => room.id)).toEqual(['busy', 'old', 'quiet']);
    expect(otherRooms(rooms).map((room) => room.id)).toEqual(['art', 'zoo']);
  });

  it('finds rooms without regard to case and accents, those that start with it first', () => {
    const rooms = [named('Old café'), named('Café talk'), named('lobby')];
    expect(matching(rooms, ' CAFE ').map((room) => room.name)).toEqual(['Café talk', 'Old café']);
    expect(matching(rooms, '')).toEqual(rooms);
    expect(matching(rooms, 'x.*')).toEqual([]);
  });
});

describe('withMessage', () => {
  it('counts what is unread up to a hundred', () => {
    let rooms = byId(aRoom({ unread: 99 }));
    rooms = withMessage(rooms, aMessage(1), true);
    rooms = withMessage(rooms, aMessage(2), true);
    expect(rooms['r-lobby']!.unread).toBe(100);
    expect(rooms['r-lobby']!.lastMessage!.seq).toBe(2);
  });

  it('counts nothing twice', () => {
    const once = withMessage(byId(aRoom()), aMessage(5), true);
    expect(withMessage(once, aMessage(5), true)).toBe(once);
    expect(withMessage(once, aMessage(4), true)).toBe(once);
  });

  it('does not invent rooms', () => {
    expect(withMessage({}, aMessage(1), true)).toEqual({});
  });
});

describe('withRoom', () => {
  it('does not take membership away because of news made for everybody', () => {
    const rooms = byId(aRoom({ unread: 4, lastMessage: aMessage(7) }));
    const after = withRoom(rooms, aRoom({ isMember: false, unread: 0, lastMessage: null, memberCount: 9 }))['r-lobby']!;
    expect(after).toMatchObject({ isMember: true, unread: 4, memberCount: 9 });
    expect(after.lastMessage!.seq).toBe(7);
  });

  it('makes somebody a member', () => {
    const rooms = byId(aRoom({ isMember: false }));
    expect(withRoom(rooms, aRoom({ unread: 2 }))['r-lobby']).toMatchObject({ isMember: true, unread: 2 });
  });
});

describe('missedBetween', () => {
  it('adds up the numbers that moved on', () => {
    const before = byId(
      named('a', { lastMessage: aMessage(10) }),
      named('b'),
      named('c', { lastMessage: aMessage(4) }),
    );
    const after = byId(
      named('a', { lastMessage: aMessage(13) }),
      named('b', { lastMessage: aMessage(2) }),
      named('c', { lastMessage: aMessage(4) }),
    );
    expect(missedBetween(before, after)).toBe(5);
  });

  it('does not count rooms that were not known or not joined', () => {
    const before = byId(named('b', { isMember: false }));
    const after = byId(named('a', { lastMessage: aMessage(13) }), named('b', { lastMessage: aMessage(9) }));
    expect(missedBetween(before, after)).toBe(0);
  });
});
