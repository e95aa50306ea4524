import { Problem } from '../problem.ts';

const colours = [36, 33, 35, 32, 34, 31];

/** What the commands print: steps with the time since the start, and the lines of replicas with their names in front. */
export class Terminal {
  readonly #started = performance.now();
  readonly #colour = process.stdout.isTTY && !process.env['NO_COLOR'];
  readonly #sources: string[] = [];

  /** @param onBroken Called when nobody reads the output any longer: the terminal was closed, or the other end of a pipe. */
  constructor(onBroken: () => void) {
    for (const stream of [process.stdout, process.stderr]) stream.on('error', onBroken);
  }

  step(text: string): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1).padStart(6);
    this.print(`${this.#paint(90, `${seconds} s`)}  ${text}`);
  }

  print(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** A line that `source` wrote. */
  log(source: string, line: string): void {
    if (!this.#sources.includes(source)) this.#sources.push(source);
    const colour = colours[this.#sources.indexOf(source) % colours.length]!;
    this.print(`${this.#paint(colour, `${source} |`)} ${line}`);
  }

  /** Something went wrong. A {@link Problem} is one line, below the output that led to it; anything else is a defect and shows where. */
  fail(error: unknown): void {
    if (error instanceof Problem) {
      for (const line of error.details) process.stderr.write(`    ${line}\n`);
      process.stderr.write(`${this.#paint(31, 'error:')} ${error.message}\n`);
    } else {
      process.stderr.write(`${this.#paint(31, 'error:')} ${error instanceof Error ? error.stack : String(error)}\n`);
    }
  }

  warn(text: string): void {
    this.print(`${this.#paint(33, 'warning:')} ${text}`);
  }

  #paint(colour: number, text: string): string {
    return this.#colour ? `\x1b[${colour}m${text}\x1b[0m` : text;
  }
}
