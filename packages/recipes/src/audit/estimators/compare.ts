import type {
  AuditStatistics,
  Contradiction,
  ControlEstimate,
  EstimatorResult,
  WordEvidence,
  WordFigures,
} from '@feedprint/probe';
import type { AgreementReport } from '@feedprint/report/chapters/estimators';
import { z } from 'zod';
import { known } from '../known.ts';
import type { JudgedWord } from '../words/judge.ts';

/** What is said about one word; all `null` except its identity if nothing is. */
const estimatedWordSchema = z.strictObject({
  word: z.string(),
  token: z.int(),
  stated: z.number().describe('What the estimate is compared with.'),
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  n: z.int(),
  score: z.number().nullable(),
  reversed: z.number().nullable(),
  q: z.number().nullable(),
  flagged: z.boolean().nullable(),
});

export const estimatedFiguresSchema = z.strictObject({
  estimator: z.string(),
  control: z.string().nullable().describe('null: the estimator itself.'),
  words: z.array(estimatedWordSchema).describe("In the audit's order."),
});

type EstimatedWord = z.infer<typeof estimatedWordSchema>;
export type EstimatedFigures = z.infer<typeof estimatedFiguresSchema>;

export interface Compared {
  readonly report: AgreementReport;
  /** The estimator's figures, then those of its controls. */
  readonly figures: readonly EstimatedFigures[];
}

export interface ComparisonJob {
  readonly result: EstimatorResult;
  /** The words as `result` judges them. */
  readonly judged: readonly JudgedWord[];
  readonly controls: readonly ControlEstimate[];
  readonly words: readonly WordEvidence[];
  readonly statistics: AuditStatistics;
  readonly seed: number;
}

/** One estimator's agreement with the stated feedback, and that of its controls. */
export function compare({
  result,
  judged,
  controls,
  words,
  statistics,
  seed,
}: ComparisonJob): Compared {
  const { estimator, description, estimates } = result;
  const stated = words.map((word) => word.stated);
  const compared = statistics.compare(
    { estimates, stated },
    controls.map((control) => ({ estimates: control.estimates, stated: control.stated ?? stated })),
    seed,
  );
  return {
    report: {
      ...compared.agreement,
      estimator,
      description,
      flagged: judged.filter(({ flagged }) => flagged).length,
      controls: controls.map(({ control, description: about }, i) => {
        const { agreement, advantage } = known(compared.controls[i], control);
        return { ...agreement, control, description: about, advantage };
      }),
    },
    figures: [
      { estimator, control: null, words: judged.map(estimatedAsJudged) },
      ...controls.map((control) => {
        const against = control.stated ?? stated;
        const found = statistics.contradictions(control.estimates, against);
        return {
          estimator,
          control: control.control,
          words: words.map((word, i) => estimatedWord(word, i, control, against, found[i])),
        };
      }),
    ],
  };
}

function estimatedAsJudged(judged: JudgedWord): EstimatedWord {
  const { word, token, stated, estimate, interval, n, score, reversed, q, flagged } = judged;
  return {
    word,
    token,
    stated,
    estimate,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    n,
    ...(judged.expected === null ? unjudged : { score, reversed, q, flagged }),
  };
}

const unjudged = { score: null, reversed: null, q: null, flagged: null };

function estimatedWord(
  { word, token }: WordEvidence,
  i: number,
  { estimates, intervals, n }: WordFigures,
  stated: ArrayLike<number>,
  contradiction: Contradiction | null | undefined,
): EstimatedWord {
  const estimate = estimates[i] as number;
  const { score, reversed, q, flagged } = contradiction ?? unjudged;
  return {
    word,
    token,
    stated: stated[i] as number,
    estimate: Number.isNaN(estimate) ? null : estimate,
    low: intervals[i]?.low ?? null,
    high: intervals[i]?.high ?? null,
    n: n[i] as number,
    score,
    reversed,
    q,
    flagged,
  };
}
