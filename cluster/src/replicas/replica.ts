import { Agent, get } from 'node:http';
import type { Environment } from '../machine/environment.ts';
import type { ProcessOptions, ProcessRegistry } from '../machine/managed-process.ts';
import { ServerProcess, type ServerEvents } from '../machine/server-process.ts';
import type { ReplicaCommand } from './replica-command.ts';

export interface ReplicaOptions extends ServerEvents {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly run: ReplicaCommand;
  readonly env: Environment;
  readonly registry: ProcessRegistry;
}

/** One server of the cluster. */
export class Replica extends ServerProcess {
  override readonly name: string;
  readonly port: number;
  readonly url: string;
  protected override readonly graceMs = 20_000;
  protected override readonly readyMs = 120_000;
  readonly #options: ReplicaOptions;

  constructor(options: ReplicaOptions) {
    super(options);
    this.name = options.name;
    this.port = options.port;
    this.url = options.url;
    this.#options = options;
  }

  protected override describe(): ProcessOptions {
    const { run, env, registry } = this.#options;
    return {
      name: this.name,
      role: 'replica',
      command: run.command,
      args: run.args,
      cwd: run.cwd,
      env,
      registry,
      onLine: (line) => this.line(line),
    };
  }

  protected override probe(): Promise<true | string | undefined> {
    return new Promise((resolve) => {
      // An agent of its own: the shared one may have been told to use a proxy, and would keep connections to a server that has died.
      const request = get(`${this.url}/health/ready`, { agent: new Agent(), timeout: 5000 }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body = (body + chunk).slice(0, 2000)));
        response.on('end', () =>
          resolve(response.statusCode === 200 ? true : `/health/ready answered ${response.statusCode} ${body}`),
        );
        response.on('error', () => resolve(undefined));
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(undefined));
    });
  }
}
