import type { Matrix, Site } from '@feedprint/core';
import type { GraphSae } from '../sae.ts';
import type { TensorFile } from './tensor-file.ts';

export interface SaeReadOptions {
  /** Where the activations come from; needed for files that do not say, and overrides those that do. */
  readonly site?: Site;
  readonly threads?: number;
  /** Activations of the site, `[rows, dIn]`: square weights are then checked by what they reconstruct. */
  readonly sample?: Matrix;
}

/** What is at a path, inspected once. */
export interface SaeSource {
  readonly folder: string;
  /** The path of the weights, if there is exactly one file of them. */
  readonly weightsPath?: string;
  /** The weights, open. */
  readonly weights?: TensorFile;
  /** `cfg.json` of the folder, if it is an object. */
  readonly cfg?: Readonly<Record<string, unknown>>;
  /** `config.json` of the folder, if it is an object. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** One layout of files; `readSae` asks them in turn. */
export interface SaeReader {
  /** What it reads, for messages. */
  readonly name: string;
  /** By content: keys of the configuration and names of the tensors. */
  recognises(source: SaeSource): boolean;
  load(source: SaeSource, options: SaeReadOptions): GraphSae;
}
