import type { WordEvidence, WordInput } from '@feedprint/probe';
import type { Captured } from '../capture/capture.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { seedOf } from '../random.ts';
import { driftOf } from './drift.ts';
import { textEvidence } from './text-evidence.ts';

/** What estimators know about the scored words before there is any dictionary. */
export const wordInput = (context: AuditContext, captured: Captured): WordInput => ({
  words: wordEvidence(context, captured),
  text: textEvidence(context),
  seed: seedOf(context, 'estimate'),
});

function wordEvidence(context: AuditContext, captured: Captured): WordEvidence[] {
  const { words, rows, parts, occurrences } = context;
  const implied = parts.statistics.impliedReward(captured.expectedCounts());
  const drift = driftOf(context, captured);
  const contexts = rows.reduce((sum, row) => sum + row.length - 1, 0);
  return words.map(({ id, word, stated }, i) => {
    const reward = known(implied[i], word);
    return {
      word,
      token: id,
      stated,
      ...reward,
      n: occurrences[i] as number,
      drift: drift[i] as number,
      baseLogProb: Math.log(reward.expectedCount / contexts),
    };
  });
}
