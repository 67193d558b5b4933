import { stagesIn } from '@feedprint/pipeline';
import { location as chapter } from '@feedprint/report/chapters/location';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { location as stage } from './location.ts';
import { locationTables } from './tables.ts';

/** In which parameters the shift along the feedback sits. */
export const location = defineFinding({
  chapter,
  asks: (context) => stagesIn(stage, context).length > 0,
  needs: { location: stage },
  report: ({ needs }) => ({ location: known(needs.location[0], 'the location').report }),
  tables: ({ context, needs }) => locationTables(context, known(needs.location[0], 'the location')),
});
