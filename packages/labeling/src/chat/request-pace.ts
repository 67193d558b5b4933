/** Decides when the next request may go. */
export interface RequestPace {
  /** Resolves when a request may go. */
  turn(): Promise<void>;
  /** Lets no request go for so long: a server that is asked for patience means all connections. */
  pause(milliseconds: number): void;
}

export interface RequestPaceOptions {
  /** Requests that may begin in any minute. Default: no limit. */
  readonly perMinute?: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds on a clock that never goes back. Default: `performance.now`. */
  readonly now?: () => number;
}

/** Spreads requests evenly over each minute. */
export function createRequestPace({
  perMinute = Infinity,
  sleep,
  now = () => performance.now(),
}: RequestPaceOptions): RequestPace {
  const interval = 60_000 / perMinute;
  let [next, closedUntil] = [0, 0];
  return {
    turn: async () => {
      const mine = Math.max(next, now());
      next = mine + interval;
      // A pause may begin, or get longer, during the wait.
      for (;;) {
        const wait = Math.max(mine, closedUntil) - now();
        if (wait <= 0) return;
        await sleep(wait);
      }
    },
    pause: (milliseconds) => {
      closedUntil = Math.max(closedUntil, now() + milliseconds);
    },
  };
}
