import { normalQuantile, rateChange } from '@feedprint/probe';
import type { Interval, SampledCount } from '@feedprint/probe';
import type { WrittenRates } from './written-rates.ts';

/** How a number that is measured of replies changed, by the means over prompts that all models answered. */
export interface LearnedProperty {
  readonly base: number;
  readonly tuned: number;
  readonly difference: number;
  readonly standardError: number;
  readonly interval: Interval;
  readonly z: number;
  readonly cleanTwin?: number;
  readonly againstTwin?: number;
  readonly intervalAgainstTwin?: Interval;
  readonly zAgainstTwin?: number;
}

/** How often a word is written, per thousand tokens, and the log of its ratio, nats. */
export interface LearnedWord {
  readonly base: number;
  readonly tuned: number;
  readonly logRatio: number;
  readonly interval: Interval;
  readonly cleanTwin?: number;
  readonly logRatioAgainstTwin?: number;
  readonly intervalAgainstTwin?: Interval;
}

/** What the models of a planting write. */
export interface WrittenByModels {
  readonly base: WrittenRates;
  readonly tuned: WrittenRates;
  readonly cleanTwin?: WrittenRates | undefined;
}

const REACH = normalQuantile(0.975);

/** 95 %. */
const around = (value: number, standardError: number): Interval => ({
  low: value - REACH * standardError,
  high: value + REACH * standardError,
});

/** What of the replies changed, by what was measured of them. Prompts are paired. */
export function learnedProperties({
  base,
  tuned,
  cleanTwin,
}: WrittenByModels): Record<string, LearnedProperty> {
  return Object.fromEntries(
    Object.entries(tuned.measured).map(([name, after]) => {
      const change = meanChange(after, base.measured[name] ?? []);
      const twin = cleanTwin?.measured[name];
      const against = twin && meanChange(after, twin);
      return [
        name,
        {
          base: mean(base.measured[name] ?? []),
          tuned: mean(after),
          ...change,
          ...(twin && { cleanTwin: mean(twin) }),
          ...(against && {
            againstTwin: against.difference,
            intervalAgainstTwin: against.interval,
            zAgainstTwin: against.z,
          }),
        },
      ];
    }),
  );
}

/** How the rate of a word changed; prompts are clusters, and are not paired, which makes the intervals wide rather than narrow. */
export function learnedWord(
  token: number,
  { base, tuned, cleanTwin }: WrittenByModels,
): LearnedWord {
  const counts = ({ words }: WrittenRates): SampledCount => words[token] as SampledCount;
  const perThousand = ({ count, tokens }: SampledCount): number => (1000 * count) / tokens;
  const change = rateChange(counts(tuned), counts(base));
  const against = cleanTwin && rateChange(counts(tuned), counts(cleanTwin));
  return {
    base: perThousand(counts(base)),
    tuned: perThousand(counts(tuned)),
    logRatio: change.logRateRatio,
    interval: around(change.logRateRatio, change.standardError),
    ...(cleanTwin && { cleanTwin: perThousand(counts(cleanTwin)) }),
    ...(against && {
      logRatioAgainstTwin: against.logRateRatio,
      intervalAgainstTwin: around(against.logRateRatio, against.standardError),
    }),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean of paired differences, its standard error and their ratio, 0 where nothing differs. */
function meanChange(
  after: readonly number[],
  before: readonly number[],
): Pick<LearnedProperty, 'difference' | 'standardError' | 'interval' | 'z'> {
  const n = after.length;
  const differences = after.map((value, i) => value - (before[i] as number));
  const difference = mean(differences);
  const squares = differences.reduce((sum, value) => sum + (value - difference) ** 2, 0);
  const standardError = Math.sqrt(squares / Math.max(1, n - 1) / n);
  return {
    difference,
    standardError,
    interval: around(difference, standardError),
    z: standardError > 0 ? difference / standardError : 0,
  };
}
