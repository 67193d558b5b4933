import { FeedprintError, firstRows, matrix, norm, row } from '@feedprint/core';
import type { ActivationStore, Matrix, SaeTrainer, SparseAutoencoder } from '@feedprint/core';
import { evaluateSae } from '../metrics/evaluate-sae.ts';
import { rowReader } from '../metrics/row-reader.ts';
import type { StoreRange } from '../metrics/row-reader.ts';
import type {
  ChangeDictionaries,
  ChangeDictionary,
  ChangeDictionaryOptions,
} from './change-dictionary.ts';
import { latentScaling } from './latent-scaling.ts';
import { concatStores, differenceStore } from './paired-stores.ts';
import { relativeNorms } from './relative-norm.ts';

export interface ChangeDictionariesOptions {
  readonly trainer: SaeTrainer;
  /** Active features per row. Default 16. */
  readonly k?: number;
  /** Rows seen in training. Default 100,000. */
  readonly tokens?: number;
}

/** Share of the rows, at the end, that is held out from training. */
const HELD_OUT = 0.1;
const BATCH = 2048;
/** Most rows that latent scaling looks at. */
const SCALING_ROWS = 10_000;

/**
 * The two dictionaries from which the field reads changes (Minder et al. 2025, arXiv 2504.02922): a BatchTopK crosscoder of
 * both models' activations, and a BatchTopK SAE of their differences. A feature of the crosscoder changes the activations
 * by its decoder vector in the tuned model minus that in the base.
 */
export function createChangeDictionaries({
  trainer,
  k = 16,
  tokens = 100_000,
}: ChangeDictionariesOptions): ChangeDictionaries {
  const shared = { k, tokens, normalize: true };
  return {
    name: `changes-${trainer.name}`,
    settings: { ...trainer.settings, ...shared },
    async train(base, tuned, options) {
      const { site, dSae, seed, onProgress } = options;
      checkFollows(base, options);
      const trainRows = Math.max(1, Math.floor(base.rows * (1 - HELD_OUT)));
      const sources = [
        {
          name: 'crosscoder',
          description:
            'A BatchTopK crosscoder: features that both models share, or that only one has.',
          kind: 'crosscoder',
          store: concatStores(base, tuned),
        },
        {
          name: 'difference-sae',
          description: 'A BatchTopK SAE on the differences in activations, tuned minus base.',
          kind: 'batchtopk',
          store: differenceStore(base, tuned),
        },
      ] as const;
      const found: ChangeDictionary[] = [];
      for (const { name, description, kind, store } of sources) {
        const heldOut = { store, start: trainRows < base.rows ? trainRows : 0, end: base.rows };
        const jobs = [
          {
            name,
            store: firstRows(store, trainRows),
            site,
            dSae,
            seed,
            settings: { ...shared, k: Math.min(k, dSae), kind },
          },
        ];
        const [sae] = await trainer.trainAll(jobs);
        const dictionary = await describe(sae as SparseAutoencoder, { heldOut, options });
        await sae?.dispose();
        found.push({ name, description, dSae, ...dictionary });
        onProgress?.(found.length, sources.length);
      }
      return found;
    },
  };
}

async function describe(
  sae: SparseAutoencoder,
  { heldOut, options }: { readonly heldOut: StoreRange; readonly options: ChangeDictionaryOptions },
): Promise<Omit<ChangeDictionary, 'name' | 'description' | 'dSae'>> {
  const { store } = heldOut;
  const { explainedVariance, l0, alive } = await evaluateSae(sae, heldOut);
  const isPair = sae.kind === 'crosscoder';
  const owners = isPair ? relativeNorms(sae) : undefined;
  const scaling = isPair
    ? await latentScaling(sae, { store, start: 0, end: Math.min(store.rows, SCALING_ROWS) })
    : undefined;
  const { sums, active, before } = await sumFeatures(sae, store, options);
  const vectors = changeOf(sae.weights.wDec, isPair);
  const size = (f: number): number => ((sums[f] as number) / store.rows) * norm(row(vectors, f));
  const features = Array.from(sums, (_, feature) => {
    const ratio = scaling?.errorRatio[feature];
    return {
      feature,
      density: (active[feature] as number) / store.rows,
      size: size(feature),
      relativeNorm: owners?.relativeNorm[feature] ?? null,
      errorRatio: ratio === undefined || !Number.isFinite(ratio) ? null : ratio,
    };
  }).sort((a, b) => b.size - a.size || a.feature - b.feature);
  for (let f = 0; f < vectors.rows; f++) {
    const mean = (sums[f] as number) / Math.max(1, active[f] as number);
    row(vectors, f).forEach((v, i, target) => (target[i] = v * mean));
  }
  // Reconstructions are affine in the features: the mean one is that of the mean features.
  const beforeWords = changeOf(await sae.decode(before), isPair);
  return { explainedVariance, l0, alive, features, vectors, beforeWords };
}

/** Tuned minus base, for rows of both models side by side; a copy, for rows that are differences already. */
function changeOf(rows: Matrix, isPair: boolean): Matrix {
  if (!isPair) return matrix(rows.rows, rows.columns, rows.data.slice());
  const width = rows.columns / 2;
  const change = matrix(rows.rows, width);
  for (let r = 0; r < rows.rows; r++) {
    const both = row(rows, r);
    row(change, r).forEach((_, i, target) => {
      target[i] = (both[width + i] as number) - (both[i] as number);
    });
  }
  return change;
}

/** Sums of features over all rows, rows on which each is active, and mean features before each word. */
async function sumFeatures(
  sae: SparseAutoencoder,
  store: ActivationStore,
  { site, follows, words }: ChangeDictionaryOptions,
): Promise<{
  readonly sums: Float64Array;
  readonly active: Int32Array;
  readonly before: Matrix;
}> {
  const { dSae } = sae;
  const [sums, active] = [new Float64Array(dSae), new Int32Array(dSae)];
  const ofWords = new Float64Array(words * dSae);
  const counts = new Int32Array(words);
  const { count, read } = rowReader({ store, start: 0, end: store.rows }, site);
  for (let start = 0; start < count; start += BATCH) {
    const z = await sae.encode(await read(start, Math.min(count, start + BATCH)));
    for (let r = 0; r < z.rows; r++) {
      const word = follows[start + r] as number;
      if (word >= 0) counts[word] = (counts[word] as number) + 1;
      for (let f = 0; f < dSae; f++) {
        const activation = z.data[r * dSae + f] as number;
        if (activation === 0) continue;
        sums[f] = (sums[f] as number) + activation;
        active[f] = (active[f] as number) + 1;
        if (word < 0) continue;
        ofWords[word * dSae + f] = (ofWords[word * dSae + f] as number) + activation;
      }
    }
  }
  const before = matrix(words, dSae);
  for (let w = 0; w < words; w++) {
    const n = counts[w] as number;
    const from = n === 0 ? sums : ofWords.subarray(w * dSae, (w + 1) * dSae);
    row(before, w).set(from.map((v) => v / (n === 0 ? store.rows : n)));
  }
  return { sums, active, before };
}

function checkFollows(
  { rows }: ActivationStore,
  { follows, words }: ChangeDictionaryOptions,
): void {
  if (follows.length === rows && follows.every((word) => word >= -1 && word < words)) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `follows has ${follows.length} entries for ${rows} rows and ${words} words`,
    remedy: 'give the index of a word, or -1, for each row',
  });
}
