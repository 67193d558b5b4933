import type { Metrics } from '../trainer/policy.ts';

/** Metrics after a step: of the batches since the last such point, averaged, or (`eval_...`) of held-out items. */
export interface HistoryPoint {
  readonly step: number;
  readonly metrics: Metrics;
}

/** What a training has reported, and what it has gathered for its next point. */
export interface HistoryState {
  readonly points: readonly HistoryPoint[];
  readonly sums: Metrics;
  readonly counts: Metrics;
}

/** Gathers the metrics of steps into points. */
export interface History {
  readonly points: readonly HistoryPoint[];
  /** Notes a step's metrics. */
  add(metrics: Metrics): void;
  /** The mean of what was noted since the last point becomes one. */
  close(step: number): HistoryPoint;
  /** A point of metrics on held-out items, their names beginning with `eval_`. */
  evaluated(step: number, metrics: Metrics): HistoryPoint;
  state(): HistoryState;
}

export function createHistory(from?: HistoryState): History {
  const points: HistoryPoint[] = [...(from?.points ?? [])];
  let sums: Record<string, number> = { ...from?.sums };
  let counts: Record<string, number> = { ...from?.counts };
  const push = (point: HistoryPoint): HistoryPoint => {
    points.push(point);
    return point;
  };
  return {
    points,
    add(metrics) {
      for (const [name, value] of Object.entries(metrics)) {
        sums[name] = (sums[name] ?? 0) + value;
        counts[name] = (counts[name] ?? 0) + 1;
      }
    },
    close(step) {
      const means = Object.entries(sums).map(([name, sum]) => [name, sum / (counts[name] ?? 1)]);
      [sums, counts] = [{}, {}];
      return push({ step, metrics: Object.fromEntries(means) as Metrics });
    },
    evaluated(step, metrics) {
      const named = Object.entries(metrics).map(([name, value]) => [`eval_${name}`, value]);
      return push({ step, metrics: Object.fromEntries(named) as Metrics });
    },
    state: () => ({ points, sums, counts }),
  };
}
