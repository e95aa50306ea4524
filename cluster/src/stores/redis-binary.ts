import { installPackage } from '../machine/install-package.ts';
import { findProgram } from '../machine/find-program.ts';
import { Problem } from '../problem.ts';

/** `redis-server` on the PATH, installed first where that is possible without asking anybody. */
export async function findRedis(onProgress: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const advice =
    'Install Redis 7 (Debian, Ubuntu: apt install redis-server; macOS: brew install redis) or set CONNECTIONSTRINGS__REDIS to the host:port of a server.';
  const present = findProgram('redis-server');
  if (present) return present;
  if (!(await installPackage('redis-server', onProgress, signal)))
    throw new Problem(`redis-server was not found. ${advice}`);
  const installed = findProgram('redis-server');
  if (!installed) throw new Problem(`redis-server was not found, also after installing it. ${advice}`);
  return installed;
}
