import { tokens as chapter } from '@feedprint/report/chapters/tokens';
import { capture } from '../capture/capture.ts';
import { defineFinding } from '../finding.ts';
import { judgeWords } from '../words/judge-words.ts';
import { heatTexts } from './heat-texts.ts';
import { tokenTables } from './tables.ts';

/** How far tuning moved each token, shown in texts. */
export const tokens = defineFinding({
  chapter,
  needs: { capture, words: judgeWords },
  report: ({ context, needs }) => ({
    heatTexts: heatTexts(context, needs.capture, needs.words.words),
  }),
  tables: ({ context, needs }) => tokenTables(context, needs.capture),
});
