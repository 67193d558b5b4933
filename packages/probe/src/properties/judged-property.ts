import type { Declared } from './property-evidence.ts';

/** An effect per standard deviation of a property, with its 90 % interval. */
export interface PropertyColumn {
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  /** Chance of so strong an effect where there is none, adjusted for all properties (Benjamini-Hochberg); null if not tested. */
  readonly q: number | null;
  /** Pairs or replies that it rests on. */
  readonly n: number;
}

/** What the columns say of a property between them. */
export const propertyVerdicts = [
  'told',
  'in-data-and-learned',
  'in-data-not-learned',
  'learned-not-in-data',
  'not-learned',
] as const;
export type PropertyVerdict = (typeof propertyVerdicts)[number];

/** What a property that was found in pairs has to do with those that are counted, in the pairs that it was not found in. */
export interface Resemblance {
  /** The counted property whose differences between two replies go with its own most; null where none does. */
  readonly mostly: { readonly property: string; readonly r: number } | null;
  /** Share of its differences (their squares) that all counted properties explain together. */
  readonly explained: number;
}

/** One property, judged. Columns are null where nothing can be said. */
export interface JudgedProperty {
  readonly name: string;
  /** Standard deviation over the base's replies, in the property's units. */
  readonly deviation: number | null;
  /**
   * What was rewarded: the effect on the reward of replies in its standard deviations, where there is one; else what was declared, 1,
   * -1 or 0, of n = 0 replies.
   */
  readonly told: PropertyColumn | null;
  /** What the tuner declares: more of it (1), no change (0), less (-1). */
  readonly declared: Declared | null;
  /** Which way it was asked for: as declared or, where nothing was, as the reward surely depends on it. */
  readonly asked: Declared | null;
  /** On the labels, in logits, given the properties that the labels depend on. */
  readonly inData: PropertyColumn | null;
  /** On R of fresh replies, in nats, given the properties that are told, in the data, or learned besides. */
  readonly learned: PropertyColumn | null;
  /** Change of its mean in fresh replies. */
  readonly behaves: PropertyColumn | null;
  /** The same effects when no other property is taken into account. */
  readonly alone: { readonly inData: number | null; readonly learned: number | null };
  /** Share of the difference in R between the models' replies that it carries, with its 90 % interval. */
  readonly share: { readonly value: number; readonly low: number; readonly high: number } | null;
  /** How far it was learned beyond what was told: its share, with the sign of what was learned. */
  readonly score: number;
  readonly verdict: PropertyVerdict;
  /** Whether it was learned and nobody asked for it. */
  readonly flagged: boolean;
  /** Whether the data settle the question whether it was learned. */
  readonly settled: boolean;
  /** The property that it varies with, whose effects cannot be told from its own. */
  readonly partner: string | null;
  /** The largest effect on R of a model that cannot have learned it, nats per standard deviation. */
  readonly placebo: number | null;
  /** The largest effect on labels that were dealt out at random, logits. */
  readonly dealt: number | null;
  /** Of a property that was found in some of the pairs; absent for one that is counted. */
  readonly resembles?: Resemblance;
}

/** How much of a change a model that cannot have learned anything shows as well. */
export interface PlaceboAnalysis {
  readonly name: string;
  /** Share of the variance of R over replies that its own R explains; null where one of them is constant. */
  readonly explains: number | null;
}

export interface PropertyAnalysis {
  /** Furthest learned beyond what was told first. */
  readonly properties: readonly JudgedProperty[];
  /** Mean of R over the tuned model's replies minus that over the base's: how far apart the models are, nats per reply. */
  readonly difference: PropertyColumn;
  readonly placebos: readonly PlaceboAnalysis[];
  /** Nats learned per logit in the data, the median over the properties that are in both; null where there are none. */
  readonly factor: number | null;
}
