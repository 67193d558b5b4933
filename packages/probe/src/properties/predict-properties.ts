import { labelEffect } from './label-effects.ts';
import { collinearityOf, isCollinear } from './collinear.ts';
import { product } from './columns.ts';
import { learnedEffect } from './learned-effects.ts';
import type { FreshDifferences } from './learned-effects.ts';
import { REWARDED_SHARE, UNASKED_SHARE } from './carrying-properties.ts';
import type {
  LabelledReplies,
  LogRatios,
  PropertyEvidence,
  Declared,
} from './property-evidence.ts';
import { BOUND, rewardedProperties } from './rewarded-properties.ts';
import { scaleProperties } from './scale-properties.ts';
import { labelStandIns, othersOf } from './stand-ins.ts';
import type { Columns } from './columns.ts';

/** Two replies of the base to each prompt, and how tuning is expected to change their log-probabilities. */
export interface ForetoldReplies {
  /** Properties of one reply to each prompt, `[prompts]` each. */
  readonly first: Columns;
  readonly second: Columns;
  /** The expected log p tuned - log p base of either reply, in any unit. */
  readonly ratios: { readonly first: Float64Array; readonly second: Float64Array };
  /** The same for labels that were dealt out at random. */
  readonly placebo: { readonly first: Float64Array; readonly second: Float64Array };
  /** Number of each prompt, from 0. */
  readonly prompts: Int32Array;
}

export interface PredictionEvidence {
  /** In the order of the arrays. */
  readonly names: readonly string[];
  readonly replies: ForetoldReplies;
  readonly labels: LabelledReplies;
  readonly told?: ReadonlyMap<string, Declared>;
}

interface Bounded {
  readonly effect: number;
  readonly low: number;
  readonly high: number;
}

/** What tuning on some pairs would teach of a property. */
export interface PredictedProperty {
  readonly name: string;
  readonly told: number | null;
  /** On the labels, logits per standard deviation, as in an audit; 90 % interval. */
  readonly inData: Bounded;
  /** Mean of preferred minus other replies, standard deviations. */
  readonly difference: number;
  /**
   * On the predicted log-ratio, in its standard deviations per standard deviation of the property, given the properties
   * that are told or rewarded: an audit's "learned" but for one factor, which says how long tuning went on.
   */
  readonly learned: Bounded;
  /** Share of the predicted change that it carries. */
  readonly share: { readonly value: number; readonly low: number; readonly high: number };
  /** The effect for labels dealt out at random, on the same scale. */
  readonly placebo: number;
  /** `rewarded`: the labels ask for it, and it would be learned; `besides`: it would be learned though they do not. */
  readonly verdict: 'told' | 'rewarded' | 'besides' | 'not-learned';
}

/**
 * What tuning on labels would do to properties of the base's replies, read as an audit reads what tuning did:
 * within prompts, given what is told or rewarded. The properties that would carry most come first. The share of a property
 * is its effect times its covariance with the predicted log-ratio: to first order, its movement under tuning.
 */
export function predictProperties(evidence: PredictionEvidence): PredictedProperty[] {
  const { names, replies, labels, told } = evidence;
  const asked: PropertyEvidence & { readonly labels: LabelledReplies } = {
    ...{ names, labels },
    fresh: {
      ...{ base: replies.first, tuned: replies.second, prompts: replies.prompts },
      ratios: asLogRatios(replies.ratios),
    },
  };
  const scaled = scaleProperties(asked);
  const collinearity = collinearityOf(scaled.base);
  const comparisons = { ...labels, differences: scaled.differences };
  const rewarded = rewardedProperties(comparisons, collinearity);
  const alike = labelStandIns(comparisons, rewarded, collinearity);
  const nameOf = (j: number): string => names[scaled.kept[j] as number] as string;
  const toldOf = (j: number): number | undefined => told?.get(nameOf(j));
  const places = [...scaled.kept.keys()];
  const around = [...new Set([...places.filter((j) => (toldOf(j) ?? 0) !== 0), ...rewarded])];
  const within = ({ first, second }: ForetoldReplies['ratios']): FreshDifferences => ({
    ...{ base: scaled.base, moved: scaled.moved, prompts: replies.prompts },
    ratios: second.map((value, i) => value - (first[i] as number)),
  });
  const [own, dealt] = [within(replies.ratios), within(replies.placebo)];
  // Differences of two independent replies vary twice as much as the replies do.
  const variance = product(own.ratios, own.ratios) / own.ratios.length / 2;
  const unit = variance > 0 ? Math.sqrt(variance) : 1;
  const total = labels.weights.reduce((sum, weight) => sum + weight, 0);
  return places
    .map((j): PredictedProperty => {
      const moved = scaled.moved[j] as Float64Array;
      const others = othersOf(j, around, alike);
      const { value, error } = learnedEffect(own, j, others).effect;
      const [effect, half] = [value / unit, (BOUND * error) / unit];
      const covariance = product(moved, own.ratios) / moved.length / 2 / unit;
      const bounds = [(effect - half) * covariance, (effect + half) * covariance];
      const share = {
        value: effect * covariance,
        low: Math.min(...bounds),
        high: Math.max(...bounds),
      };
      const placebo = learnedEffect(dealt, j, others).effect.value / unit;
      const label = labelEffect(comparisons, j, othersOf(j, rewarded, alike));
      const side = Math.sign(effect);
      const isTold = Math.sign(toldOf(j) ?? 0) === side && side !== 0;
      const isRewarded = (rewarded.includes(j) || alike.has(j)) && Math.sign(label.value) === side;
      const margin = isTold || isRewarded ? REWARDED_SHARE : UNASKED_SHARE;
      // What varies with one of these is left to it, as in an audit.
      const isLeft = !around.includes(j) && !alike.has(j) && isCollinear(collinearity, j, around);
      const isLearned =
        !isLeft && share.low > margin && Math.abs(effect) - half > Math.abs(placebo);
      return {
        name: nameOf(j),
        told: toldOf(j) ?? null,
        inData: {
          effect: label.value,
          low: label.value - BOUND * label.error,
          high: label.value + BOUND * label.error,
        },
        difference: product(scaled.differences[j] as Float64Array, notTied(labels)) / total,
        learned: { effect, low: effect - half, high: effect + half },
        share,
        placebo,
        verdict: !isLearned ? 'not-learned' : isTold ? 'told' : isRewarded ? 'rewarded' : 'besides',
      };
    })
    .toSorted((a, b) => b.share.value - a.share.value);
}

const asLogRatios = ({ first, second }: ForetoldReplies['ratios']): LogRatios => ({
  base: first,
  tuned: second,
});

/** Weights of the pairs, 0 for ties, which prefer neither reply. */
const notTied = ({ weights, ties }: LabelledReplies): Float64Array =>
  weights.map((weight, i) => (ties[i] === 1 ? 0 : weight));
