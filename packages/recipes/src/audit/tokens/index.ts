import { tokens as chapter } from '@feedprint/report/chapters/tokens';
import { capture } from '../capture/capture.ts';
import { defineFinding } from '../finding.ts';
import { estimate } from '../words/estimate.ts';
import { heatTexts } from './heat-texts.ts';
import { tokenTables } from './tables.ts';

/** How far tuning moved each token, shown in texts. */
export const tokens = defineFinding({
  chapter,
  needs: { capture, estimate },
  report: ({ context, needs }) => ({
    heatTexts: heatTexts(context, needs.capture, needs.estimate.words),
  }),
  tables: ({ context, needs }) => tokenTables(context, needs.capture),
});
