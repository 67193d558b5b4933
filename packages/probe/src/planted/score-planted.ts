import { auroc } from '../statistics/auroc.ts';
import { averagePrecision } from '../statistics/average-precision.ts';
import { precisionAtK } from '../statistics/precision-at-k.ts';

/** What a method says about one word, next to the truth. */
export interface JudgedWord {
  /** Larger means that it contradicts the stated feedback more. */
  readonly score: number;
  /** `null` if the method does not flag words. */
  readonly flagged: boolean | null;
  /** Whether the word's feedback was reversed when the model was tuned. */
  readonly planted: boolean;
}

/** How well a method finds planted words; `null` if no words are planted, or all are. */
export interface PlantedScores {
  /** Number of words judged. */
  readonly words: number;
  readonly planted: number;
  /** Probability that a planted word's score exceeds another word's, ties counting half. */
  readonly auroc: number | null;
  readonly averagePrecision: number | null;
  /** Share of planted words among the highest scores, as many as there are planted words. */
  readonly precisionAtPlanted: number | null;
  /** Words that are flagged, and how many of them are not planted; `null` if the method does not flag words. */
  readonly flagged: number | null;
  readonly falseFlags: number | null;
  /** Share of the planted words that are flagged. */
  readonly found: number | null;
  /** Share of the other words that are flagged. */
  readonly falselyFlagged: number | null;
}

/** Scores a method's ranking of words against planted truth. Throws `numbers-invalid` for a score that is not finite. */
export function scorePlanted(words: readonly JudgedWord[]): PlantedScores {
  const scores = words.map(({ score }) => score);
  const labels = words.map(({ planted }) => (planted ? 1 : 0));
  const planted = words.filter((word) => word.planted);
  const others = words.filter((word) => !word.planted);
  const countFlags = (some: readonly JudgedWord[]): number | null =>
    words.some(({ flagged }) => flagged === null)
      ? null
      : some.filter(({ flagged }) => flagged).length;
  const shareFlagged = (some: readonly JudgedWord[]): number | null => {
    const flags = countFlags(some);
    return flags === null || some.length === 0 ? null : flags / some.length;
  };
  return {
    words: words.length,
    planted: planted.length,
    auroc: auroc(scores, labels) ?? null,
    averagePrecision: averagePrecision(scores, labels) ?? null,
    precisionAtPlanted:
      planted.length === 0 ? null : (precisionAtK(scores, labels, planted.length) ?? null),
    flagged: countFlags(words),
    falseFlags: countFlags(others),
    found: shareFlagged(planted),
    falselyFlagged: shareFlagged(others),
  };
}
