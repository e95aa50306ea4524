import { Problem } from '../problem.ts';
import { withSettings } from './environment.ts';
import { findProgram } from './find-program.ts';
import { runCommand } from './run-command.ts';

/**
 * Installs a Debian package if that needs no password: as root, or where sudo asks for none.
 * @returns False where it is not possible; throws a {@link Problem} where it fails.
 */
export async function installPackage(
  name: string,
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const apt = findProgram('apt-get');
  const prefix = apt && (await rootPrefix(signal));
  if (!apt || !prefix) return false;
  onProgress(`installing ${name} with apt-get`);
  const run = (...args: string[]) =>
    runCommand({
      name: 'apt-get',
      command: prefix[0] ?? apt,
      args: [...prefix, apt, ...args].slice(1),
      env: withSettings(process.env, { LC_ALL: 'C' }),
      signal,
    });
  // The lists may never have been fetched, or be out of date.
  await run('update', '-q');
  const { code, lines } = await run('install', '-q', '-y', '--no-install-recommends', name);
  if (code !== 0)
    throw new Problem(`apt-get could not install ${name}. Install it yourself and start again.`, lines.slice(-15));
  return true;
}

/** What to put before a command to run it as root, without a password; undefined where there is no way. */
async function rootPrefix(signal: AbortSignal | undefined): Promise<string[] | undefined> {
  const unattended = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  if (process.getuid?.() === 0) return unattended;
  const sudo = findProgram('sudo');
  if (!sudo) return undefined;
  const { code } = await runCommand({ name: 'sudo', command: sudo, args: ['-n', 'true'], env: process.env, signal });
  return code === 0 ? [sudo, '-n', ...unattended] : undefined;
}
