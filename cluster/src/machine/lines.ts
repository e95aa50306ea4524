import type { Readable } from 'node:stream';

const maxLineLength = 8192;

/** Calls `onLine` for every line of a stream; a line without an end is cut into pieces rather than collected for ever. */
export function eachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
    for (; rest.length > maxLineLength; rest = rest.slice(maxLineLength)) onLine(rest.slice(0, maxLineLength));
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
  // A pipe that breaks is the end of the process at its other side, which is noticed there.
  stream.on('error', () => {});
}
