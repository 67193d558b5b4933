import { FeedprintError, batchTexts, positionsPerBatch } from '@feedprint/core';
import type {
  Edit,
  InModelMetrics,
  LanguageModel,
  Matrix,
  Recovered,
  SparseAutoencoder,
  TokenRows,
} from '@feedprint/core';
import { constantEdit } from './constant-edit.ts';
import { addPredictionLoss } from './prediction-loss.ts';
import type { PredictionLoss } from './prediction-loss.ts';

export interface InModelOptions {
  /** Positions per forward pass, padding counted. Default: as many as keep the logits within 64 MiB, at most 4096. */
  readonly batch?: number;
  /** The vector for mean ablation, `[dIn]`. Default: the mean of the site's activations over all positions of the texts. */
  readonly mean?: Float32Array;
}

/** Nats per token that an ablation must cost for a share of them to be meaningful. */
const LEAST_COST = 0.01;

/**
 * Runs a model with an SAE's reconstruction spliced in, with the site set to zero, and with it set to its mean, and
 * compares the predictions with the clean ones. Edits act on every position of the texts, including special tokens; all
 * passes predict and count the same tokens. Memory holds one batch's logits twice. Throws `usage` for texts without a
 * predicted token and for a site that the model does not have, `shape-mismatch` for another width, `numbers-invalid` for
 * infinite losses.
 */
export async function evaluateInModel(
  model: LanguageModel,
  sae: SparseAutoencoder,
  texts: TokenRows,
  options: InModelOptions = {},
): Promise<InModelMetrics> {
  checkSite(model, sae);
  if (!texts.some(({ length }) => length > 1)) throw nothingPredicted();
  const { batch = positionsPerBatch(model.info.vocabularySize) } = options;
  const batches = batchTexts(texts, batch).map((members) =>
    members.map((t) => texts[t] as ArrayLike<number>),
  );
  const mean = options.mean ?? (await meanActivation(model, sae, batches));
  checkWidth(mean.length, sae);

  const [reconstructed, zero, average] = (await losses(model, batches, [
    sae.reconstruct(),
    constantEdit(sae.site, new Float32Array(sae.dIn)),
    constantEdit(sae.site, mean),
  ])) as [PredictionLoss, PredictionLoss, PredictionLoss];
  const { tokens, clean } = reconstructed;
  return {
    site: sae.site,
    tokens,
    crossEntropy: {
      clean,
      reconstructed: reconstructed.changed,
      zero: zero.changed,
      mean: average.changed,
    },
    kl: { reconstructed: reconstructed.kl, zero: zero.kl, mean: average.kl },
    crossEntropyRecovered: {
      zero: recovered(zero.changed - clean, reconstructed.changed - clean, 'cross-entropy'),
      mean: recovered(average.changed - clean, reconstructed.changed - clean, 'cross-entropy'),
    },
    klRecovered: {
      zero: recovered(zero.kl, reconstructed.kl, 'KL divergence'),
      mean: recovered(average.kl, reconstructed.kl, 'KL divergence'),
    },
  };
}

/** Losses per predicted token under each change. */
async function losses(
  model: LanguageModel,
  batches: readonly TokenRows[],
  edits: readonly Edit[],
): Promise<PredictionLoss[]> {
  const sums = edits.map((): PredictionLoss => ({ tokens: 0, clean: 0, changed: 0, kl: 0 }));
  for (const texts of batches) {
    const clean = await model.run(texts, { logits: 'all' });
    for (const [i, edit] of edits.entries()) {
      const changed = await model.run(texts, { logits: 'all', edits: [edit] });
      addPredictionLoss(
        sums[i] as PredictionLoss,
        texts,
        clean.logits as Matrix,
        changed.logits as Matrix,
      );
    }
  }
  return sums.map(perToken);
}

function perToken({ tokens, clean, changed, kl }: PredictionLoss): PredictionLoss {
  const result = { tokens, clean: clean / tokens, changed: changed / tokens, kl: kl / tokens };
  if (Object.values(result).every(Number.isFinite)) return result;
  throw new FeedprintError({
    code: 'numbers-invalid',
    message: `the model's predictions are not finite: cross-entropy ${result.clean}, changed ${result.changed}, KL ${result.kl}`,
    remedy: 'check the weights of the model and of the SAE',
  });
}

async function meanActivation(
  model: LanguageModel,
  { site, dIn }: SparseAutoencoder,
  batches: readonly TokenRows[],
): Promise<Float32Array> {
  const sum = new Float64Array(dIn);
  let positions = 0;
  for (const texts of batches) {
    const { activations } = await model.run(texts, { capture: [site] });
    const { data, rows } = activations.get(site) as Matrix;
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < dIn; i++) sum[i] = (sum[i] as number) + (data[r * dIn + i] as number);
    }
    positions += rows;
  }
  return Float32Array.from(sum, (value) => value / positions);
}

function recovered(ablationCost: number, cost: number, measure: string): Recovered {
  if (ablationCost >= LEAST_COST) return { value: (ablationCost - cost) / ablationCost };
  return {
    value: null,
    reason: `the ablation changes the ${measure} by ${ablationCost.toPrecision(2)} nats per token, less than ${LEAST_COST}`,
  };
}

function checkSite(model: LanguageModel, sae: SparseAutoencoder): void {
  const site = model.sites.find((info) => info.site === sae.site);
  if (site) return checkWidth(site.width, sae);
  throw new FeedprintError({
    code: 'usage',
    message: `the model has no site ${sae.site}`,
    remedy: 'evaluate the SAE in a model with the site that it was trained on',
  });
}

function checkWidth(width: number, { dIn, site }: SparseAutoencoder): void {
  if (width === dIn) return;
  throw new FeedprintError({
    code: 'shape-mismatch',
    message: `an SAE over ${dIn} units was given ${width} at ${site}`,
    remedy: 'use the model and the mean of the site that the SAE was trained on',
  });
}

const nothingPredicted = (): FeedprintError =>
  new FeedprintError({
    code: 'usage',
    message: 'no token of the texts is predicted',
    remedy: 'pass texts of at least two tokens',
  });
