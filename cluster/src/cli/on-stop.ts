const signals: readonly NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : []),
];

/** Calls `first` at the first signal to stop, and `again` at each further one. */
export function onStopSignal(first: (signal: NodeJS.Signals) => void, again: () => void): void {
  let stopping = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (stopping) again();
      else first(signal);
      stopping = true;
    });
  }
}
