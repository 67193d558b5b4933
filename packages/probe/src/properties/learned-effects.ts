import { combine } from './columns.ts';
import type { Columns } from './columns.ts';
import { projection } from './regress-out.ts';
import { regressDifferences } from './regress-differences.ts';
import { meanOfGroups } from './mean-of-groups.ts';

/** Fresh replies on one scale. */
export interface FreshDifferences {
  /** The base's replies, `[draws]` each. */
  readonly base: Columns;
  /** Tuned minus base. */
  readonly moved: Columns;
  /** R of the tuned model's reply minus that of the base's, nats. */
  readonly ratios: Float64Array;
  readonly prompts: Int32Array;
}

/** A number with its standard error. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** What one property has to do with the change. */
export interface LearnedEffect {
  /** Of R per standard deviation, given the others. Nats. */
  readonly effect: Estimate;
  /** How much more of it the tuned model writes, in standard deviations. */
  readonly moved: Estimate;
  /** How much of the difference in R it carries, nats: the effect times the movement. */
  readonly carried: Estimate;
  /**
   * How much it carries at least, nats: as `carried`, or with what of the movement the others do not bring with them
   * where that is less; 0 where these two disagree in sign.
   */
  readonly carriedAlone: Estimate;
}

/** The effect of a property on R, adjusted for others. Draws of one prompt may depend on each other. */
export function learnedEffect(
  fresh: FreshDifferences,
  property: number,
  others: readonly number[],
): LearnedEffect {
  const { base, moved, ratios, prompts } = fresh;
  const own = moved[property] as Float64Array;
  const around = others.filter((other) => other !== property);
  const columns = around.map((other) => moved[other] as Float64Array);
  const fit = regressDifferences([...columns, own], ratios, prompts);
  const effect = { value: fit.weights.at(-1) as number, error: fit.errors.at(-1) as number };
  const movement = meanOfGroups(own, prompts);
  const alone = meanOfGroups(
    without(
      own,
      columns,
      around.map((other) => base[other] as Float64Array),
      base[property] as Float64Array,
    ),
    prompts,
  );
  const least = Math.abs(alone.value) < Math.abs(movement.value) ? alone : movement;
  const none = { value: 0, error: least.error };
  return {
    effect,
    moved: movement,
    carried: times(effect, movement),
    carriedAlone: times(effect, alone.value * movement.value > 0 ? least : none),
  };
}

/** Squares of what some properties do not explain of R, `[draws]`. */
export function unexplained(
  { moved, ratios, prompts }: FreshDifferences,
  properties: readonly number[],
): Float64Array {
  const columns = properties.map((property) => moved[property] as Float64Array);
  const fitted =
    columns.length === 0
      ? new Float64Array(ratios.length)
      : combine(columns, regressDifferences(columns, ratios, prompts).weights, ratios.length);
  return ratios.map((value, i) => (value - (fitted[i] as number)) ** 2);
}

/** The product of two estimates, its error to first order. */
const times = (a: Estimate, b: Estimate): Estimate => ({
  value: a.value * b.value,
  error: Math.hypot(a.value * b.error, a.error * b.value),
});

/** Movement of a property but for what goes with others among the base's replies, by linear regression there. */
function without(
  own: Float64Array,
  moved: Columns,
  base: Columns,
  ownBase: Float64Array,
): Float64Array {
  if (moved.length === 0) return own;
  const centred = (values: Float64Array): Float64Array => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const weights = projection(base.map(centred))(centred(ownBase));
  return own.map((value, i) =>
    moved.reduce((rest, column, j) => rest - (weights[j] as number) * (column[i] as number), value),
  );
}
