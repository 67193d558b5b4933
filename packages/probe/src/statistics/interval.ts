/** A figure with its uncertainty. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** What a bootstrap interval was read from, if it was kept: a run's tables contain it. */
  readonly bootstrap?: BootstrapTrace;
}

/** The bounds are the quantiles of `values` at `levels`, linear between neighbours (Hyndman and Fan's type 7). */
export interface BootstrapTrace {
  readonly levels: readonly [number, number];
  /** The figure over each resample that defines it. */
  readonly values: readonly number[];
}
