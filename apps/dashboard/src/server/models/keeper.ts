/** Things that take a while to open, kept by key; the least recently used goes first. */
export interface Keeper<From, Kept> {
  /** What was opened for a key, or is opened now: once, however many ask. A failure is not kept. */
  get(key: string, from: From): Promise<Kept>;
  clear(): Promise<void>;
}

export function createKeeper<From, Kept>(
  most: number,
  open: (from: From) => Promise<Kept>,
  dispose: (kept: Kept) => Promise<void> = () => Promise.resolve(),
): Keeper<From, Kept> {
  const kept = new Map<string, Promise<Kept>>();
  const drop = async (key: string): Promise<void> => {
    const one = kept.get(key);
    kept.delete(key);
    if (one) await one.then(dispose, () => undefined);
  };
  return {
    get: (key, from) => {
      const before = kept.get(key);
      const one = before ?? open(from);
      kept.delete(key);
      kept.set(key, one);
      if (before) return one;
      one.catch(() => kept.get(key) === one && kept.delete(key));
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) void drop(oldest);
      return one;
    },
    clear: async () => {
      for (const key of [...kept.keys()]) await drop(key);
    },
  };
}
