import { stagesIn } from '@feedprint/pipeline';
import { shift as chapter } from '@feedprint/report/chapters/shift';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { shift as stage, shiftTables } from './shift.ts';

/** How the base model ranks what the tuned model writes. */
export const shift = defineFinding({
  chapter,
  asks: (context) => stagesIn(stage, context).length > 0,
  needs: { shift: stage },
  report: ({ needs }) => ({ shift: known(needs.shift[0], 'the shift').report }),
  tables: ({ context, needs }) => shiftTables(context, known(needs.shift[0], 'the shift')),
});
