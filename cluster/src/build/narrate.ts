const everyMs = 10_000;

/** Passes on a line of a long command's output now and then, so that it can be seen to go on. */
export function narrate(onProgress: (line: string) => void): (line: string) => void {
  let last = performance.now();
  return (line) => {
    const text = line.trim();
    if (text === '' || performance.now() - last < everyMs) return;
    last = performance.now();
    onProgress(`… ${text.slice(0, 100)}`);
  };
}
