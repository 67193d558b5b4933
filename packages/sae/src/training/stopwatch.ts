/** Where the time of a training run goes. */
export interface Stopwatch {
  /** Counts the time until something arrives as waiting. */
  waiting<T>(coming: Promise<T>): Promise<T>;
  /** For the steps since the previous call with the same name, or since the start. */
  since(
    name: string,
    step: number,
    batchRows: number,
  ): { readonly rowsPerSecond: number; readonly waiting: number };
}

/** `clock` gives milliseconds; `taken` is the number of the last step. */
export function createStopwatch(clock: () => number, taken: number): Stopwatch {
  let waited = 0;
  const start = clock();
  const marks = new Map<string, { at: number; waited: number; step: number }>();
  return {
    async waiting(coming) {
      const before = clock();
      const value = await coming;
      waited += clock() - before;
      return value;
    },
    since(name, step, batchRows) {
      const last = marks.get(name) ?? { at: start, waited: 0, step: taken };
      const now = { at: clock(), waited, step };
      marks.set(name, now);
      const elapsed = Math.max(now.at - last.at, Number.EPSILON);
      return {
        rowsPerSecond: ((now.step - last.step) * batchRows * 1000) / elapsed,
        waiting: (now.waited - last.waited) / elapsed,
      };
    },
  };
}
