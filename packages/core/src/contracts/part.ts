/** An implementation that can be swapped for another: what tells their results apart. */
export interface Part {
  readonly name: string;
  /** Everything that shapes its results besides what it is called with, for hashing; what does not, such as threads, is not in it. */
  readonly settings: Readonly<Record<string, unknown>>;
}
