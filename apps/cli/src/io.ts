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
  /** Aborted when the user asks to stop; its reason is a `StopSignal`. */
  readonly signal: AbortSignal;
}

/** Exit codes as shells have them: 128 and the number of the signal. */
const stopCodes = { SIGINT: 130, SIGTERM: 143, SIGPIPE: 141 } as const;
type StopSignal = keyof typeof stopCodes;

/** The exit code of a command that stopped because of a signal; one of another cause counts as interrupted. */
export const stopCode = (reason: unknown): number =>
  stopCodes[Object.hasOwn(stopCodes, String(reason)) ? (reason as StopSignal) : 'SIGINT'];

/**
 * This process. The first signal asks a command that watches `signal` to stop in good order; a command that does not, and a second
 * signal, end at once.
 */
export function processIo(): Io {
  const stop = new AbortController();
  let watched = false;
  const isTerminal = process.stderr.isTTY === true;
  const err = (text: string): void => void process.stderr.write(text);
  const end = (signal: StopSignal): void => {
    if (isTerminal) err('\n');
    if (!watched || stop.signal.aborted) {
      err('stopped\n');
      process.exit(stopCodes[signal]);
    }
    if (isTerminal) err('stopping; press Ctrl+C again to end at once\n');
    stop.abort(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end(signal));
  // The reader of a pipe, such as head, may close it when it has enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop.abort('SIGPIPE');
  });
  return {
    out: (text) => void process.stdout.write(text),
    err,
    isTerminal,
    columns: process.stderr.columns ?? 80,
    env: process.env,
    now: () => new Date(),
    get signal() {
      watched = true;
      return stop.signal;
    },
  };
}
