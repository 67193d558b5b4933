import { causes as chapter } from '@feedprint/report/chapters/causes';
import { defineFinding } from '../finding.ts';
import { causes as stage } from './causes.ts';
import { causeTables } from './tables.ts';

/** What carries the learned effect, tested by interventions in both models. */
export const causes = defineFinding({
  chapter,
  needs: { causes: stage },
  report: ({
    needs: {
      causes: [found],
    },
  }) => (found ? { causes: found.report } : {}),
  tables: ({
    needs: {
      causes: [found],
    },
  }) => (found ? causeTables(found) : []),
});
