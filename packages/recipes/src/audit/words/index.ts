import { words as chapter } from '@feedprint/report/chapters/words';
import { capture } from '../capture/capture.ts';
import { defineFinding } from '../finding.ts';
import { judgeWords } from './judge-words.ts';
import { reportWords } from './report.ts';
import { wordTables } from './tables.ts';

/** Whether the feedback was learned, and which words were learned against it, according to the main estimator. */
export const words = defineFinding({
  chapter,
  needs: { capture, words: judgeWords },
  report: ({ needs }) => reportWords(needs.words),
  tables: ({ context, needs }, part) => wordTables(context, needs.capture, part),
});
