import { concatColumns, dot, matrix, row, takeColumns, takeRows } from '@feedprint/core';
import type { Artifact, Edit, Matrix } from '@feedprint/core';
import { batchesOf } from './capture.ts';
import { randomOf, roles, seedOf, siteNames } from './context.ts';
import type { AuditContext, ModelRole } from './context.ts';
import { known, readJson, readMatrices, writeJson, writeMatrices } from './files.ts';
import { readMatches } from './match.ts';
import type { ScoredWord } from './parts.ts';
import { loadSae } from './train-saes.ts';
import type { SaeArtifacts } from './train-saes.ts';
import { wordWindows } from './word-windows.ts';
import type { WordWindow } from './word-windows.ts';

/** Windows in all, and of one word at most. */
const WINDOWS = 1500;
const PER_WORD = 8;
/** Windows on which the first order is compared with what really happens. */
const PATCHED = 128;

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

export interface AuditChange {
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
export function changeStage(
  context: AuditContext,
  inputs: { readonly match: Artifact; readonly saes: SaeArtifacts },
): Promise<Artifact> {
  const { identity, settings, words } = context;
  return context.runner.run({
    name: 'change',
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
      const windows = wordWindows({
        rows: context.rows,
        ids: words.map(({ id }) => id),
        specialIds: models.tuned.tokenizer.specialIds,
        perWord: Math.min(PER_WORD, Math.max(1, Math.floor(WINDOWS / words.length))),
        random: randomOf(context, 'change'),
      });
      const matches = await readMatches(inputs.match);
      const passes = await pass(context, windows, (done) =>
        stage.progress(done, windows.length, 'windows'),
      );
      const word = Int32Array.from(windows, (window) => window.word);
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
          total: alongFeedback(words, found.total),
          error: alongFeedback(words, found.error),
          patched: await patch(context, site.site, windows, { gradient, ...activations }),
        });
      }
      writeMatrices(folder, 'change.safetensors', { change: concatColumns(blocks) });
      const change: AuditChange = {
        windows: windows.length,
        shift: alongFeedback(words, wordMeans(passes.shift, word, words.length)),
        n: Array.from(n),
        sites,
      };
      await writeJson(folder, 'change.json', change);
    },
  });
}

export const readChange = (artifact: Artifact): Promise<AuditChange> =>
  readJson(artifact, 'change.json');

/** Mean first-order part of each word's shift that goes through each kept feature's change, `[words, kept features]`, nats. */
export const readChangeContributions = (artifact: Artifact): Matrix =>
  readMatrices(artifact, 'change.safetensors', ['change']).change;

/** What stands at the position that predicts each window's word, `[windows, width]`. */
interface AtPrediction extends Readonly<Record<ModelRole, Matrix>> {
  readonly gradient: Matrix | undefined;
}

interface Passes {
  /** log p_tuned - log p_base of each window's word. */
  readonly shift: Float64Array;
  readonly sites: ReadonlyMap<string, AtPrediction>;
}

async function pass(
  context: AuditContext,
  windows: readonly WordWindow[],
  onProgress: (done: number) => void,
): Promise<Passes> {
  const { models } = context;
  const rows = windows.map(({ tokens }) => tokens);
  const capture = siteNames(context);
  const sites = new Map(
    context.sites.map(({ site, width }) => [
      site,
      {
        base: matrix(rows.length, width),
        tuned: matrix(rows.length, width),
        gradient: models.tuned.gradients && matrix(rows.length, width),
      },
    ]),
  );
  const shift = new Float64Array(rows.length);
  for (const { start, end } of batchesOf(rows, models.tuned.info.vocabularySize)) {
    const batch = rows.slice(start, end);
    const at = predicting(batch);
    const put = (into: Matrix | undefined, from: Matrix | undefined): void => {
      if (into && from) into.data.set(takeRows(from, at).data, start * into.columns);
    };
    for (const role of roles) {
      const result = await models[role].run(batch, { capture, tokenLogProbs: true });
      const ofWord = wordLogProbs(result.tokenLogProbs, at);
      ofWord.forEach((value, i) => {
        shift[start + i] = (shift[start + i] as number) + (role === 'tuned' ? value : -value);
      });
      for (const [site, into] of sites) put(into[role], result.activations.get(site));
    }
    const targets = batch.map((tokens) =>
      tokens.map((_, i) => (i === tokens.length - 2 ? (tokens.at(-1) as number) : -1)),
    );
    const gradients = await models.tuned.gradients?.(batch, { sites: capture, targets });
    for (const [site, into] of sites) put(into.gradient, gradients?.get(site));
    onProgress(end);
  }
  return { shift, sites };
}

/** Puts the base's activation in the tuned model's place where the word is predicted, and sees what that changes. */
async function patch(
  context: AuditContext,
  site: string,
  windows: readonly WordWindow[],
  { gradient, tuned, base }: AtPrediction & { readonly gradient: Matrix },
): Promise<SiteChange['patched']> {
  const model = context.models.tuned;
  const every = Math.max(1, Math.ceil(windows.length / PATCHED));
  const chosen = Array.from(windows.keys()).filter((i) => i % every === 0);
  const rows = chosen.map((i) => (windows[i] as WordWindow).tokens);
  const truth: number[] = [];
  for (const { start, end } of batchesOf(rows, model.info.vocabularySize)) {
    const batch = rows.slice(start, end);
    const at = predicting(batch);
    const edit: Edit = {
      site,
      apply(x) {
        const patched = matrix(x.rows, x.columns, x.data.slice());
        at.forEach((r, i) =>
          patched.data.set(row(base, chosen[start + i] as number), r * x.columns),
        );
        return patched;
      },
    };
    const logProbs = async (edits: readonly Edit[]) =>
      wordLogProbs((await model.run(batch, { tokenLogProbs: true, edits })).tokenLogProbs, at);
    const [plain, patched] = [await logProbs([]), await logProbs([edit])];
    truth.push(...plain.map((value, i) => value - (patched[i] as number)));
  }
  const firstOrder = chosen.map(
    (i) => dot(row(gradient, i), row(tuned, i)) - dot(row(gradient, i), row(base, i)),
  );
  const seed = seedOf(context, `patch ${site}`);
  return {
    windows: chosen.length,
    correlation: context.parts.statistics.agreement(firstOrder, truth, seed).pearson.value,
  };
}

/** What the words' values (nats) amount to along their stated feedback: sum of stated x value over the sum of |stated|. */
export function alongFeedback(words: readonly ScoredWord[], values: ArrayLike<number>): number {
  const size = words.reduce((sum, { stated }) => sum + Math.abs(stated), 0);
  return words.reduce((sum, { stated }, w) => sum + stated * (values[w] as number), 0) / size;
}

function wordMeans(values: Float64Array, word: Int32Array, words: number): Float64Array {
  const [sums, n] = [new Float64Array(words), new Float64Array(words)];
  values.forEach((value, i) => {
    const w = word[i] as number;
    sums[w] = (sums[w] as number) + value;
    n[w] = (n[w] as number) + 1;
  });
  return sums.map((sum, w) => (n[w] === 0 ? 0 : sum / (n[w] as number)));
}

/** Where among the positions of the rows, one after the other, each row's last token is predicted. */
function predicting(rows: readonly (readonly number[])[]): number[] {
  let end = 0;
  return rows.map(({ length }) => (end += length) - 2);
}

const wordLogProbs = (
  ofTokens: Float32Array | undefined,
  predictedAt: readonly number[],
): number[] => predictedAt.map((i) => known(ofTokens, 'log-probabilities')[i + 1] as number);
