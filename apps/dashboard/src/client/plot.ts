import { scaleLinear, scaleLog } from 'd3-scale';
import type { ScaleContinuousNumeric } from 'd3-scale';
import { line } from 'd3-shape';
import type { Curve } from '../api/run-state.ts';

type Point = readonly [number, number];

/** Points of a curve with its latest one. */
export function pointsOf({ points, last }: Curve): readonly Point[] {
  return points.at(-1)?.[0] === last[0] ? points : [...points, last];
}

/** Numbers beyond it are drawn at the edge: the distance of two of them is none. */
const FURTHEST = 1e300;
const within = (value: number): number => Math.max(-FURTHEST, Math.min(FURTHEST, value));

/** The smallest and largest of some numbers, and 0. */
export const extent = (values: readonly number[]): [number, number] => [
  within(values.reduce((a, b) => Math.min(a, b), 0)),
  within(values.reduce((a, b) => Math.max(a, b), 0)),
];

/** About five values of a scale to write beside it, and how they are written. */
export const ticksOf = (
  scale: ScaleContinuousNumeric<number, number>,
): { readonly value: number; readonly text: string }[] => {
  const written = scale.tickFormat(5);
  return scale.ticks(5).map((value) => ({ value, text: written(value) }));
};

/** Names moved just so far that none of a side covers another and none is below `lowest`, in the order of their heights. */
export function apart<T extends { readonly y: number; readonly isLeft: boolean }>(
  names: readonly T[],
  { height, lowest }: { readonly height: number; readonly lowest: number },
): T[] {
  const down = new Map<boolean, number>();
  const moved = names
    .toSorted((a, b) => a.y - b.y)
    .map((name) => {
      const y = Math.max(name.y, (down.get(name.isLeft) ?? -Infinity) + height);
      down.set(name.isLeft, y);
      return { ...name, y };
    });
  const up = new Map<boolean, number>();
  return moved.toReversed().map((name) => {
    const y = Math.min(name.y, (up.get(name.isLeft) ?? lowest + height) - height);
    up.set(name.isLeft, y);
    return { ...name, y };
  });
}

/** Names of points that lie close together in one column, beside the outermost of them: `at` is where they begin, or end on the left. */
export function inColumns<
  T extends { readonly x: number; readonly y: number; readonly isLeft: boolean },
>(
  names: readonly T[],
  { near, away }: { readonly near: number; readonly away: number },
): (T & { readonly at: number })[] {
  const columns: T[][] = [];
  for (const name of names.toSorted((a, b) => a.y - b.y)) {
    const own = columns.find((column) => {
      const last = column.at(-1);
      return (
        last?.isLeft === name.isLeft &&
        Math.abs(last.x - name.x) < near &&
        Math.abs(last.y - name.y) < near
      );
    });
    if (own) own.push(name);
    else columns.push([name]);
  }
  return columns.flatMap((column) =>
    column.map((name) => ({
      ...name,
      at: column.reduce(
        (edge, { x }) => (name.isLeft ? Math.min(edge, x - away) : Math.max(edge, x + away)),
        name.isLeft ? Infinity : -Infinity,
      ),
    })),
  );
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
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
export function frameOf(curves: readonly Curve[], { left, right, top, bottom }: Box): Frame {
  const all = curves.flatMap(pointsOf);
  const values = all.map(([, value]) => value);
  const low = within(values.reduce((a, b) => Math.min(a, b), Infinity));
  const high = within(values.reduce((a, b) => Math.max(a, b), -Infinity));
  const end = within(all.reduce((most, [step]) => Math.max(most, step), 1));
  const log = low > 0 && high / low > 30;
  const scale = log ? scaleLog : scaleLinear;
  return {
    ...{ low, high, end, log },
    x: scaleLinear([0, end], [left, right]).clamp(true),
    y: low === high ? () => (top + bottom) / 2 : scale([low, high], [bottom, top]).clamp(true),
  };
}

/** `d` of an SVG path. */
export function pathOf(curve: Curve, { x, y }: Frame): string {
  const path = line<Point>(
    ([step]) => x(step),
    ([, value]) => y(value),
  ).digits(1);
  return path(pointsOf(curve)) ?? '';
}
