import type { PartOf } from '@feedprint/report';
import type { WordReport, words as chapter } from '@feedprint/report/chapters/words';
import type { WordEstimates } from './estimate.ts';

/** The words that the main estimator has an estimate for, by score, and the line by which it judged them. */
export function reportWords(
  { words, line }: Pick<WordEstimates, 'words' | 'line'>,
  features: readonly (readonly string[])[],
): Pick<PartOf<typeof chapter>, 'words' | 'line'> {
  return {
    line: line && lineReport(line),
    words: words
      .flatMap(({ expectedCount: _count, estimate, expected, ...word }, i): WordReport[] =>
        estimate === null || expected === null
          ? []
          : [{ ...word, estimate, expected, features: [...(features[i] ?? [])] }],
      )
      .sort((a, b) => b.score - a.score || a.token - b.token),
  };
}

function lineReport({
  coefficients: [intercept, stated, statedByFrequency, frequency],
  spread,
}: NonNullable<WordEstimates['line']>): PartOf<typeof chapter>['line'] {
  return { intercept, stated, statedByFrequency, frequency, spread };
}
