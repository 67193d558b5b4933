import { words as chapter } from '@feedprint/report/chapters/words';
import { capture } from '../capture/capture.ts';
import { attribute } from '../features/attribute.ts';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { contrast } from './contrast.ts';
import { estimate } from './estimate.ts';
import { reportWords } from './report.ts';
import { wordTables } from './tables.ts';

/** Which words were learned against what is stated about them, according to every estimator and its controls. */
export const words = defineFinding({
  chapter,
  needs: { capture, estimate, contrast, attribute },
  report: ({ needs: { estimate: found, attribute: attributed, contrast: contrasted } }) => {
    const { word: _word, dropped: _dropped, ...summary } = contrasted.summary;
    return {
      verdict: found.verdict,
      contrast: summary,
      agreement: known(found.estimators[0], 'the main estimator'),
      estimators: found.estimators,
      ...reportWords(found, attributed.words),
    };
  },
  tables: ({ context, needs }, part) => wordTables(context, needs, part),
});
