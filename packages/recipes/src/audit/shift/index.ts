import { shift as chapter } from '@feedprint/report/chapters/shift';
import { defineFinding } from '../finding.ts';
import { shift as stage, shiftTables } from './shift.ts';

/** How the base model ranks what the tuned model writes. */
export const shift = defineFinding({
  chapter,
  needs: { shift: stage },
  report: ({
    needs: {
      shift: [found],
    },
  }) => (found ? { shift: found.report } : {}),
  tables: ({
    context,
    needs: {
      shift: [found],
    },
  }) => (found ? shiftTables(context, found) : []),
});
