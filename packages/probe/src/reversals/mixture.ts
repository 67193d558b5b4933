import { createNormalEquations, predict } from '../robust-regression.ts';
import {
  FREEDOM,
  SIGN,
  fates,
  inflationOf,
  posteriorOf,
  reading,
  shown,
  termsOf,
} from './reading.ts';
import type { Fate, Fit, Reading, Shares, Terms, Told } from './reading.ts';

/** What a mixture was fitted as. */
export interface MixtureParameters {
  readonly shares: Readonly<Record<Fate, number>>;
  /** Coefficients of 1, l, stated / unit and stated / unit x l, with l = log(expected count / 20). */
  readonly coefficients: readonly [number, number, number, number];
  /** s of the errors' squared scale. */
  readonly scale: number;
  /** Root mean square of the stated feedback. */
  readonly unit: number;
}

export interface ReversalMixture {
  readonly parameters: MixtureParameters;
  /** Any estimate as the mixture reads it. */
  read(item: Told): Reading;
}

/** Pseudo-counts of the shares. */
export const PRIOR: Shares = { told: 4, muted: 0.5, reversed: 3 };
const START: Shares = { told: 0.85, muted: 0.07, reversed: 0.08 };
const TERMS = 4;
const STEPS = 500;
/** Share of the estimates' own size below which their errors are rounding. */
const ROUNDING = 1e-9;

/** Fewest items with a sign that a mixture can be fitted to. */
export const FEWEST = 8;

/**
 * Tells apart what was learned as told, what was not learned, and what was learned the other way round, by a mixture of
 * three regressions with the same coefficients: estimate - drift = a + b l + f (c stated + d stated l) + error, with
 * l = log(expected count / 20) and f = 1 (told), 0 (muted) or -1 (reversed). The errors follow Student's t with 6 degrees of
 * freedom and the squared scale s^2 (1 + 50 / expected count + 2 stated^2 / mean square of stated) + standard error^2.
 * Fitted by expectation maximisation (Lange, Little and Taylor 1989 for the t errors), with pseudo-counts of 4, 0.5 and 3
 * on the shares. The degrees of freedom, the terms of the scale and the pseudo-counts were chosen on pairs of models whose reversed
 * words are known. `undefined` for fewer than 8 items with a sign, or if the estimates do not vary around the line.
 */
export function fitReversalMixture(items: readonly Told[]): ReversalMixture | undefined {
  const signed = items.filter(({ stated }) => stated !== 0);
  if (signed.length < FEWEST) return undefined;
  const size = Math.sqrt(signed.reduce((sum, { stated }) => sum + stated ** 2, 0) / signed.length);
  const data = signed.map((item) => {
    const { estimate, drift = 0, standardError = 0 } = item;
    const terms = termsOf(item, size);
    return { y: estimate - drift, terms, inflation: inflationOf(item, size), standardError };
  });
  const y = data.map((item) => item.y);
  const rounding = ROUNDING * y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const start = createNormalEquations(TERMS);
  for (const item of data) start.add(item.terms, item.y, 1);
  let fit: Fit = { coefficients: start.solve(), scale: spreadOf(y) / 2, shares: START };
  for (let step = 0; step < STEPS; step++) {
    if (!(fit.scale > rounding) && !data.some((item) => item.standardError > rounding))
      return undefined;
    const improved = improve(fit, data);
    // Standard errors alone may explain how far the items lie from the line.
    const next = { ...improved, scale: Math.max(improved.scale, rounding) };
    const change = changeOf(fit, next);
    fit = next;
    if (change < 1e-9) break;
  }
  const found = fit;
  const { coefficients, scale, shares } = found;
  return {
    parameters: {
      shares,
      coefficients: [...coefficients] as [number, number, number, number],
      scale,
      unit: size,
    },
    read: (item) => reading(item, size, found),
  };
}

interface Datum {
  readonly y: number;
  readonly terms: Terms;
  readonly inflation: number;
  readonly standardError: number;
}

const varianceOf = ({ inflation, standardError }: Datum, scale: number): number =>
  scale ** 2 * inflation + standardError ** 2;

/** One step of expectation maximisation. */
function improve({ coefficients, scale, shares }: Fit, data: readonly Datum[]): Fit {
  const equations = createNormalEquations(TERMS);
  const totals = { ...PRIOR };
  const weighted: { readonly y: number; readonly terms: Terms; readonly weight: number }[] = [];
  for (const datum of data) {
    const { y, terms } = datum;
    const variance = varianceOf(datum, scale);
    const posterior = posteriorOf(y, terms, { coefficients, shares, variance });
    for (const fate of fates) {
      totals[fate] += posterior[fate];
      const shownTerms = shown(terms, SIGN[fate]);
      const residual = y - predict(shownTerms, coefficients);
      const robust = (FREEDOM + 1) / (FREEDOM + residual ** 2 / variance);
      const weight = (posterior[fate] * robust) / variance;
      equations.add(shownTerms, y, weight);
      weighted.push({ y, terms: shownTerms, weight });
    }
  }
  const fitted = equations.solve();
  const misfit = weighted.reduce(
    (sum, { y, terms, weight }) => sum + weight * (y - predict(terms, fitted)) ** 2,
    0,
  );
  const total = fates.reduce((sum, fate) => sum + totals[fate], 0);
  return {
    coefficients: fitted,
    scale: scale * Math.sqrt(misfit / Math.max(1, data.length - TERMS)),
    shares: {
      told: totals.told / total,
      muted: totals.muted / total,
      reversed: totals.reversed / total,
    },
  };
}

/** The largest change of a share, of the scale relative to itself, and of a coefficient relative to the scale. */
const changeOf = (before: Fit, after: Fit): number =>
  Math.max(
    ...fates.map((fate) => Math.abs(after.shares[fate] - before.shares[fate])),
    Math.abs(after.scale / before.scale - 1),
    ...after.coefficients.map(
      (value, i) => Math.abs(value - (before.coefficients[i] as number)) / before.scale,
    ),
  );

/** Standard deviation. */
function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
