import { stagesIn } from '@feedprint/pipeline';
import { causes as chapter } from '@feedprint/report/chapters/causes';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { causes as stage } from './causes.ts';
import { causeTables } from './tables.ts';

/** What carries the learned effect, tested by interventions in both models. */
export const causes = defineFinding({
  chapter,
  asks: (context) => stagesIn(stage, context).length > 0,
  needs: { causes: stage },
  report: ({ needs }) => ({ causes: known(needs.causes[0], 'the causes').report }),
  tables: ({ needs }) => causeTables(known(needs.causes[0], 'the causes')),
});
