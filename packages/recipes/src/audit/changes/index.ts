import { stagesIn } from '@feedprint/pipeline';
import { changes as chapter } from '@feedprint/report/chapters/changes';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { changes as stage } from './changes.ts';
import { changeTables } from './tables.ts';

/** What tuning changed, without labels. */
export const changes = defineFinding({
  chapter,
  asks: (context) => stagesIn(stage, context).length > 0,
  needs: { changes: stage },
  report: ({ needs }) => ({ changes: known(needs.changes[0], 'the changes').report }),
  tables: ({ needs }) => changeTables(known(needs.changes[0], 'the changes').scores),
});
