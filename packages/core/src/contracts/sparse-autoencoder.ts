import type { Matrix } from '../matrix.ts';
import type { ActivationStore } from './activation-store.ts';
import type { Edit, Site } from './language-model.ts';
import type { Part } from './part.ts';
import type { RunEventInput } from './run.ts';

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
  /**
   * What an error e of a reconstruction counts for: e M e^T, for M symmetric and positive definite, `[dIn, dIn]`. Default: the
   * identity, its square. The SAE is still one of plain activations; only its decoder vectors are not all of one length. Throws
   * `shape-mismatch`, `numbers-invalid` for another matrix, `config-invalid` for a kind that cannot be trained so.
   */
  readonly metric?: Matrix;
  /**
   * An SAE to train further, of the same kind, site and shape: its weights are the first ones, the optimizer remembers nothing. Throws
   * `shape-mismatch` or `config-invalid` for another, and for one with a decoder vector of zeros.
   */
  readonly from?: SparseAutoencoder;
  /** Called about twenty times, last with the final step. */
  readonly onStep?: (metrics: SaeStepMetrics) => void;
}

/** One SAE among several that are trained together. */
export interface SaeJob extends Omit<SaeTrainingOptions, 'onStep'> {
  /** Tells the jobs of one call apart. */
  readonly name: string;
  readonly store: ActivationStore;
  /** Settings that differ from the trainer's. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface SaeTrainingRun {
  readonly onStep?: (job: string, metrics: SaeStepMetrics) => void;
  /**
   * Metrics of the jobs as they come, `stage` being the job's name: loss, mse, l0, dead features; and of the last steps
   * `rowsPerSecond`, and `waiting`, the share of the time in which the jobs waited for rows.
   */
  readonly onEvent?: (event: RunEventInput) => void;
  /** Milliseconds, for these two. Default: `performance.now`. */
  readonly clock?: () => number;
  /** Where to keep what is needed to continue. A folder with an unfinished training of the same jobs is continued. */
  readonly checkpoint?: { readonly folder: string; readonly everyTokens: number };
  /** Stops after the step being taken, its state kept if there is a checkpoint; the call throws `cancelled`. */
  readonly signal?: AbortSignal;
}

export interface SaeStepMetrics {
  readonly step: number;
  readonly steps: number;
  /** Mean over the batch of the squared reconstruction error, summed over dimensions; of scaled activations, and by the metric. */
  readonly mse: number;
  /** Mean number of active features per row. */
  readonly l0: number;
  /** The loss that was minimised. */
  readonly loss: number;
}

/** How many features there are of each density. */
export interface DensityHistogram {
  /** Bounds of the bins, log10 of the density, ascending; one more than there are counts. */
  readonly edges: readonly number[];
  /** Features that fired: those in `[edges[i], edges[i + 1])`; outer bins take what lies beyond. Dead ones are in none. */
  readonly counts: readonly number[];
}

/** How well an SAE does on rows it may not have seen; x is a row, y its reconstruction. Sums and means are f64. */
export interface SaeMetrics {
  readonly rows: number;
  /** Mean over rows of the number of active features. */
  readonly l0: number;
  /** Mean over rows of the sum of the features. */
  readonly l1: number;
  /**
   * Fraction of variance unexplained: sum of squared errors over sum of squared deviations from the mean row. The error
   * is not centred, so a constant offset of the reconstruction costs. Rows without variance: 0 if met exactly, else 1.
   */
  readonly fvu: number;
  /** 1 - `fvu`; the mean row scores 0, a perfect reconstruction 1. */
  readonly explainedVariance: number;
  /** The same of each dimension alone, about its own mean, `[dIn]`. */
  readonly explainedVariancePerDimension: readonly number[];
  /** Mean over rows of the squared error, summed over dimensions. */
  readonly mse: number;
  /** Mean over rows x that are not zero of the cosine of x and y, 0 where y is zero; null without such rows. */
  readonly cosine: number | null;
  /** Mean over rows x that are not zero of |y| / |x|; null without such rows. */
  readonly l2Ratio: number | null;
  /** Mean of |y|^2 over mean of x y: below 1 where reconstructions shrink (Rajamanoharan et al. 2024, eq. 10); null for mean x y = 0. */
  readonly relativeReconstructionBias: number | null;
  /** Share of features that were active on at least one row. */
  readonly alive: number;
  /** Number of features that were active on none. */
  readonly dead: number;
  /** Share of rows on which each feature is active, `[dSae]`. */
  readonly density: Float32Array;
  readonly densityHistogram: DensityHistogram;
}

/** A share of what an ablation costs; null where it costs too little for a share of it to mean something. */
export type Recovered =
  { readonly value: number } | { readonly value: null; readonly reason: string };

/**
 * What a model loses when an SAE's reconstruction takes the place of its site's activations, beside what it loses when
 * the site is set to zero or to its mean. Nats per predicted token: every token but each text's first, padding never.
 */
export interface InModelMetrics {
  readonly site: Site;
  /** Number of predicted tokens. */
  readonly tokens: number;
  readonly crossEntropy: {
    readonly clean: number;
    readonly reconstructed: number;
    readonly zero: number;
    readonly mean: number;
  };
  /** KL divergence of the changed model's predictions from the clean ones, KL(clean || changed). */
  readonly kl: { readonly reconstructed: number; readonly zero: number; readonly mean: number };
  /** (ablated - reconstructed) / (ablated - clean) cross-entropy. */
  readonly crossEntropyRecovered: { readonly zero: Recovered; readonly mean: Recovered };
  /** 1 - KL of the reconstruction / KL of the ablation. */
  readonly klRecovered: { readonly zero: Recovered; readonly mean: Recovered };
}

export interface SaeTrainer extends Part {
  train(store: ActivationStore, options: SaeTrainingOptions): Promise<SparseAutoencoder>;
  /**
   * Trains an SAE per job, in their order. Each store is read once for all jobs that want its rows alike; an SAE comes out the
   * same bytes alone, among others, or continued from a checkpoint.
   */
  trainAll(jobs: readonly SaeJob[], run?: SaeTrainingRun): Promise<readonly SparseAutoencoder[]>;
}

/** Reads and writes an SAE as a folder. */
export interface SaeFormat extends Part {
  save(sae: SparseAutoencoder, folder: string, density?: Float32Array): Promise<void>;
  load(folder: string): Promise<SparseAutoencoder>;
}

export interface FeatureMatch {
  readonly feature: number;
  /** Index of the other dictionary's matching feature; null for a zero decoder row, or when none is left. */
  readonly match: number | null;
  /** Cosine similarity of the two decoder rows; 0 without a match. */
  readonly similarity: number;
}

export interface DictionaryComparison {
  /** Mean of the matches' similarities: under plain maxima the MMCS (Sharkey et al. 2022). */
  readonly mmcs: number;
  /** One per feature of the first dictionary, in order. */
  readonly matches: readonly FeatureMatch[];
}

export type DictionaryMatcher = (
  a: SparseAutoencoder,
  b: SparseAutoencoder,
) => Promise<DictionaryComparison>;
