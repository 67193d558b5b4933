import { predictionFit } from '@feedprint/probe';
import type { JudgedProperty } from '@feedprint/probe';
import type { ReplyVerdictReport } from '@feedprint/report/chapters/properties';
import type { Prediction } from '../../predict/schema.ts';

/**
 * How right a prediction was: shares of the sum of squares of what was learned, over the properties that both measured, each
 * by one factor common to all; null where nothing was learned or foretold.
 */
export function foretold(
  { properties }: Pick<Prediction, 'properties'>,
  judged: readonly JudgedProperty[],
): NonNullable<ReplyVerdictReport['prediction']> | null {
  const found = judged.flatMap(({ name, learned }) => {
    const before = properties.find((one) => one.name === name);
    return before && learned ? [{ before, learned: learned.effect }] : [];
  });
  const learned = found.map((one) => one.learned);
  const fitOf = (of: (one: (typeof found)[number]['before']) => number) =>
    predictionFit(
      found.map(({ before }) => of(before)),
      learned,
    );
  const fit = fitOf((one) => one.learned.effect);
  if (!fit) return null;
  return {
    r2: fit.r2,
    differencesR2: fitOf((one) => one.difference)?.r2 ?? 0,
    labelsR2: fitOf((one) => one.inData.effect)?.r2 ?? 0,
    factor: fit.factor,
    n: fit.n,
  };
}
