import { pairs as chapter } from '@feedprint/report/chapters/pairs';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { toldAgreement } from '../told/told-agreement.ts';
import { preferences } from './preferences.ts';
import { replyEvidence } from './reply-evidence.ts';
import { reportPairs } from './report.ts';
import { pairTables } from './tables.ts';

/** What preference pairs say, and what the tuned model learned from them. */
export const pairs = defineFinding({
  chapter,
  asks: (context) => context.pairs !== undefined,
  needs: { evidence: replyEvidence, preferences, told: toldAgreement },
  report: ({ context, needs }) => ({
    preferences: {
      ...reportPairs(
        context,
        known(context.pairs, 'the pairs'),
        known(needs.evidence[0], 'the evidence of pairs'),
        known(needs.preferences[0], 'what pairs say'),
      ),
      ...(needs.told[0] && { told: needs.told[0] }),
    },
  }),
  tables: ({ context, needs }, part) =>
    pairTables(
      known(context.pairs, 'the pairs'),
      known(needs.preferences[0], 'what pairs say'),
      part.preferences,
    ),
});
