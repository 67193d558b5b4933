import { changes as chapter } from '@feedprint/report/chapters/changes';
import { defineFinding } from '../finding.ts';
import { changes as stage } from './changes.ts';
import { changeTables } from './tables.ts';

/** What tuning changed, without labels. */
export const changes = defineFinding({
  chapter,
  needs: { changes: stage },
  report: ({
    needs: {
      changes: [found],
    },
  }) => (found ? { changes: found.report } : {}),
  tables: ({
    needs: {
      changes: [found],
    },
  }) => (found ? changeTables(found.scores) : []),
});
