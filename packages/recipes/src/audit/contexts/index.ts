import { contexts as chapter } from '@feedprint/report/chapters/contexts';
import { defineFinding } from '../finding.ts';
import { capture } from '../capture/capture.ts';
import { mainEstimator } from '../parts.ts';
import { judgeWords } from '../words/judge-words.ts';
import { ownContexts } from './own-contexts.ts';
import { reportContexts } from './report.ts';
import { contextTables } from './tables.ts';

/** How the words' shifts look in what the models themselves write. */
export const contexts = defineFinding({
  chapter,
  asks: (context) =>
    context.words.length > 0 &&
    context.settings.onPolicyTokens > 0 &&
    mainEstimator(context.parts).reads === 'probabilities',
  needs: { capture, words: judgeWords, own: ownContexts },
  report: ({ context, needs }) => ({
    contexts: reportContexts(context, needs.capture, { found: needs.own, words: needs.words }),
  }),
  tables: (_, { contexts: part }) => contextTables(part),
});
