import { measureProperties } from '@feedprint/feedback';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import type { JudgedProperty } from '@feedprint/probe';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { repliesOf } from '../../encode-pair.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import { asksProperties, propertyKey } from './fresh-replies.ts';
import { judgedProperties } from './judged.ts';
import { replyLogProbs } from './log-ratios.ts';

/** Flagged properties whose pairs are looked up, and pairs of each. */
const PROPERTIES = 8;
const PAIRS = 20;

/** A pair whose label goes with what was learned of a property. */
export interface TeachingPair {
  readonly property: string;
  /** Place among the audit's pairs. */
  readonly place: number;
  /** Of the property, preferred minus other reply. */
  readonly difference: number;
  /** R of either reply, nats. */
  readonly chosenR: number;
  readonly rejectedR: number;
}

const schema = z.array(
  z.strictObject({
    property: z.string(),
    place: z.int(),
    difference: z.number(),
    chosenR: z.number(),
    rejectedR: z.number(),
  }),
);

/** For each flagged property, the pairs that differ most in it the way that was learned, with R of both replies. */
export const teachingPairs = defineStages((context: AuditContext) =>
  asksProperties(context) && context.pairs ? [teachingStage(context.pairs)] : [],
);

const teachingStage = (pairs: PreparedPairs) =>
  defineStage({
    name: 'teaching-pairs',
    needs: { judged: judgedProperties },
    config: (context: AuditContext) => ({ properties: propertyKey(context) }),
    work: async ({ context, needs, folder, stage }) => {
      const flagged = known(needs.judged[0], 'judged properties')
        .properties.filter((one) => one.flagged)
        .slice(0, PROPERTIES);
      const found: Omit<TeachingPair, 'chosenR' | 'rejectedR'>[] = [];
      for (const one of flagged) found.push(...(await clearest(context, pairs, one)));
      const { models } = context;
      const encoded = repliesOf(
        found.map(({ place }) => known(pairs.encoded[place], `pair ${place}`)),
      );
      const score = (role: 'base' | 'tuned'): Promise<Float64Array> =>
        replyLogProbs(models[role], encoded, () => stage.progress(0, 1, 'passes'));
      const [base, tuned] = [await score('base'), await score('tuned')];
      const ratio = (i: number): number => (tuned[i] as number) - (base[i] as number);
      await writeJson(
        folder,
        'pairs.json',
        found.map((pair, i) => ({ ...pair, chosenR: ratio(2 * i), rejectedR: ratio(2 * i + 1) })),
      );
    },
    read: (folder): Promise<readonly TeachingPair[]> => readJson(folder, 'pairs.json', schema),
  });

/** The pairs that differ most in a property, the way that was learned first. */
async function clearest(
  { parts, models }: AuditContext,
  { records }: PreparedPairs,
  { name, learned }: JudgedProperty,
): Promise<Omit<TeachingPair, 'chosenR' | 'rejectedR'>[]> {
  const property = known(parts.properties, 'what measures properties')
    .measured(models.tuned.tokenizer)
    .filter((one) => one.name === name);
  const side = Math.sign(learned?.effect ?? 0);
  const measure = async (which: 'chosen' | 'rejected'): Promise<Float64Array> =>
    known(
      (
        await measureProperties(
          property,
          records.map(({ prompt, [which]: reply }) => ({ prompt, reply })),
        )
      )[0],
      name,
    );
  const [chosen, rejected] = [await measure('chosen'), await measure('rejected')];
  return Array.from(chosen, (value, place) => ({
    property: name,
    place,
    difference: value - (rejected[place] as number),
  }))
    .filter(({ difference, place }) => difference * side > 0 && !records[place]?.tie)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || a.place - b.place)
    .slice(0, PAIRS);
}
