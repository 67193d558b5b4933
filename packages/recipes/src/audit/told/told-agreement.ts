import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import type { PairAccuracy } from '@feedprint/probe';
import { pairs as chapter } from '@feedprint/report/chapters/pairs';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { preferences } from '../pairs/preferences.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import { partKey } from '../parts.ts';
import { seedOf } from '../random.ts';
import type { ReplySignal } from './reply-signal.ts';
import { toldScores } from './told-scores.ts';
import type { ToldScores } from './told-scores.ts';

const agreementSchema = chapter.shape.preferences.shape.told.unwrap();

/** Whether what was told of replies agrees with the pairs' labels, and with what was learned. */
export const toldAgreement = defineStages(({ pairs, parts }: AuditContext) =>
  pairs && parts.replySignal ? [toldAgreementStage(pairs, parts.replySignal)] : [],
);

const toldAgreementStage = (pairs: PreparedPairs, signal: ReplySignal) =>
  defineStage({
    name: 'told-agreement',
    needs: { told: toldScores, preferences },
    config: ({ settings, parts }: AuditContext) => ({
      seed: settings.seed,
      statistics: partKey(parts.preferences.statistics),
    }),
    work: async ({ context, needs, folder }) => {
      const { statistics } = context.parts.preferences;
      const { pairs: found } = known(needs.preferences[0], 'what pairs say');
      const told = known(needs.told[0], 'what was told');
      const scored = scoredPairs(told);
      const differences = scored.map((i) => differenceOf(told, i));
      const at = new Map(scored.map((i, k) => [i, k]));
      const { accuracies } = statistics.probe({
        prompts: Int32Array.from(scored, (i) => pairs.prompts[i] as number),
        splits: new Map(
          [...pairs.splits].map(([split, of]) => [
            split,
            Int32Array.from([...of].flatMap((i) => at.get(i) ?? [])),
          ]),
        ),
        seed: seedOf(context, 'told'),
        features: [],
        scorers: [
          { scorer: 'labels', description: 'of the labels', role: 'learned', scores: differences },
          {
            scorer: 'learned',
            description: 'of the margins',
            role: 'learned',
            scores: differences.map(
              (d, k) => d * Math.sign(found[scored[k] as number]?.margin ?? 0),
            ),
          },
        ],
      });
      const shares = (scorer: string) =>
        accuracies
          .filter((each) => each.scorer === scorer)
          .map(({ split, accuracy }: PairAccuracy) => ({ split, ...accuracy }));
      await writeJson(folder, 'told-agreement.json', {
        signal: signal.name,
        scored: scored.length,
        labels: shares('labels'),
        learned: shares('learned'),
      });
    },
    read: (folder) => readJson(folder, 'told-agreement.json', agreementSchema),
  });

/** The pairs of which both replies have a score. */
const scoredPairs = ({ chosen, rejected }: ToldScores): number[] =>
  chosen.flatMap((score, i) => (score === null || (rejected[i] ?? null) === null ? [] : [i]));

const differenceOf = ({ chosen, rejected }: ToldScores, i: number): number =>
  (chosen[i] as number) - (rejected[i] as number);
