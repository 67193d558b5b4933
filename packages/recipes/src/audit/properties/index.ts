import { properties as chapter } from '@feedprint/report/chapters/properties';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { toldScores } from '../told/told-scores.ts';
import { asksProperties, freshReplies } from './fresh-replies.ts';
import { editedReplies } from './edits.ts';
import { judgedProperties } from './judged.ts';
import { logRatios } from './log-ratios.ts';
import { reportProperties } from './report.ts';
import { propertyTables } from './tables.ts';
import { teachingPairs } from './teaching-pairs.ts';

/** What was told of properties of replies, what the labels of pairs reward, and what was learned. */
export const properties = defineFinding({
  chapter,
  asks: asksProperties,
  needs: {
    written: freshReplies,
    ratios: logRatios,
    judged: judgedProperties,
    rewarded: toldScores,
    teaching: teachingPairs,
    edited: editedReplies,
  },
  report: ({ context, needs }) =>
    reportProperties({
      context,
      pairs: known(context.pairs, 'the pairs'),
      ratios: known(needs.ratios[0], 'log-ratios'),
      judged: known(needs.judged[0], 'judged properties'),
      teaching: known(needs.teaching[0], 'teaching pairs'),
      edited: needs.edited[0] ?? [],
    }),
  tables: ({ context, needs }, part) =>
    propertyTables(
      {
        context,
        pairs: known(context.pairs, 'the pairs'),
        written: needs.written,
        ratios: known(needs.ratios[0], 'log-ratios'),
        rewarded: needs.rewarded[0],
      },
      part,
    ),
});
