import { createServer } from 'node:net';
import { Problem } from '../problem.ts';
import { describePortHolder } from './port-holder.ts';

/** Whether a server could listen on both loopback addresses. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'));
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 has no ::1 to be taken.
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT'),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Throws a {@link Problem} that names the first port in use, and who holds it where that can be seen. */
export async function requireFreePorts(ports: readonly number[], advice: string): Promise<void> {
  for (const port of ports) {
    if (!(await isPortFree(port))) throw new Problem(`Port ${port} is in use${describePortHolder(port)}. ${advice}`);
  }
}

/**
 * Ports that are free now. They lie below the ranges from which operating systems pick the local port of an outgoing connection, so
 * that a server which is stopped and started again finds its port still free.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let attempt = 0; found.size < count && attempt < 1000; attempt++) {
    const port = 15_000 + Math.floor(Math.random() * 17_000);
    if (!found.has(port) && (await isPortFree(port))) found.add(port);
  }
  if (found.size < count) throw new Problem('No free ports between 15000 and 32000 were found.');
  return [...found];
}
