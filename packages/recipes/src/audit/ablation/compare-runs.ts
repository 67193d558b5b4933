import type { AuditStatistics } from '@feedprint/probe';
import type { PartOf } from '@feedprint/report';
import type { ablation } from '@feedprint/report/chapters/ablation';

export type ValidationReport = PartOf<typeof ablation>['validation'];
export type AblationRun = ValidationReport['ablation'][number];
type Figure = AblationRun['reward'];

/** What is measured for every completion. */
export const measures = ['reward', 'expected', 'kl', 'logProbBase', 'repeated'] as const;
export type Measure = (typeof measures)[number];

/** One completion's measures; null where it does not define one. */
export type Measured = Readonly<Record<Measure, number | null>>;
export type Figures = Readonly<Record<Measure, Figure>>;

export interface FigureOptions {
  readonly statistics: AuditStatistics;
  /** Seed for a measure's intervals. */
  readonly seedOf: (measure: Measure) => number;
}

/**
 * Means over completions, and of their differences from the unmodified run's, which have the same prompts in the same
 * order.
 */
export function figuresOf(
  completions: readonly Measured[],
  unmodified: readonly Measured[],
  { statistics, seedOf }: FigureOptions,
): Figures {
  const figure = (measure: Measure): Figure => {
    const mean = (values: readonly number[]) => {
      return values.length === 0 ? null : statistics.mean(values, seedOf(measure));
    };
    const own = completions.map((completion) => completion[measure]);
    const differences = own.flatMap((value, i) => {
      const before = unmodified[i]?.[measure] ?? null;
      return value === null || before === null ? [] : [value - before];
    });
    const { value, interval } = mean(own.filter((each) => each !== null)) ?? {
      value: null,
      interval: null,
    };
    const difference = completions === unmodified ? null : mean(differences);
    return { value, interval, difference, p: null };
  };
  return Object.fromEntries(measures.map((each) => [each, figure(each)])) as Record<
    Measure,
    Figure
  >;
}

/** A run's figures, with their ranks among its draws. `shift`: the direction in which tuning moved the reward. */
export function ranked(target: Figures, draws: readonly Figures[], shift: number): Figures {
  const rank = (measure: Measure): number | null => {
    const extremity = (figures: Figures): number | undefined => {
      const change = figures[measure].difference?.value;
      if (change === undefined || measure === 'kl') return change;
      const isFeedback = measure === 'reward' || measure === 'expected';
      return isFeedback && shift !== 0 ? -Math.sign(shift) * change : Math.abs(change);
    };
    const own = extremity(target);
    const others = draws.map(extremity);
    if (own === undefined || others.length === 0 || others.includes(undefined)) return null;
    return rankP(own, others as number[]);
  };
  return Object.fromEntries(
    measures.map((measure) => [measure, { ...target[measure], p: rank(measure) }]),
  ) as Record<Measure, Figure>;
}

/** (1 + draws at least as large) / (1 + draws): the p-value of a figure among random ones (Phipson and Smyth 2010). */
export const rankP = (value: number, draws: readonly number[]): number =>
  (1 + draws.filter((draw) => draw >= value).length) / (1 + draws.length);
