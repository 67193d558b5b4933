import type { Matrix } from '../matrix.ts';
import type { Site } from './language-model.ts';
import type { Part } from './part.ts';

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

/** Rows to add to a store: per kept token, one entry in each array and one row in each site's matrix. */
export interface ActivationRows extends Provenance {
  readonly activations: ReadonlyMap<Site, Matrix>;
}

export interface ActivationStoreWriter {
  /** Number of rows already stored, after which `append` continues; 0 or absent for a new store. */
  readonly rows?: number;
  /** Throws `shape-mismatch` when arrays and matrices differ in rows or a site is missing. */
  append(rows: ActivationRows): Promise<void>;
  /** Completes the store; nothing can be read before that. */
  finish(): Promise<ActivationStore>;
}

/** Everything that determines a store's rows, by name: model, texts, settings. */
export type StoreOrigin = Readonly<Record<string, string>>;

/** Keeps activations in folders. */
export interface ActivationStoreFormat extends Part {
  /**
   * Starts a store. With an origin, formats that can continue keep what a writer of the same sites and origin left in
   * the folder, and throw `run-invalid` if another one left something there; without one, the folder is started afresh.
   */
  create(
    folder: string,
    sites: readonly Site[],
    origin?: StoreOrigin,
  ): Promise<ActivationStoreWriter>;
  open(folder: string): Promise<ActivationStore>;
}
