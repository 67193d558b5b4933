import type { Matrix } from '../matrix.ts';
import type { ActivationStore } from './activation-store.ts';
import type { Edit, Site } from './language-model.ts';

/** Weights as SAELens names and shapes them; `x` is a row. */
export interface SaeWeights {
  /** `[dIn, dSae]` */
  readonly wEnc: Matrix;
  /** `[dSae]` */
  readonly bEnc: Float32Array;
  /** `[dSae, dIn]` */
  readonly wDec: Matrix;
  /** `[dIn]` */
  readonly bDec: Float32Array;
  /** What some kinds have besides, by name, one number per feature `[dSae]`: `threshold`; `bGate` and `rMag` (gated). */
  readonly extra?: Readonly<Record<string, Float32Array>>;
}

/** A sparse autoencoder over one site's activations. */
export interface SparseAutoencoder {
  readonly kind: string;
  readonly site: Site;
  readonly dIn: number;
  readonly dSae: number;
  readonly weights: SaeWeights;
  /** `[rows, dIn]` -> feature activations `[rows, dSae]`. */
  encode(x: Matrix): Promise<Matrix>;
  /** `[rows, dSae]` -> `[rows, dIn]`. */
  decode(z: Matrix): Promise<Matrix>;
  /**
   * An edit that zeroes these features and keeps what the SAE does not reconstruct:
   * x' = x - sum over the features of z_f wDec[f]. No feature, no change.
   */
  ablate(features: readonly number[]): Edit;
  /** An edit that puts the reconstruction in the activations' place, error left out. */
  reconstruct(): Edit;
  dispose(): Promise<void>;
}

export interface SaeTrainingOptions {
  readonly site: Site;
  /** Number of features. */
  readonly dSae: number;
  readonly seed: number;
  /** Called about twenty times, last with the final step. */
  readonly onStep?: (metrics: SaeStepMetrics) => void;
}

export interface SaeStepMetrics {
  readonly step: number;
  readonly steps: number;
  /** Mean over the batch of the squared reconstruction error, summed over dimensions. */
  readonly mse: number;
  /** Mean number of active features per row. */
  readonly l0: number;
  /** The loss that was minimised. */
  readonly loss: number;
}

/** How well an SAE does on rows it may not have seen. */
export interface SaeMetrics {
  readonly rows: number;
  readonly l0: number;
  /** Fraction of variance unexplained: sum of squared errors over sum of squared deviations from the mean row. */
  readonly fvu: number;
  readonly mse: number;
  /** Share of features that were active on at least one row. */
  readonly alive: number;
  /** Share of rows on which each feature is active, `[dSae]`. */
  readonly density: Float32Array;
}

export interface SaeTrainer {
  readonly name: string;
  /** Everything that shapes the result besides the call's options, for hashing. */
  readonly settings: Readonly<Record<string, unknown>>;
  train(store: ActivationStore, options: SaeTrainingOptions): Promise<SparseAutoencoder>;
}

/** Reads and writes an SAE as a folder. */
export interface SaeFormat {
  readonly name: string;
  save(sae: SparseAutoencoder, folder: string, density?: Float32Array): Promise<void>;
  load(folder: string): Promise<SparseAutoencoder>;
}

export interface FeatureMatch {
  readonly feature: number;
  /** Index of the other dictionary's most similar feature. */
  readonly match: number;
  /** Cosine similarity of the two decoder rows. */
  readonly similarity: number;
}

export interface DictionaryComparison {
  /** Mean over features of the maximum cosine similarity (Sharkey et al. 2022). */
  readonly mmcs: number;
  /** One per feature of the first dictionary, in order. */
  readonly matches: readonly FeatureMatch[];
}

export type DictionaryMatcher = (
  a: SparseAutoencoder,
  b: SparseAutoencoder,
) => DictionaryComparison;
