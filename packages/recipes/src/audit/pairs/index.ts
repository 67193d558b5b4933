import { pairs as chapter } from '@feedprint/report/chapters/pairs';
import { defineFinding } from '../finding.ts';
import { preferences } from './preferences.ts';
import { replyEvidence } from './reply-evidence.ts';
import { reportPairs } from './report.ts';
import { pairTables } from './tables.ts';

/** What preference pairs say, and what the tuned model learned from them. */
export const pairs = defineFinding({
  chapter,
  needs: { evidence: replyEvidence, preferences },
  report: ({
    context,
    needs: {
      evidence: [evidence],
      preferences: [found],
    },
  }) => ({
    preferences:
      context.pairs && evidence && found
        ? reportPairs(context, context.pairs, evidence, found)
        : null,
  }),
  tables: (
    {
      context,
      needs: {
        preferences: [found],
      },
    },
    { preferences: part },
  ) => (context.pairs && found && part ? pairTables(context.pairs, found, part) : []),
});
