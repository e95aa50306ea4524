import type { Backplane } from '../backplanes.ts';
import { type Environment, readSetting, withSettings } from '../machine/environment.ts';

export interface ReplicaSettings {
  readonly name: string;
  readonly url: string;
  readonly postgres: string;
  readonly backplane: Backplane;
  readonly redis: string | undefined;
  readonly frontendRoot: string | undefined;
  /** URLs of all replicas there are or may be, since the app on one may talk to any of them. */
  readonly origins: readonly string[];
  /** What the caller wants otherwise. */
  readonly env: Environment;
}

/** The environment of a replica: the launcher's own, then what makes it this replica, then what the caller asked for. */
export function replicaEnvironment(settings: ReplicaSettings): Environment {
  const { name, url, postgres, backplane, redis, frontendRoot, origins, env } = settings;
  const own: Environment = {
    ASPNETCORE_ENVIRONMENT: 'Production',
    ASPNETCORE_URLS: url,
    ConnectionStrings__Hubbub: postgres,
    Backplane__Store: backplane,
    Replica__Name: name,
    Replica__PublicUrl: url,
    DOTNET_NOLOGO: '1',
  };
  if (redis !== undefined) own['ConnectionStrings__Redis'] = redis;
  if (frontendRoot !== undefined) own['Frontend__Root'] = frontendRoot;
  // Far behind whatever indices are in use already: the list is bound in the order of its indices, and gaps do not count.
  origins.forEach((origin, i) => (own[`Cors__Origins__${100 + i}`] = origin));

  return withSettings(withSettings(withSettings(process.env, { ...oneLinePerEntry(), ...seedAdmin() }), own), env);
}

/** Lines of two replicas come out mixed, so each has to stand by itself. A person's own settings win. */
function oneLinePerEntry(): Environment {
  return unlessSet({
    Logging__Console__FormatterName: 'simple',
    Logging__Console__FormatterOptions__SingleLine: 'true',
    Logging__Console__FormatterOptions__TimestampFormat: 'HH:mm:ss.fff ',
    Logging__Console__FormatterOptions__ColorBehavior: 'Disabled',
  });
}

function seedAdmin(): Environment {
  return unlessSet({ Accounts__SeedAdmin: 'true' });
}

function unlessSet(defaults: Environment): Environment {
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => readSetting(process.env, name) === undefined));
}
