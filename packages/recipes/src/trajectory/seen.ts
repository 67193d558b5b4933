import { propertiesBeyondTold, wordsBeyondTold } from '@feedprint/probe';
import type { BeyondTold } from '@feedprint/probe';
import { changeInWords, isMore } from '@feedprint/report/chapters/properties';
import { z } from 'zod';
import type { AuditReport } from '../audit/audit-report.ts';

const seenItem = z.strictObject({
  kind: z.enum(['word', 'property']),
  name: z.string(),
  inWords: z.string(),
  effect: z.number(),
  low: z.number(),
  high: z.number(),
  learned: z.boolean(),
  chance: z.number().nullable(),
});

/** A word or property as one look sees it; see `Trajectory`. */
export type SeenItem = z.infer<typeof seenItem>;

export const seenSchema = z.strictObject({
  sentence: z.string(),
  difference: z.number().nullable(),
  wordsEffect: z.number().nullable(),
  items: z.array(seenItem),
});

/** What one look sees. */
export type Seen = z.infer<typeof seenSchema>;

/** What the report of a quick audit says of when things are learned. */
export const seenIn = (report: AuditReport, labelsTell: boolean): Seen => ({
  sentence: report.answer.sentence,
  difference: report.replyVerdict?.difference.effect ?? null,
  wordsEffect: report.verdict?.words.effect ?? null,
  items: itemsIn(report, labelsTell),
});

function itemsIn(
  { words = [], properties = [], replyVerdict }: AuditReport,
  labelsTell: boolean,
): SeenItem[] {
  const beyond = [...wordsBeyondTold(words), ...propertiesBeyondTold(properties, { labelsTell })];
  const chanceOf = (kind: BeyondTold['kind'], name: string): number | null =>
    beyond.find((one) => one.kind === kind && one.name === name)?.chance ?? null;
  const difference = replyVerdict?.difference.effect ?? 0;
  return [
    ...properties.flatMap((property): SeenItem[] => {
      const { name, share, learned, verdict } = property;
      if (!share || !learned) return [];
      const isLearned = verdict !== 'not-learned' && verdict !== 'in-data-not-learned';
      return [
        {
          ...{
            kind: 'property',
            name,
            inWords: changeInWords(property, isMore(property)),
            learned: isLearned,
          },
          ...{ effect: share.value * difference, low: share.low * difference },
          ...{ high: share.high * difference, chance: chanceOf('property', name) },
        },
      ];
    }),
    ...words.flatMap((one): SeenItem[] => {
      const { word, stated, estimate, expected, interval, flagged } = one;
      if (estimate === null || expected === null || interval === null || stated === 0) return [];
      const against = (value: number): number => -Math.sign(stated) * (value - expected);
      const ends = [against(interval.low), against(interval.high)];
      return [
        {
          ...{
            kind: 'word',
            name: word,
            inWords: `“${word}” the other way round`,
            learned: flagged,
          },
          ...{ effect: against(estimate), low: Math.min(...ends), high: Math.max(...ends) },
          chance: chanceOf('word', word),
        },
      ];
    }),
  ];
}
