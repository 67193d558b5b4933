import type { SafetensorsFile } from '@feedprint/core';

/** Named weights, read when asked for: the files of a checkpoint, or those with an adapter merged into them. */
export interface WeightSource {
  /** Files that determine the weights. */
  readonly files: readonly string[];
  readonly tensors: ReadonlyMap<string, WeightInfo>;
  /** A weight of `tensors` as f32, row-major; the source does not keep it. */
  read(name: string): Float32Array;
  close(): void;
}

export interface WeightInfo {
  readonly shape: readonly number[];
  /** Number type as safetensors names it: `BF16`. */
  readonly dtype: string;
  /** File that contains it, for messages. */
  readonly file: string;
  /** The weight whose numbers it shares, if the files do not contain it itself: a head tied to the embeddings. */
  readonly sameAs?: string;
}

/** What a source says about a tensor in a file. */
export function weightInfo(file: SafetensorsFile, name: string): WeightInfo {
  const { shape = [], dtype = 'none' } = file.tensors.get(name) ?? {};
  return { shape, dtype, file: file.path };
}
