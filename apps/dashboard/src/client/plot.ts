import type { Curve } from '../api/run-state.ts';

/** Points of a curve with its latest one. */
export function pointsOf({ points, last }: Curve): readonly (readonly [number, number])[] {
  return points.at(-1)?.[0] === last[0] ? points : [...points, last];
}

export interface Frame {
  readonly x: (step: number) => number;
  readonly y: (value: number) => number;
  readonly low: number;
  readonly high: number;
  readonly end: number;
  readonly log: boolean;
}

/** Maps all curves into a box; logarithmic if every value is positive and they span more than a factor of 30. */
export function frameOf(
  curves: readonly Curve[],
  box: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  },
): Frame {
  const all = curves.flatMap(pointsOf);
  const values = all.map(([, value]) => value);
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const end = all.reduce((most, [step]) => Math.max(most, step), 1);
  const log = low > 0 && high / low > 30;
  const scale = log ? Math.log : (value: number) => value;
  const span = scale(high) - scale(low);
  return {
    low,
    high,
    end,
    log,
    x: (step) => box.left + (step / end) * (box.right - box.left),
    y: (value) => {
      const share = span === 0 ? 0.5 : (scale(value) - scale(low)) / span;
      return box.bottom + share * (box.top - box.bottom);
    },
  };
}

/** `points` of an SVG polyline. */
export function polyline(curve: Curve, { x, y }: Frame): string {
  return pointsOf(curve)
    .map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`)
    .join(' ');
}
