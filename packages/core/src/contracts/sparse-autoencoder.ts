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
  /**
   * Further weights of some kinds, by name, one number per feature `[dSae]`: `threshold`; `bGate` and `rMag` (gated).
   */
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
   * An edit that zeroes these features and keeps what the SAE does not reconstruct: x' = x - sum over the features of
   * z_f wDec[f]. Without features, nothing changes.
   */
  ablate(features: readonly number[]): Edit;
  /** An edit that replaces the activations with their reconstruction, leaving out the error. */
  reconstruct(): Edit;
  dispose(): Promise<void>;
}

export interface SaeTrainingOptions {
  readonly site: Site;
  /** Number of features. */
  readonly dSae: number;
  readonly seed: number;
  /**
   * How an error e of the reconstruction is weighted: e M e^T, for M symmetric and positive definite, `[dIn, dIn]`.
   * Default: the identity, which gives the squared error. The SAE is still one of plain activations, but its decoder
   * vectors no longer all have the same length. Throws `shape-mismatch`, `numbers-invalid` for another matrix,
   * `config-invalid` for a kind that cannot be trained with one.
   */
  readonly metric?: Matrix;
  /**
   * An SAE to train further, of the same kind, site and shape: its weights are the initial ones, and the optimizer
   * starts without state. Throws `shape-mismatch` or `config-invalid` if it differs in these, or has a decoder vector
   * of zeros.
   */
  readonly from?: SparseAutoencoder;
  /** Called about twenty times, the last time with the final step. */
  readonly onStep?: (metrics: SaeStepMetrics) => void;
}

/** One SAE among several that are trained together. */
export interface SaeJob extends Omit<SaeTrainingOptions, 'onStep'> {
  /** Distinguishes the jobs of one call. */
  readonly name: string;
  readonly store: ActivationStore;
  /** Settings that differ from the trainer's. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface SaeTrainingRun {
  readonly onStep?: (job: string, metrics: SaeStepMetrics) => void;
  /**
   * Metrics of the jobs as they come, `stage` being the job's name: loss, mse, explained variance, l0, dead features and
   * their share of all; and, for the latest steps, `rowsPerSecond` and `waiting`, the share of the time that the jobs
   * spent waiting for rows.
   */
  readonly onEvent?: (event: RunEventInput) => void;
  /** Clock in milliseconds, for these two. Default: `performance.now`. */
  readonly clock?: () => number;
  /** Where to keep what is needed to continue. A folder with an unfinished training of the same jobs is continued. */
  readonly checkpoint?: { readonly folder: string; readonly everyTokens: number };
  /** Stops after the current step, keeping its state if there is a checkpoint; the call throws `cancelled`. */
  readonly signal?: AbortSignal;
}

export interface SaeStepMetrics {
  readonly step: number;
  readonly steps: number;
  /**
   * Mean over the batch of the squared reconstruction error, summed over dimensions; for scaled activations, weighted
   * by the metric.
   */
  readonly mse: number;
  /**
   * Share of the batch's variance that the step's reconstructions explain, as `SaeMetrics.explainedVariance` is defined, for
   * activations as `mse` takes them. The batch is one that is trained on: rows held out say more, once it is done.
   */
  readonly explainedVariance: number;
  /** Mean number of active features per row. */
  readonly l0: number;
  /** The loss that was minimised. */
  readonly loss: number;
  /** Number of features that have been silent for longer than the trainer allows. */
  readonly dead: number;
}

/** How many features there are of each density. */
export interface DensityHistogram {
  /** Bounds of the bins, log10 of the density, ascending; one more than there are counts. */
  readonly edges: readonly number[];
  /**
   * Number of features that fired with a density in `[edges[i], edges[i + 1])`; the outer bins include what lies beyond
   * them. Dead features are in none.
   */
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
   * is not centred, so a constant offset of the reconstruction counts as error. For rows without variance: 0 if
   * reproduced exactly, else 1.
   */
  readonly fvu: number;
  /** 1 - `fvu`; the mean row scores 0, a perfect reconstruction 1. */
  readonly explainedVariance: number;
  /** The same for each dimension separately, about its own mean, `[dIn]`. */
  readonly explainedVariancePerDimension: readonly number[];
  /** Mean over rows of the squared error, summed over dimensions. */
  readonly mse: number;
  /** Mean cosine of x and y over rows x that are not zero, 0 where y is zero; null without such rows. */
  readonly cosine: number | null;
  /** Mean of |y| / |x| over rows x that are not zero; null without such rows. */
  readonly l2Ratio: number | null;
  /** Mean of |y|^2 over mean of x y: below 1 where reconstructions shrink (Rajamanoharan et al. 2024, eq. 10); null for mean x y = 0. */
  readonly relativeReconstructionBias: number | null;
  /** Share of features that were active on at least one row. */
  readonly alive: number;
  /** Number of features that were active on no row. */
  readonly dead: number;
  /** Share of rows on which each feature is active, `[dSae]`. */
  readonly density: Float32Array;
  readonly densityHistogram: DensityHistogram;
}

/** A share of what an ablation costs; null where it costs too little for the share to mean anything. */
export type Recovered =
  { readonly value: number } | { readonly value: null; readonly reason: string };

/**
 * What a model loses when an SAE's reconstruction replaces its site's activations, compared with what it loses when the
 * site is set to zero or to its mean. Nats per predicted token: every token except each text's first, without padding.
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
  /** KL divergence between the clean model's predictions and the changed model's, KL(clean || changed). */
  readonly kl: { readonly reconstructed: number; readonly zero: number; readonly mean: number };
  /** (ablated - reconstructed) / (ablated - clean) cross-entropy. */
  readonly crossEntropyRecovered: { readonly zero: Recovered; readonly mean: Recovered };
  /** 1 - KL of the reconstruction / KL of the ablation. */
  readonly klRecovered: { readonly zero: Recovered; readonly mean: Recovered };
}

export interface SaeTrainer extends Part {
  train(store: ActivationStore, options: SaeTrainingOptions): Promise<SparseAutoencoder>;
  /**
   * Trains one SAE per job, in their order. Each store is read once for all jobs that want its rows in the same way; an
   * SAE has the same bytes whether trained alone, together with others, or continued from a checkpoint.
   */
  trainAll(jobs: readonly SaeJob[], run?: SaeTrainingRun): Promise<readonly SparseAutoencoder[]>;
}

/** Reads and writes SAEs as folders. */
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
  /** Mean of the matches' similarities; if these are plain maxima, the MMCS (Sharkey et al. 2022). */
  readonly mmcs: number;
  /** One per feature of the first dictionary, in order. */
  readonly matches: readonly FeatureMatch[];
}

export type DictionaryMatcher = (
  a: SparseAutoencoder,
  b: SparseAutoencoder,
) => Promise<DictionaryComparison>;
