import type {
  AuditStatistics,
  Contradiction,
  EstimatorResult,
  WordEvidence,
  WordFigures,
} from '@feedprint/core';
import type { AgreementReport } from '@feedprint/report/chapters/words';
import { known } from './files.ts';

export interface EstimatedFigures {
  readonly estimator: string;
  /** `null`: the estimator itself. */
  readonly control: string | null;
  /** In the audit's order. */
  readonly words: readonly EstimatedWord[];
}

/** What is said about one word; all `null` but for its identity where nothing is. */
export interface EstimatedWord {
  readonly word: string;
  readonly token: number;
  /** What the estimate is judged by. */
  readonly stated: number;
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly score: number | null;
  readonly p: number | null;
  readonly q: number | null;
  readonly flagged: boolean | null;
}

/** One estimator's result, held against the stated feedback beside its controls. */
export function judge(
  result: EstimatorResult,
  words: readonly WordEvidence[],
  statistics: AuditStatistics,
  seed: number,
): { readonly report: AgreementReport; readonly figures: readonly EstimatedFigures[] } {
  const { estimator, description, controls } = result;
  const stated = words.map((word) => word.stated);
  const compared = statistics.compare(
    { estimates: result.estimates, stated },
    controls.map((control) => ({ estimates: control.estimates, stated: control.stated ?? stated })),
    seed,
  );
  const figuresOf = (
    control: string | null,
    figures: WordFigures,
    against: ArrayLike<number>,
    contradictions = statistics.contradictions(figures.estimates, against),
  ): EstimatedFigures => ({
    estimator,
    control,
    words: words.map((word, i) => estimatedWord(word, i, figures, against, contradictions[i])),
  });
  const own = figuresOf(null, result, stated, result.contradictions);
  return {
    report: {
      ...compared.agreement,
      estimator,
      description,
      flagged: own.words.filter(({ flagged }) => flagged === true).length,
      controls: controls.map(({ control, description: about }, i) => {
        const { agreement, advantage } = known(compared.controls[i], control);
        return { ...agreement, control, description: about, advantage };
      }),
    },
    figures: [
      own,
      ...controls.map((control) => figuresOf(control.control, control, control.stated ?? stated)),
    ],
  };
}

function estimatedWord(
  { word, token }: WordEvidence,
  i: number,
  { estimates, intervals, n }: WordFigures,
  stated: ArrayLike<number>,
  contradiction: Contradiction | null | undefined,
): EstimatedWord {
  const estimate = estimates[i] as number;
  return {
    word,
    token,
    stated: stated[i] as number,
    estimate: Number.isNaN(estimate) ? null : estimate,
    low: intervals[i]?.low ?? null,
    high: intervals[i]?.high ?? null,
    n: n[i] as number,
    score: contradiction?.score ?? null,
    p: contradiction?.p ?? null,
    q: contradiction?.q ?? null,
    flagged: contradiction?.flagged ?? null,
  };
}
