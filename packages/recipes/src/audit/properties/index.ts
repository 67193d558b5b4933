import { properties as chapter } from '@feedprint/report/chapters/properties';
import { defineFinding } from '../finding.ts';
import { known } from '../known.ts';
import { preparedReplies } from '../prepared-replies.ts';
import { toldScores } from '../told/told-scores.ts';
import { asksProperties, freshReplies } from './fresh-replies.ts';
import { editedReplies } from './edits.ts';
import { foundProperties } from './found/found-properties.ts';
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
    found: foundProperties,
  },
  report: ({ context, needs }) =>
    reportProperties({
      context,
      replies: known(preparedReplies(context), 'the pairs or ratings'),
      ratios: known(needs.ratios[0], 'log-ratios'),
      judged: known(needs.judged[0], 'judged properties'),
      teaching: needs.teaching[0] ?? [],
      edited: needs.edited[0] ?? [],
      found: needs.found,
    }),
  tables: ({ context, needs }, part) =>
    propertyTables(
      {
        context,
        replies: known(preparedReplies(context), 'the pairs or ratings'),
        written: needs.written,
        ratios: known(needs.ratios[0], 'log-ratios'),
        rewarded: needs.rewarded[0],
        found: needs.found,
      },
      part,
    ),
});
