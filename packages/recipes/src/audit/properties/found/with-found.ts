import type { FoundProperties, LabelledReplies } from '@feedprint/probe';
import type { MeasuredReplies } from '../measure-replies.ts';
import type { FoundDefinition, FoundInPairs } from './found-properties.ts';

/** Properties of all replies, those that were found in pairs included. */
export interface AllProperties {
  readonly properties: readonly Pick<FoundDefinition, 'name'>[];
  readonly measured: MeasuredReplies<LabelledReplies>;
}

/** Adds what was found in pairs to what is counted, for tables: NaN where it was not measured. */
export function withFound(
  properties: readonly Pick<FoundDefinition, 'name'>[],
  { fresh, labels }: MeasuredReplies<LabelledReplies>,
  found: readonly FoundInPairs[],
): AllProperties {
  const draws = fresh.prompts.length;
  const pairs = labels.weights.length;
  const add = (
    columns: readonly Float64Array[],
    of: (one: FoundProperties) => readonly Float64Array[],
    placesOf: (one: FoundProperties) => Int32Array | undefined,
    rows: number,
  ): Float64Array[] => [
    ...columns,
    ...found.flatMap((one) => of(one).map((column) => spread(column, placesOf(one), rows))),
  ];
  return {
    properties: [...properties, ...found.flatMap(({ definitions }) => definitions)],
    measured: {
      fresh: {
        ...fresh,
        base: add(
          fresh.base,
          ({ base }) => base,
          () => undefined,
          draws,
        ),
        tuned: add(
          fresh.tuned,
          ({ tuned }) => tuned,
          () => undefined,
          draws,
        ),
      },
      labels: {
        ...labels,
        chosen: add(
          labels.chosen,
          ({ chosen }) => chosen,
          ({ unseen }) => unseen,
          pairs,
        ),
        rejected: add(
          labels.rejected,
          ({ rejected }) => rejected,
          ({ unseen }) => unseen,
          pairs,
        ),
      },
    },
  };
}

/** A column of `rows` numbers with these at their places, the first ones without places. */
function spread(column: Float64Array, places: Int32Array | undefined, rows: number): Float64Array {
  const all = new Float64Array(rows).fill(NaN);
  column.forEach((value, i) => (all[places ? (places[i] as number) : i] = value));
  return all;
}
