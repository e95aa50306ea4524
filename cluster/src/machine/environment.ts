import { homedir } from 'node:os';

export type Environment = Record<string, string | undefined>;

/** A setting by name, in any letter case, as .NET reads it. Empty counts as not given. */
export function readSetting(environment: Environment, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const key = Object.keys(environment).find((key) => key.toLowerCase() === wanted && environment[key] !== '');
  return key === undefined ? undefined : environment[key];
}

/** `base` with `changes` in place of whatever had the same name in any letter case. */
export function withSettings(base: Environment, changes: Environment): Environment {
  const replaced = new Set(Object.keys(changes).map((key) => key.toLowerCase()));
  const kept = Object.entries(base).filter(([key]) => !replaced.has(key.toLowerCase()));
  return { ...Object.fromEntries(kept), ...changes };
}

/** The environment for tools we call: quiet, English (their output is read), and with a home directory, which .NET insists on. */
export function toolEnvironment(): Environment {
  return withSettings(process.env, {
    HOME: process.env['HOME'] || homedir(),
    DOTNET_CLI_UI_LANGUAGE: 'en',
    DOTNET_CLI_TELEMETRY_OPTOUT: '1',
    DOTNET_NOLOGO: '1',
    DOTNET_GENERATE_ASPNET_CERTIFICATE: 'false',
    // Build servers would outlive us.
    DOTNET_CLI_USE_MSBUILD_SERVER: '0',
    MSBUILDDISABLENODEREUSE: '1',
    UseSharedCompilation: 'false',
    NG_CLI_ANALYTICS: 'false',
    NO_COLOR: '1',
  });
}
