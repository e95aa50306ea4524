import type { Cluster, Postgres, Redis, Replica } from '@hubbub/cluster';
import type { Cables } from './cables.ts';
import type { FaultName } from './fault-kinds.ts';
import type { PlannedFault } from './plan.ts';
import type { Trunk } from './trunk.ts';

/** What can be broken. */
export interface Targets {
  readonly cluster: Cluster;
  readonly cables: readonly Cables[];
  /** From the last replica to its stores. */
  readonly trunk: Trunk;
}

export interface Fault {
  /** What it hits, for people. */
  readonly target: string;
  begin(): void | Promise<void>;
  /** Makes it good again; resolves when what was hit serves again. */
  end(): void | Promise<void>;
}

type Server = Replica | Postgres | Redis;

/** Makes a planned fault one that can be carried out. */
export function makeFault(planned: PlannedFault, { cluster, cables, trunk }: Targets): Fault {
  const replica = cluster.replicas[planned.replica]!;
  const { postgres, redis } = cluster;
  const makers: Record<FaultName, () => Fault> = {
    'replica killed': () => killed(replica),
    'replica restarted': () => restarted(replica),
    'replica paused beyond its lease': () => paused(replica),
    'replica paused for a moment': () => paused(replica),
    'PostgreSQL restarted': () => restarted(postgres!),
    'PostgreSQL killed': () => killed(postgres!),
    'PostgreSQL paused': () => paused(postgres!),
    'Redis restarted': () => restarted(redis!),
    'Redis killed': () => killed(redis!),
    'Redis killed, its data lost': () => emptied(redis!),
    'Redis paused': () => paused(redis!),
    'cable cut': () => onCable('cut'),
    'cable half open': () => onCable('stall'),
    'trunk cut': () => onTrunk('cut'),
    'trunk half open': () => onTrunk('stall'),
  };
  return makers[planned.kind]();

  function onCable(how: 'cut' | 'stall'): Fault {
    const group = cables[planned.group]!;
    const cable = group.cable(planned.replica);
    return { target: `${group.name} to ${replica.name}`, begin: () => cable[how](), end: () => cable.heal() };
  }

  function onTrunk(how: 'cut' | 'stall'): Fault {
    const target = `${cluster.replicas.at(-1)!.name} to its stores`;
    return { target, begin: () => trunk[how](), end: () => trunk.heal() };
  }
}

function killed(server: Server): Fault {
  return { target: server.name, begin: () => server.kill(), end: () => server.start() };
}

function restarted(server: Server): Fault {
  return { target: server.name, begin: () => server.stop(), end: () => server.start() };
}

function paused(server: Server): Fault {
  return { target: server.name, begin: () => server.pause(), end: () => server.resume() };
}

function emptied(redis: Redis): Fault {
  const begin = async (): Promise<void> => {
    await redis.kill();
    redis.loseData();
  };
  return { target: redis.name, begin, end: () => redis.start() };
}
