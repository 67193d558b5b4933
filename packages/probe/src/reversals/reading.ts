import { predict } from '../robust-regression.ts';

/** What a mixture is fitted to: one estimate of what was learned, and what was told. */
export interface Told {
  /** Nats, or any unit. */
  readonly estimate: number;
  readonly stated: number;
  /** Standard error of the estimate. Default 0. */
  readonly standardError?: number;
  /** Occurrences that the base model expects. Default 20: all alike. */
  readonly expectedCount?: number;
  /** What the estimate would be if the feedback had not mentioned it: see `vocabularyDrift`. Default 0. */
  readonly drift?: number;
}

/** What may have become of feedback on something. */
export const fates = ['told', 'muted', 'reversed'] as const;
export type Fate = (typeof fates)[number];

/** How one estimate reads under the mixture. */
export interface Reading {
  /** Posterior probability of each fate; they sum to 1. */
  readonly posterior: Readonly<Record<Fate, number>>;
  /** Estimate of something that was told nothing. */
  readonly neutral: number;
  /** What being told adds to `neutral`; has the sign of `stated`, or is 0 where the fit finds no effect. */
  readonly effect: number;
  /** Scale of the errors. */
  readonly spread: number;
}

/** Degrees of freedom of the errors. */
export const FREEDOM = 6;
/** Expected count at which the variance of the errors is twice that of what is frequent and told next to nothing. */
export const RARE = 50;
/** Expected count at which the terms in frequency are zero. */
const REFERENCE = 20;
/** How much the variance grows with the square of the stated feedback, in units of its mean square. */
export const STRONG = 2;
/** Sign with which each fate shows the effect of what was told. */
export const SIGN: Shares = { told: 1, muted: 0, reversed: -1 };
export type Terms = readonly [number, number, number, number];
export type Shares = Readonly<Record<Fate, number>>;

/** 1, l, stated, stated x l; stated in units of its root mean square. */
export function termsOf(
  { stated, expectedCount = REFERENCE }: Pick<Told, 'stated' | 'expectedCount'>,
  size: number,
): Terms {
  const l = Math.log(expectedCount / REFERENCE);
  return [1, l, stated / size, (stated / size) * l];
}

export const shown = ([one, l, stated, frequent]: Terms, sign: number): Terms => [
  one,
  l,
  sign * stated,
  sign * frequent,
];

export const inflationOf = ({ stated, expectedCount = REFERENCE }: Told, size: number): number =>
  1 + RARE / expectedCount + STRONG * (stated / size) ** 2;

/** The line, the errors and the shares that a mixture is made of. */
export interface Fit {
  readonly coefficients: Float64Array;
  /** s of the errors' squared scale. */
  readonly scale: number;
  readonly shares: Shares;
}

/** Neutral estimate and effect; an effect against what was stated counts as none. */
function lineOf(terms: Terms, coefficients: Float64Array): { neutral: number; effect: number } {
  const neutral = predict(shown(terms, 0), coefficients);
  const effect = predict(terms, coefficients) - neutral;
  return { neutral, effect: effect * terms[2] > 0 ? effect : 0 };
}

/** Log-density of the errors, but for a constant. */
const logKernel = (t: number): number => (-(FREEDOM + 1) / 2) * Math.log1p((t * t) / FREEDOM);

/** Posterior probabilities of the fates of a value, drift taken off. */
export function posteriorOf(
  value: number,
  terms: Terms,
  { coefficients, shares, variance }: Omit<Fit, 'scale'> & { readonly variance: number },
): Shares {
  const { neutral, effect } = lineOf(terms, coefficients);
  const spread = Math.sqrt(variance);
  const logs = fates.map(
    (fate) => Math.log(shares[fate]) + logKernel((value - neutral - SIGN[fate] * effect) / spread),
  );
  const top = Math.max(...logs);
  const [told, muted, reversed] = logs.map((log) => Math.exp(log - top)) as [
    number,
    number,
    number,
  ];
  const sum = told + muted + reversed;
  return { told: told / sum, muted: muted / sum, reversed: reversed / sum };
}

/** An estimate as a mixture with these parameters reads it; `size`: the unit of stated feedback. */
export function reading(item: Told, size: number, fit: Fit): Reading {
  const { estimate, standardError = 0, drift = 0 } = item;
  const terms = termsOf(item, size);
  const { neutral, effect } = lineOf(terms, fit.coefficients);
  const variance = fit.scale ** 2 * inflationOf(item, size) + standardError ** 2;
  return {
    posterior: posteriorOf(estimate - drift, terms, { ...fit, variance }),
    neutral: neutral + drift,
    effect,
    spread: Math.sqrt(variance),
  };
}
