import type { Value } from '@feedprint/graph';
import type { PlannedParameter } from './trainable.ts';

/** Parameters one after another in one array, so that they can be updated, kept and read as one. */
export interface ParameterBuffer {
  readonly places: readonly ParameterPlace[];
  /** Numbers in all, a multiple of `PIECE`; those that belong to no parameter are 0. */
  readonly length: number;
  /** Up to here, also a multiple, are the matrices, which weight decay shrinks; then norms and biases, as in `transformers`. */
  readonly decayed: number;
  readonly values: Float32Array;
  has(name: string): boolean;
  /** A view of one parameter in `values`, or in another array of `length` numbers. */
  view(name: string, of?: Float32Array): Value;
}

export interface ParameterPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** Numbers updated at once: small enough for a core's cache, large enough for the cost of a call not to show. */
export const PIECE = 1 << 16;

/** Parameters as they begin. */
export function createParameterBuffer(planned: readonly PlannedParameter[]): ParameterBuffer {
  const places = new Map<string, ParameterPlace>();
  let end = 0;
  const place = (some: readonly PlannedParameter[]): number => {
    for (const { name, shape } of some) {
      const start = end;
      end += shape.reduce((a, b) => a * b, 1);
      places.set(name, { name, shape, start, end });
    }
    return (end = Math.ceil(end / PIECE) * PIECE);
  };
  const decayed = place(planned.filter(({ shape }) => shape.length > 1));
  const length = place(planned.filter(({ shape }) => shape.length <= 1));
  const values = new Float32Array(length);
  for (const { name, initial } of planned) values.set(initial(), places.get(name)?.start);
  return {
    places: [...places.values()],
    length,
    decayed,
    values,
    has: (name) => places.has(name),
    view(name, of = values) {
      const { start, end: last, shape } = places.get(name) as ParameterPlace;
      return { data: of.subarray(start, last), shape };
    },
  };
}
