import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import type { JudgedProperty } from '@feedprint/probe';
import { z } from 'zod';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { repliesOf } from '../../encode-pair.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';
import { asksProperties, freshReplies, propertyKey } from './fresh-replies.ts';
import { foundProperties } from './found/found-properties.ts';
import { withFound } from './found/with-found.ts';
import { influencesOn } from './influences.ts';
import { judgedProperties } from './judged.ts';
import { logRatios, replyLogProbs } from './log-ratios.ts';
import { measurePairs } from './measure-replies.ts';

/** Flagged properties whose pairs are looked up, and pairs of each. */
const PROPERTIES = 8;
const PAIRS = 20;

/** A pair that taught what was learned of a property, as far as the labels did. */
export interface TeachingPair {
  readonly property: string;
  /** Place among the audit's pairs. */
  readonly place: number;
  /** Of the property, preferred minus other reply. */
  readonly difference: number;
  /** How much of the property's effect on the labels would be gone without it, logits per standard deviation. */
  readonly influence: number;
  /** R of either reply, nats. */
  readonly chosenR: number;
  readonly rejectedR: number;
}

const schema = z.array(
  z.strictObject({
    property: z.string(),
    place: z.int(),
    difference: z.number(),
    influence: z.number(),
    chosenR: z.number(),
    rejectedR: z.number(),
  }),
);

/**
 * For each flagged property, the pairs that differ in it the way that was learned and add most to its effect on the labels,
 * with R of both replies.
 */
export const teachingPairs = defineStages((context: AuditContext) =>
  asksProperties(context) && context.pairs ? [teachingStage(context.pairs)] : [],
);

const teachingStage = (pairs: PreparedPairs) =>
  defineStage({
    name: 'teaching-pairs',
    needs: {
      judged: judgedProperties,
      written: freshReplies,
      ratios: logRatios,
      found: foundProperties,
    },
    config: (context: AuditContext) => ({ properties: propertyKey(context) }),
    work: async ({ context, needs, folder, stage }) => {
      const flagged = known(needs.judged[0], 'judged properties')
        .properties.filter((one) => one.flagged)
        .slice(0, PROPERTIES);
      const properties = known(context.parts.properties, 'what measures properties').measured(
        context.models.tuned.tokenizer,
      );
      const ratios = known(needs.ratios[0], 'log-ratios');
      const measured = await measurePairs(
        { context, properties, stage, ratios, written: needs.written },
        pairs,
      );
      const all = withFound(properties, measured, needs.found);
      const influences = influencesOn(
        flagged.map(({ name }) => name),
        { names: properties.map(({ name }) => name), measured, found: needs.found },
      );
      const found = flagged.flatMap((one) => {
        const place = all.properties.findIndex(({ name }) => name === one.name);
        return strongest(one, {
          chosen: known(all.measured.labels.chosen[place], one.name),
          rejected: known(all.measured.labels.rejected[place], one.name),
          // A tie taught nothing.
          influences: known(influences.get(one.name), one.name).subarray(0, pairs.records.length),
        });
      });
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

interface PairsOfProperty {
  /** The property of either reply. */
  readonly chosen: Float64Array;
  readonly rejected: Float64Array;
  readonly influences: Float64Array;
}

/** The pairs that differ in a property the way that was learned, those that taught it most first. */
function strongest(
  { name, learned }: JudgedProperty,
  { chosen, rejected, influences }: PairsOfProperty,
): Omit<TeachingPair, 'chosenR' | 'rejectedR'>[] {
  const side = Math.sign(learned?.effect ?? 0);
  return Array.from(influences, (influence, place) => ({
    ...{ property: name, place, influence },
    difference: (chosen[place] as number) - (rejected[place] as number),
  }))
    .filter(({ difference, influence }) => difference * side > 0 && influence * side > 0)
    .sort((a, b) => Math.abs(b.influence) - Math.abs(a.influence) || a.place - b.place)
    .slice(0, PAIRS);
}
