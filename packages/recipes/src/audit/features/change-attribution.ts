import { concatColumns, matrix, takeColumns } from '@feedprint/core';
import type { Artifact, Matrix } from '@feedprint/core';
import { randomOf, siteNames } from '../context.ts';
import type { AuditContext } from '../context.ts';
import { known, readJson, readMatrices, writeJson, writeMatrices } from '../files.ts';
import { readMatches } from '../match.ts';
import type { ScoredWord } from '../parts.ts';
import { loadSae } from '../train-saes.ts';
import type { SaeArtifacts } from '../train-saes.ts';
import { readAtPrediction } from './at-prediction.ts';
import type { Passes } from './at-prediction.ts';
import { PATCHED, patch } from './patch.ts';
import { wordWindows } from './word-windows.ts';

/** Windows in all, and of one word at most. */
const WINDOWS = 1000;
const PER_WORD = 8;

/** How the change of one site at the position that predicts them moved the scored words, along their stated feedback; nats. */
export interface SiteChange {
  readonly site: string;
  /** To first order, g . (x_tuned - x_base). */
  readonly total: number;
  /** Its part that no feature of the SAE carries. */
  readonly error: number;
  /** Pearson correlation, over some windows, of first order with what putting the base's activation there really changes. */
  readonly patched: {
    readonly windows: number;
    readonly correlation: number | null;
  };
}

export interface AuditChangeAttribution {
  readonly windows: number;
  /** log p_tuned - log p_base of the words in their windows, along their stated feedback; nats. */
  readonly shift: number;
  /** Windows of each word. */
  readonly n: readonly number[];
  /** Empty where the tuned model cannot be differentiated. */
  readonly sites: readonly SiteChange[];
}

/**
 * Attributes the shift of each scored word, where it stands, to the changes of the features at the position that predicts
 * it: both models' activations encoded by the tuned model's SAE, weighed by the gradient (`AuditStatistics.attributeChange`).
 * Windows hold one word each, so that nothing of one word's gradient comes from another.
 */
export function changeAttributionStage(
  context: AuditContext,
  inputs: { readonly match: Artifact; readonly saes: SaeArtifacts },
): Promise<Artifact> {
  const { identity, settings, words } = context;
  return context.runner.run({
    name: 'change-attribution',
    config: {
      identity,
      sites: siteNames(context),
      words: words.map(({ id }) => id),
      windows: [WINDOWS, PER_WORD, PATCHED],
      measures: 2,
      seed: settings.seed,
    },
    inputs: [inputs.match],
    work: async (folder, stage) => {
      const { models, parts } = context;
      const windows = models.tuned.gradients
        ? wordWindows({
            rows: context.rows,
            ids: words.map(({ id }) => id),
            specialIds: models.tuned.tokenizer.specialIds,
            perWord: Math.min(PER_WORD, Math.max(1, Math.floor(WINDOWS / words.length))),
            random: randomOf(context, 'change'),
          })
        : [];
      const matches = await readMatches(inputs.match);
      const passes = await readAtPrediction(context, windows, (done) =>
        stage.progress(done, windows.length, 'windows'),
      );
      const word = Int32Array.from(windows, (window) => window.word);
      const shifts = wordMeans(passes, word, words.length);
      const blocks: Matrix[] = [];
      const sites: SiteChange[] = [];
      let n = new Int32Array(words.length);
      for (const [i, site] of context.sites.entries()) {
        const { gradient, ...activations } = known(passes.sites.get(site.site), site.site);
        const sae = await loadSae(context, inputs.saes, 'tuned', 'small', site);
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
        const kept = known(matches[i], site.site).kept.map(({ feature }) => feature);
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
      writeMatrices(folder, 'change.safetensors', { change: concatColumns(blocks) });
      const change: AuditChangeAttribution = {
        windows: windows.length,
        shift: alongFeedback(words, n, (w) => shifts[w] as number),
        n: Array.from(n),
        sites,
      };
      await writeJson(folder, 'change.json', change);
    },
  });
}

export const readChangeAttribution = (artifact: Artifact): Promise<AuditChangeAttribution> =>
  readJson(artifact, 'change.json');

/** Mean first-order part of each word's shift that goes through each kept feature's change, `[words, kept features]`, nats. */
export const readChangeContributions = (artifact: Artifact): Matrix =>
  readMatrices(artifact, 'change.safetensors', ['change']).change;

/**
 * What the words' values (nats) amount to along their stated feedback, over the `n` windows of each: sum of stated x value
 * over the sum of |stated|, words without windows left out.
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
