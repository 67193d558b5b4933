import { estimators as chapter } from '@feedprint/report/chapters/estimators';
import { isStatedOfWords } from '../context.ts';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { compareEstimators } from './compare-estimators.ts';
import { contrast } from './contrast.ts';
import { estimatorTables } from './tables.ts';

/** How every estimator agrees with what is stated, compared with its controls. */
export const estimators = defineFinding({
  chapter,
  asks: isStatedOfWords,
  needs: { compared: compareEstimators, contrast },
  report: ({ needs: { compared, contrast: contrasted } }) => {
    const { word: _word, dropped: _dropped, ...summary } = contrasted.summary;
    return {
      contrast: summary,
      agreement: known(compared.estimators[0], 'the main estimator'),
      estimators: compared.estimators,
    };
  },
  tables: ({ needs }, part) => estimatorTables(needs.contrast, needs.compared, part),
});
