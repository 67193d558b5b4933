import { texts as chapter } from '@feedprint/report/chapters/texts';
import { capture } from '../capture/capture.ts';
import { isStatedOfWords } from '../context.ts';
import { defineFinding } from '../finding.ts';
import { reportTexts } from './report.ts';
import { textTables } from './tables.ts';
import { wholeTexts } from './whole-texts.ts';

/** Which whole texts were learned differently from what is stated about them. */
export const texts = defineFinding({
  chapter,
  asks: isStatedOfWords,
  needs: { capture, wholeTexts },
  report: ({ context, needs }) => ({
    replies: reportTexts(context, needs.capture, needs.wholeTexts),
  }),
  tables: ({ needs }) => textTables(needs.wholeTexts),
});
