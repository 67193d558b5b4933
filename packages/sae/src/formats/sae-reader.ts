import type { Matrix, Site } from '@feedprint/core';
import type { GraphSae } from '../sae.ts';
import type { TensorFile } from './tensor-file.ts';

export interface SaeReadOptions {
  /** Where the activations come from; needed for files that do not say, and stronger than what they say. */
  readonly site?: Site;
  readonly threads?: number;
  /** Activations of the site, `[rows, dIn]`: square weights are then checked by what they reconstruct. */
  readonly sample?: Matrix;
}

/** What lies at a path, looked at once. */
export interface SaeSource {
  readonly folder: string;
  /** The weights, if there is one file of them. */
  readonly weightsPath?: string;
  /** They, open. */
  readonly weights?: TensorFile;
  /** `cfg.json` of the folder, if it is an object. */
  readonly cfg?: Readonly<Record<string, unknown>>;
  /** `config.json` of the folder, if it is an object. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** One layout of files; `readSae` asks them in turn. */
export interface SaeReader {
  /** What it reads, for people. */
  readonly name: string;
  /** By content: keys of the configuration and names of the tensors. */
  recognises(source: SaeSource): boolean;
  load(source: SaeSource, options: SaeReadOptions): GraphSae;
}
