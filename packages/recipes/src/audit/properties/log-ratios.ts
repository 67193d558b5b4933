import type { LanguageModel } from '@feedprint/core';
import { defineStage, defineStages, readJson, writeJson } from '@feedprint/pipeline';
import type { LogRatios, PropertyPlacebo } from '@feedprint/probe';
import { z } from 'zod';
import { runByLength, windowsOf } from '../capture/run-by-length.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import { partKey } from '../parts.ts';
import type { PreparedReplies } from '../prepared-replies.ts';
import { randomOf } from '../random.ts';
import { askedReplies, freshReplies, repliesBy } from './fresh-replies.ts';

/** Draws on which placebos are asked. */
const PLACEBO_DRAWS = 200;

/** R of the fresh replies, under the tuned model and under models that cannot have learned the feedback. */
export interface MeasuredRatios {
  readonly ratios: LogRatios;
  readonly placebos: readonly (PropertyPlacebo & {
    readonly description: string;
    readonly temperature?: number | undefined;
  })[];
}

const listed = z.array(z.number());
const ratiosSchema = z.strictObject({ base: listed, tuned: listed });
const fileSchema = z.strictObject({
  ratios: ratiosSchema,
  placebos: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      temperature: z.number().optional(),
      ratios: ratiosSchema,
    }),
  ),
});

/** Sums of log p_tuned - log p_base over each fresh reply. */
export const logRatios = defineStages((context: AuditContext) =>
  askedReplies(context).map(logRatiosStage),
);

const logRatiosStage = (replies: PreparedReplies) =>
  defineStage({
    name: 'log-ratios',
    needs: { written: freshReplies },
    config: ({ parts, settings }: AuditContext) => ({
      placebos: parts.placebos ? partKey(parts.placebos) : null,
      seed: settings.seed,
    }),
    work: async ({ context, needs, folder, stage }) => {
      const { models, parts } = context;
      const texts = roles.flatMap((role) => repliesBy(context, replies, needs.written, role));
      const draws = texts.length / 2;
      const some = texts.filter((_, i) => i % draws < PLACEBO_DRAWS);
      const placebos =
        (await parts.placebos?.models?.({
          ...models,
          rows: some.map(({ row }) => Int32Array.from(row)),
          random: randomOf(context, 'property placebos'),
        })) ?? [];
      try {
        const total = 2 * texts.length + placebos.length * some.length;
        let done = 0;
        const score = (model: LanguageModel, some: readonly Scored[]): Promise<Float64Array> =>
          replyLogProbs(model, some, (more) => {
            done += more;
            stage.progress(done, total, 'replies');
          });
        const base = await score(models.base, texts);
        const ofBase = base.filter((_, i) => i % draws < PLACEBO_DRAWS);
        const made = [];
        for (const { model, ...placebo } of placebos) {
          const ratios = inHalves(await score(model, some), ofBase);
          made.push({ ...placebo, ratios });
        }
        await writeJson(folder, 'ratios.json', {
          ratios: inHalves(await score(models.tuned, texts), base),
          placebos: made,
        });
      } finally {
        for (const { model } of placebos) await model.dispose();
      }
    },
    read: async (folder): Promise<MeasuredRatios> => {
      const { ratios, placebos } = await readJson(folder, 'ratios.json', fileSchema);
      const floats = (of: z.infer<typeof ratiosSchema>): LogRatios => ({
        base: Float64Array.from(of.base),
        tuned: Float64Array.from(of.tuned),
      });
      return {
        ratios: floats(ratios),
        placebos: placebos.map((one) => ({ ...one, ratios: floats(one.ratios) })),
      };
    },
  });

/** The differences, the base's replies first. */
function inHalves(of: Float64Array, from: Float64Array) {
  const rest = Array.from(of, (value, i) => value - (from[i] as number));
  return { base: rest.slice(0, rest.length / 2), tuned: rest.slice(rest.length / 2) };
}

interface Scored {
  readonly row: ArrayLike<number>;
  /** Where the reply begins. */
  readonly start: number;
}

/** The log-probability of each reply after its prompt, nats. */
export async function replyLogProbs(
  model: LanguageModel,
  replies: readonly Scored[],
  onScored: (count: number) => void,
): Promise<Float64Array> {
  const sums = new Float64Array(replies.length);
  const rows = replies.map(({ row }) => row);
  for (const { start, end } of windowsOf(rows, model.info.vocabularySize)) {
    const result = await runByLength(model, rows.slice(start, end), { tokenLogProbs: true });
    const logProbs = known(result.tokenLogProbs, 'log-probabilities');
    let at = 0;
    for (let i = start; i < end; i++) {
      const { row, start: from } = replies[i] as Scored;
      for (let t = from; t < row.length; t++) {
        sums[i] = (sums[i] as number) + (logProbs[at + t] as number);
      }
      at += row.length;
    }
    onScored(end - start);
  }
  return sums;
}
