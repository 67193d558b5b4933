/** The outside world, handed in so that tests can watch it. */
export interface Io {
  /** Data. */
  readonly out: (text: string) => void;
  /** Talk: progress, advice, errors. */
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal that can redraw a line. */
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
}

export function processIo(): Io {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  // The reader of a pipe, such as head, may close it when it has enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop.abort();
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
    env: process.env,
    now: () => new Date(),
    signal: stop.signal,
  };
}
