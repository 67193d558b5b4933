import { concatColumns, matrix, takeColumns } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { siteNames } from '../context.ts';
import { randomOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import { match, matchAt } from '../dictionaries/match.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';
import { partKey } from '../parts.ts';
import type { ScoredWord } from '../parts.ts';
import { readAtPrediction } from './at-prediction.ts';
import type { Passes } from './at-prediction.ts';
import { PATCHED, patch } from './patch.ts';
import { siteChangeSchema } from './site-change.ts';
import type { SiteChange } from './site-change.ts';
import { wordWindows } from './word-windows.ts';

/** Most windows in all, and per word. */
const WINDOWS = 1000;
const PER_WORD = 8;

const changeSchema = z.strictObject({
  windows: z.int(),
  shift: z
    .number()
    .describe(
      'log p_tuned - log p_base of the words in their windows, along their stated feedback; nats.',
    ),
  n: z.array(z.int()).describe('Number of windows of each word.'),
  sites: z.array(siteChangeSchema).describe('Empty if the tuned model cannot be differentiated.'),
});

export type ChangeAttributed = z.infer<typeof changeSchema> & {
  /** Mean first-order part of each word's shift that goes through each kept feature's change, `[words, kept features]`, nats. */
  contributions(): Matrix;
};

const FILE = 'change.safetensors';

/**
 * Attributes the shift of each scored word, where it occurs, to the changes of the features at the position that
 * predicts it: both models' activations encoded by the tuned model's SAE, weighted by the gradient
 * (`AuditStatistics.attributeChange`). Each window has one word, so that no part of one word's gradient comes from
 * another.
 */
export const changeAttribution = defineStage({
  name: 'change-attribution',
  needs: { match, saes: smallSaes },
  config: (context: AuditContext) => ({
    identity: context.identity,
    sites: siteNames(context),
    words: context.words.map(({ id }) => id),
    windows: [WINDOWS, PER_WORD, PATCHED],
    statistics: partKey(context.parts.statistics),
    measures: 2,
    seed: context.settings.seed,
  }),
  work: async ({ context, needs, folder, stage }) => {
    const { models, parts, words } = context;
    const windows = models.tuned.gradients
      ? wordWindows({
          rows: context.rows,
          ids: words.map(({ id }) => id),
          specialIds: models.tuned.tokenizer.specialIds,
          perWord: Math.min(PER_WORD, Math.max(1, Math.floor(WINDOWS / words.length))),
          random: randomOf(context, 'change'),
        })
      : [];
    const passes = await readAtPrediction(context, windows, (done) =>
      stage.progress(done, windows.length, 'windows'),
    );
    const word = Int32Array.from(windows, (window) => window.word);
    const shifts = wordMeans(passes, word, words.length);
    const blocks: Matrix[] = [];
    const sites: SiteChange[] = [];
    let n = new Int32Array(words.length);
    for (const site of context.sites) {
      const { gradient, ...activations } = known(passes.sites.get(site.site), site.site);
      const sae = await saeOf(needs.saes, 'tuned', 'small', site).load();
      const found = parts.statistics.attributeChange({
        gradient: gradient ?? matrix(windows.length, site.width),
        activations,
        features: {
          tuned: await sae.encode(activations.tuned),
          base: await sae.encode(activations.base),
        },
        wDec: sae.weights.wDec,
        word,
        words: words.length,
      });
      await sae.dispose();
      n = Int32Array.from(found.n);
      const kept = matchAt(needs.match, site.site).kept.map(({ feature }) => feature);
      blocks.push(takeColumns(found.contributions, kept));
      if (!gradient) continue;
      sites.push({
        site: site.site,
        total: alongFeedback(words, n, (w) => found.total[w] as number),
        error: alongFeedback(words, n, (w) => found.error[w] as number),
        patched: await patch(context, site.site, windows, passes.logProbs, {
          gradient,
          ...activations,
        }),
      });
    }
    writeMatrices(folder, FILE, { change: concatColumns(blocks) });
    await writeJson(folder, 'change.json', {
      windows: windows.length,
      shift: alongFeedback(words, n, (w) => shifts[w] as number),
      n: Array.from(n),
      sites,
    });
  },
  read: async (folder): Promise<ChangeAttributed> => ({
    ...(await readJson(folder, 'change.json', changeSchema)),
    contributions: () => readMatrices(folder, FILE, ['change']).change,
  }),
});

/**
 * The words' values (nats) along their stated feedback, for the `n` windows of each: sum of stated x value over the sum
 * of |stated|, leaving out words without windows.
 */
export function alongFeedback(
  words: readonly ScoredWord[],
  n: ArrayLike<number>,
  valueOf: (word: number) => number,
): number {
  let [sum, size] = [0, 0];
  words.forEach(({ stated }, w) => {
    if (n[w] === 0) return;
    sum += stated * valueOf(w);
    size += Math.abs(stated);
  });
  return size === 0 ? 0 : sum / size;
}

/** Mean log p_tuned - log p_base of each word in its windows; 0 without. */
function wordMeans(
  { logProbs: { base, tuned } }: Passes,
  word: Int32Array,
  words: number,
): Float64Array {
  const [sums, n] = [new Float64Array(words), new Float64Array(words)];
  word.forEach((w, i) => {
    sums[w] = (sums[w] as number) + (tuned[i] as number) - (base[i] as number);
    n[w] = (n[w] as number) + 1;
  });
  return sums.map((sum, w) => (n[w] === 0 ? 0 : sum / (n[w] as number)));
}
