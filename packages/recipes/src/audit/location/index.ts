import { location as chapter } from '@feedprint/report/chapters/location';
import { defineFinding } from '../finding.ts';
import { location as stage } from './location.ts';
import { locationTables } from './tables.ts';

/** In which parameters the shift along the feedback sits. */
export const location = defineFinding({
  chapter,
  needs: { location: stage },
  report: ({
    needs: {
      location: [found],
    },
  }) => (found ? { location: found.report } : {}),
  tables: ({
    context,
    needs: {
      location: [found],
    },
  }) => (found ? locationTables(context, found) : []),
});
