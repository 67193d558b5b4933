import type { Random } from '@feedprint/core';

/** What two replies to each prompt differ in: that of the first less that of the second, `[pairs]` each. */
export interface PairDifferences {
  /** Of the stated feedback. */
  readonly stated: Float64Array;
  /** Of the feedback that tuning uses, words altered. */
  readonly trained: Float64Array;
  /** Of properties that are rewarded besides. */
  readonly properties: readonly PlantedDifference[];
}

export interface PlantedDifference {
  readonly name: string;
  /** What a standard deviation of the difference is worth, in standard deviations of the stated feedback's. */
  readonly dose: number;
  readonly differences: Float64Array;
}

/** Whether the first reply of each pair is preferred. */
export interface PairLabels {
  /** By what is stated. */
  readonly stated: readonly boolean[];
  /** By what tuning uses. */
  readonly trained: readonly boolean[];
}

/** Scale of the logistic noise of whoever prefers, in standard deviations of the stated feedback's difference. */
const INDECISION = 0.35;

/**
 * Prefers the better reply of each pair, by the stated feedback and by that with what was planted; both share their noise. `noise` is the
 * share of labels that are then turned round. A difference that is the same for all pairs decides nothing.
 */
export function labelPairs(
  { stated, trained, properties }: PairDifferences,
  { noise, random }: { readonly noise: number; readonly random: Random },
): PairLabels {
  const unit = inverseDeviation(stated);
  const doses = properties.map(({ dose, differences }) => ({
    differences,
    factor: dose * inverseDeviation(differences),
  }));
  const [whims, errors] = [random.fork('indecision'), random.fork('errors')];
  const labels = Array.from(stated, (told, i) => {
    // Between the 32-bit numbers that are drawn, so that 0 and 1 are not reached.
    const u = whims.next() + 2 ** -33;
    const whim = INDECISION * Math.log(u / (1 - u));
    const isWrong = errors.next() < noise;
    const besides = doses.reduce(
      (sum, { differences, factor }) => sum + factor * (differences[i] as number),
      0,
    );
    const prefers = (value: number): boolean => value + whim > 0 !== isWrong;
    return {
      stated: prefers(told * unit),
      trained: prefers((trained[i] as number) * unit + besides),
    };
  });
  return {
    stated: labels.map((label) => label.stated),
    trained: labels.map((label) => label.trained),
  };
}

/** 1 over the standard deviation; 0 for values that do not differ. */
export function inverseDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return variance > 1e-18 ? 1 / Math.sqrt(variance) : 0;
}
