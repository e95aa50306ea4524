import { HttpTransportType } from '@microsoft/signalr';
import { Account } from '../fixtures/account.ts';
import type { ReplicaUnderTest } from '../fixtures/replica.ts';
import type { Room } from '../fixtures/wire.ts';
import type { Cables } from './cables.ts';

/** Somebody before they connect. */
export interface Person {
  readonly name: string;
  readonly account: Account;
  readonly rooms: readonly Room[];
  readonly urls: readonly string[];
  readonly resumes: boolean;
  readonly transport: HttpTransportType;
}

const people = 18;
const roomCount = 9;

/** Who is in the first room, as numbers; each next room has those two further on. Everybody comes to be in two or three rooms of five. */
const seats = [0, 1, 5, 10, 13];

/** Every so many people one has a plain client that cannot resume. */
const plainEvery = 6;

/** These do without WebSockets. */
const otherTransports = new Map([
  [4, HttpTransportType.ServerSentEvents],
  [10, HttpTransportType.LongPolling],
]);

/**
 * Registers people, spread over the replicas, and puts them into private rooms, each with people from all replicas. A third hang on the first
 * cables, a third on the second ones, and the others reach the replicas directly.
 */
export async function gather(replicas: readonly ReplicaUnderTest[], cables: readonly Cables[]): Promise<Person[]> {
  const accounts = await Promise.all(
    Array.from({ length: people }, (_, i) => Account.register(`client-${i + 1}`, home(i))),
  );
  const rooms: { room: Room; members: readonly number[] }[] = [];
  for (let r = 0; r < roomCount; r++) {
    const members = seats.map((seat) => (seat + 2 * r) % people);
    const [owner, ...guests] = members.map((i) => accounts[i]!);
    const room = await owner!.createRoom({ isPrivate: true });
    for (const guest of guests) await owner!.letIn(room, guest);
    rooms.push({ room, members });
  }
  return accounts.map((account, i) => ({
    name: `client-${i + 1}`,
    account,
    rooms: rooms.filter(({ members }) => members.includes(i)).map(({ room }) => room),
    urls: fromHome(i, cables[Math.floor((i * (cables.length + 1)) / people)]?.urls ?? replicas.map(({ url }) => url)),
    resumes: (i + 1) % plainEvery !== 0,
    transport: otherTransports.get(i) ?? HttpTransportType.WebSockets,
  }));

  function home(i: number): ReplicaUnderTest {
    return replicas[i % replicas.length]!;
  }

  function fromHome(i: number, urls: readonly string[]): readonly string[] {
    const first = i % replicas.length;
    return [...urls.slice(first), ...urls.slice(0, first)];
  }
}
