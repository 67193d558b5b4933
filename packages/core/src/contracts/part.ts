/** What distinguishes the results of one exchangeable implementation from those of another. */
export interface Part {
  readonly name: string;
  /**
   * For hashing: everything that affects its results besides the arguments of calls. What does not, such as the number
   * of threads, is left out.
   */
  readonly settings: Readonly<Record<string, unknown>>;
}
