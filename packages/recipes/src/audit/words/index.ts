import { words as chapter } from '@feedprint/report/chapters/words';
import { capture } from '../capture/capture.ts';
import { isStatedOfWords } from '../context.ts';
import { defineFinding } from '../finding.ts';
import { placebos } from '../placebos/placebos.ts';
import { judgeWords } from './judge-words.ts';
import { reportWords } from './report.ts';
import { wordTables } from './tables.ts';

/** Whether the feedback was learned, and which words were learned against it, according to the main estimator. */
export const words = defineFinding({
  chapter,
  asks: isStatedOfWords,
  needs: { capture, placebos, words: judgeWords },
  report: ({ needs }) => reportWords(needs.words),
  tables: ({ context, needs }, part) =>
    wordTables(context, { captured: needs.capture, placebos: needs.placebos }, part),
});
