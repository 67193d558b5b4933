import { tokens as chapter } from '@feedprint/report/chapters/tokens';
import { defineStages } from '@feedprint/pipeline';
import { capture } from '../capture/capture.ts';
import { isStatedOfWords } from '../context.ts';
import type { AuditContext } from '../context.ts';
import { defineFinding } from '../finding.ts';
import { judgeWords } from '../words/judge-words.ts';
import { heatTexts } from './heat-texts.ts';
import { tokenTables } from './tables.ts';

/** What is shown beside the tokens that something is stated of. */
const wordsIfStated = defineStages((context: AuditContext) =>
  isStatedOfWords(context) ? [judgeWords] : [],
);

/** How far tuning moved each token, shown in texts. */
export const tokens = defineFinding({
  chapter,
  needs: { capture, words: wordsIfStated },
  report: ({ context, needs }) => ({
    heatTexts: heatTexts(context, needs.capture, needs.words[0]?.words ?? []),
  }),
  tables: ({ context, needs }) => tokenTables(context, needs.capture),
});
