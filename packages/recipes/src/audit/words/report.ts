import type { PartOf } from '@feedprint/report';
import type { WordReport, words as chapter } from '@feedprint/report/chapters/words';
import type { JudgedWords } from './judge-words.ts';

/** The verdict, the words that the main estimator has an estimate for, by score, and the line by which it judged them. */
export const reportWords = ({
  verdict,
  words,
  line,
  mixture,
}: JudgedWords): PartOf<typeof chapter> => ({
  verdict,
  line: line && lineReport(line),
  mixture: mixture && mixtureReport(mixture),
  words: words
    .flatMap(({ expectedCount: _count, estimate, expected, power, ...word }): WordReport[] => {
      if (estimate === null || expected === null) return [];
      const { power: seen = null, detectable = null } = power ?? {};
      return [{ ...word, estimate, expected, power: seen, detectable }];
    })
    .sort((a, b) => b.score - a.score || a.token - b.token),
});

function lineReport({
  coefficients: [intercept, stated, statedByFrequency, frequency],
  spread,
}: NonNullable<JudgedWords['line']>): PartOf<typeof chapter>['line'] {
  return { intercept, stated, statedByFrequency, frequency, spread };
}

function mixtureReport({
  shares,
  coefficients: [intercept, frequency, stated, statedByFrequency],
  scale,
  unit,
}: NonNullable<JudgedWords['mixture']>): PartOf<typeof chapter>['mixture'] {
  return { ...shares, intercept, frequency, stated, statedByFrequency, scale, unit };
}
