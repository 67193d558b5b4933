import type { SafetensorsFile } from '@feedprint/core';

/** Named weights, read when asked for: the files of a checkpoint, or those with an adapter merged into them. */
export interface WeightSource {
  /** Files that decide the weights. */
  readonly files: readonly string[];
  readonly tensors: ReadonlyMap<string, WeightInfo>;
  /** A weight of `tensors` as f32, row-major, that the source does not keep. */
  read(name: string): Float32Array;
  close(): void;
}

export interface WeightInfo {
  readonly shape: readonly number[];
  /** As safetensors names it: `BF16`. */
  readonly dtype: string;
  /** File that holds it, for messages. */
  readonly file: string;
  /** The weight whose numbers these are, for one that the files do not hold themselves: a head tied to the embeddings. */
  readonly sameAs?: string;
}

/** What a source says about a tensor of a file. */
export function weightInfo(file: SafetensorsFile, name: string): WeightInfo {
  const { shape = [], dtype = 'none' } = file.tensors.get(name) ?? {};
  return { shape, dtype, file: file.path };
}
