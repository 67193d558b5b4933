import type { Matrix } from '../matrix.ts';
import type { Site } from './language-model.ts';

/** Where each row of a store comes from. All arrays have one entry per row. */
export interface Provenance {
  /** Index of the text. */
  readonly text: Int32Array;
  /** Position in the text's tokens. */
  readonly position: Int32Array;
  /** Id of the token at that position. */
  readonly token: Int32Array;
}

export interface SiteScale {
  /** Mean row, `[width]`. */
  readonly mean: Float32Array;
  /** Mean Euclidean norm of the rows. */
  readonly meanNorm: number;
}

/** Activations by site, one row per kept token. Rows of all sites share the provenance. */
export interface ActivationStore {
  readonly sites: readonly Site[];
  readonly rows: number;
  readonly provenance: Provenance;
  width(site: Site): number;
  /** Rows `[start, end)`, in order. */
  read(site: Site, start: number, end: number): Promise<Matrix>;
  scale(site: Site): Promise<SiteScale>;
}

/** Rows to add to a store: one entry of each array, and one row of each site's matrix, per kept token. */
export interface ActivationRows extends Provenance {
  readonly activations: ReadonlyMap<Site, Matrix>;
}

export interface ActivationStoreWriter {
  /** Throws `shape-mismatch` when arrays and matrices differ in rows or a site is missing. */
  append(rows: ActivationRows): Promise<void>;
  /** Completes the store; nothing can be read before. */
  finish(): Promise<ActivationStore>;
}

/** Keeps activations in folders. */
export interface ActivationStoreFormat {
  readonly name: string;
  create(folder: string, sites: readonly Site[]): Promise<ActivationStoreWriter>;
  open(folder: string): Promise<ActivationStore>;
}
