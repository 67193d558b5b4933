/** A question whose answer is known, and what a judge answered. */
export interface JudgedItem {
  /** What should be said. */
  readonly truth: boolean;
  /** Undefined without a usable answer. */
  readonly said: boolean | undefined;
  /** Where it stood among what was asked together, from 0 for the first to 1 for the last; absent if asked alone. */
  readonly place?: number;
}
