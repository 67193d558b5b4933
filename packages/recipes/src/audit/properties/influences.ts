import { explainLabels, labelInfluences, labelsOfFound, othersOf } from '@feedprint/probe';
import type { FoundProperties, LabelledReplies } from '@feedprint/probe';
import type { MeasuredReplies } from './measure-replies.ts';

interface InfluenceJob {
  /** Names of the counted properties. */
  readonly names: readonly string[];
  readonly measured: MeasuredReplies<LabelledReplies>;
  readonly found: readonly FoundProperties[];
}

/**
 * How much each pair adds to what the labels reward of some properties, given those that the labels depend on: logits per
 * standard deviation, `[pairs]` each, by name; NaN for pairs that the property was found in. A property that hardly varies is
 * left out.
 */
export function influencesOn(
  wanted: readonly string[],
  { names, measured, found }: InfluenceJob,
): ReadonlyMap<string, Float64Array> {
  const evidence = { names, ...measured };
  const counted = explainLabels(evidence);
  return new Map(
    wanted.flatMap((name) => {
      const family = found.find((one) => one.names.includes(name));
      const labels = family ? labelsOfFound(evidence, counted, family) : counted;
      const place = labels.names.lastIndexOf(name);
      if (place < 0) return [];
      const influences = labelInfluences(
        labels.comparisons,
        place,
        othersOf(place, labels.rewarded, labels.standIns),
      );
      return [[name, family ? spread(influences, family.unseen, measured) : influences] as const];
    }),
  );
}

function spread(
  influences: Float64Array,
  places: Int32Array,
  { labels }: MeasuredReplies<LabelledReplies>,
): Float64Array {
  const all = new Float64Array(labels.weights.length).fill(NaN);
  places.forEach((place, i) => (all[place] = influences[i] as number));
  return all;
}
