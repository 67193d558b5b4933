import type { SaeFormat, Site, SparseAutoencoder, TokenRows } from '@feedprint/core';
import type { SaeTrainingSettings } from '@feedprint/sae';
import type { RowKind, SaeModels } from './rows.ts';

/** One SAE that a run makes. */
export interface PlannedSae {
  /** What distinguishes it from the others: `k=16,width=768`; `sae` if there is only one. */
  readonly name: string;
  readonly site: Site;
  readonly dSae: number;
  /** Settings that differ from those of the run. */
  readonly settings: Partial<SaeTrainingSettings>;
}

/** An SAE to start training from. */
export interface StartingSae<S extends SparseAutoencoder = SparseAutoencoder> {
  readonly sae: S;
  readonly fingerprint: string;
}

/** How reconstruction errors are weighted: plainly, by their squares, or by how far they move the model's output. */
export const errorMeasures = ['plain', 'output'] as const;
export type ErrorMeasure = (typeof errorMeasures)[number];

/** What all stages of a run that makes SAEs share. */
export interface SaeContext extends SaeModels {
  readonly rows: RowKind;
  readonly saes: readonly PlannedSae[];
  /** The SAE that all start from, unless they start from random weights. */
  readonly start: StartingSae | undefined;
  readonly error: ErrorMeasure;
  /** How the SAEs are trained. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly format: SaeFormat;
  readonly seed: number;
  /** Texts to train on. */
  readonly texts: TokenRows;
  /** Texts that nothing is trained on. */
  readonly heldOut: TokenRows;
  /** What the texts are called. */
  readonly textsName: string;
  /** Tokens between two checkpoints. */
  readonly checkpointTokens: number;
  /** What determines the bits of all stages; part of every stage's key. */
  readonly identity: Readonly<Record<string, unknown>>;
}

/** Sites of the SAEs, each once. */
export const sitesOf = ({ saes }: Pick<SaeContext, 'saes'>): Site[] => [
  ...new Set(saes.map(({ site }) => site)),
];
