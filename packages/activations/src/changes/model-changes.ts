import type { Matrix, Provenance, Site } from '@feedprint/core';

/** Sums over positions, with one entry per vocabulary token. */
export interface VocabularySums {
  /** Sum of p_tuned log(p_tuned / p_base). */
  readonly kl: Float64Array;
  readonly base: Float64Array;
  readonly tuned: Float64Array;
}

/** Norms of differences, by vocabulary token. */
export interface NormSums {
  /** `[vocabulary]` */
  readonly norm: Float64Array;
  readonly count: Int32Array;
}

/** Sums over rows of differences. */
export interface SecondMoments {
  readonly rows: number;
  /** `[width]` */
  readonly sum: Float64Array;
  /** Sums of products of columns, `[width, width]`. */
  readonly products: Float64Array;
}

/** What tuning changed in the activations of one site, tuned minus base at the same positions. */
export interface SiteDifferences {
  readonly rows: number;
  /** Mean norm of the difference. */
  readonly meanL2: number;
  /** Norm of all differences divided by the norm of all of the base's rows; 0 for a base of zeros. */
  readonly relativeL2: number;
  readonly meanCosine: number;
  /** Mean norm of the base's rows. */
  readonly baseNorm: number;
  /** Mean row of the base and of the difference, `[width]`. */
  readonly baseMean: Float32Array;
  readonly meanDifference: Float32Array;
  /** By the token at a position, and by the token that follows it. */
  readonly on: NormSums;
  readonly before: NormSums;
  /** Only for sites for which details were asked. */
  readonly details?: {
    /** Absent if they were not wanted. */
    readonly moments?: SecondMoments;
    /** Mean difference where each word of interest follows, `[words, width]`; the mean over all rows for one that never does. */
    readonly beforeWords: Matrix;
  };
}

/** How tuning changed a model's predictions and activations on texts; without any labels. */
export interface ModelChanges {
  /** Where each measured position is, and the token there. */
  readonly places: Provenance;
  /** KL(tuned || base) of the next-token distributions at each position, nats. */
  readonly kl: Float64Array;
  /** KL(base || tuned). */
  readonly reverseKl: Float64Array;
  /** The token with the largest part of each position's `kl`: what tuning made more probable there. */
  readonly gained: Int32Array;
  readonly vocabulary: VocabularySums;
  /** In the order of the sites asked for. */
  readonly sites: ReadonlyMap<Site, SiteDifferences>;
}

/** The rows of one batch, the same for both models. */
export interface PairedRows extends Provenance {
  readonly base: ReadonlyMap<Site, Matrix>;
  readonly tuned: ReadonlyMap<Site, Matrix>;
}

export interface MeasureChangesOptions {
  readonly sites: readonly Site[];
  /** Sites whose details are kept. Default none. */
  readonly detailed?: readonly Site[];
  /** Whether details include second moments, which add work of width squared per position. Default true. */
  readonly moments?: boolean;
  /** Tokens of interest, for `beforeWords`. Default none. */
  readonly words?: ArrayLike<number>;
  /** Called with the rows of all sites, batch by batch, for callers that keep them. */
  readonly onRows?: (rows: PairedRows) => Promise<void>;
  /** Tokens whose positions are left out. Default: the tokenizer's special ones. */
  readonly skip?: ReadonlySet<number>;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between two batches; the call then throws `cancelled`. */
  readonly signal?: AbortSignal;
}
