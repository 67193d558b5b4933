import { explainLabels, labelInfluences, othersOf } from '@feedprint/probe';
import type { LabelledReplies } from '@feedprint/probe';
import type { MeasuredReplies } from './measure-replies.ts';

/**
 * How much each pair adds to what the labels reward of some properties, given those that the labels depend on: logits per
 * standard deviation, `[pairs]` each, by name. A property that hardly varies is left out.
 */
export function influencesOn(
  wanted: readonly string[],
  names: readonly string[],
  measured: MeasuredReplies<LabelledReplies>,
): ReadonlyMap<string, Float64Array> {
  const labels = explainLabels({ names, ...measured });
  return new Map(
    wanted.flatMap((name) => {
      const place = labels.names.indexOf(name);
      return place < 0
        ? []
        : [
            [
              name,
              labelInfluences(
                labels.comparisons,
                place,
                othersOf(place, labels.rewarded, labels.standIns),
              ),
            ] as const,
          ];
    }),
  );
}
