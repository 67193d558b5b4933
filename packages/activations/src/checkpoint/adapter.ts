import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FeedprintError, openSafetensors } from '@feedprint/core';
import { asClassifier, numberedLabels, scoreWeight } from '../architectures/architecture.ts';
import type { Decoder } from '../architectures/decoder.ts';
import { readAdapterConfig } from './adapter-config.ts';
import { sortTensors } from './adapter-tensors.ts';
import type { AdapterTensors, Factors } from './adapter-tensors.ts';
import { addLowRank, transposed } from './low-rank.ts';
import { weightInfo } from './weight-source.ts';
import type { WeightInfo, WeightSource } from './weight-source.ts';

/** A model with an adapter merged in. */
export interface Adapted {
  readonly weights: WeightSource;
  /** The base's decoder, with more tokens or with labels where the adapter adds them. */
  readonly decoder: Decoder;
}

/**
 * The weights of `base` with a PEFT LoRA adapter (`adapter_config.json`, `adapter_model.safetensors`) merged in as they
 * are read: W + scale B A, scale = alpha / r, or alpha / sqrt(r) if rank-stabilised (Hu et al. 2021, Kalajdzievski
 * 2023); tensors that the adapter holds whole replace the base's. A head tied to the embeddings keeps the base's
 * numbers if only the embeddings are changed, as it does in peft until it merges. `base` has the names of `decoder`,
 * and is closed together with the result. Throws `checkpoint-invalid`, `checkpoint-unsupported` for other kinds of
 * adapter, `models-mismatched` for an adapter of another base.
 */
export function mergeAdapter(base: WeightSource, folder: string, decoder: Decoder): Adapted {
  try {
    return openAdapter(base, folder, decoder);
  } catch (error) {
    base.close();
    throw error;
  }
}

function openAdapter(base: WeightSource, folder: string, decoder: Decoder): Adapted {
  const config = readAdapterConfig(folder);
  const path = join(folder, 'adapter_model.safetensors');
  assertNoPickle(folder, path);
  const file = openSafetensors(path);
  try {
    const changes = sortTensors(file, config, base, decoder);
    const { whole, factors } = changes;
    const tensors = untied(base.tensors, changes);
    for (const [name, stored] of whole) {
      tensors.set(name, weightInfo(file, stored));
    }
    const weights: WeightSource = {
      files: [...base.files, join(folder, 'adapter_config.json'), path],
      tensors,
      read(wanted) {
        const name = tensors.get(wanted)?.sameAs ?? wanted;
        const stored = whole.get(name);
        const weight = stored === undefined ? base.read(name) : file.readFloats(stored);
        const update = factors.get(name);
        if (update) {
          merge(weight, update, file.readFloats(update.a), file.readFloats(update.b));
        }
        return weight;
      },
      close() {
        file.close();
        base.close();
      },
    };
    const rows = (name: string): number | undefined =>
      whole.has(name) ? tensors.get(name)?.shape[0] : undefined;
    return { weights, decoder: adapted(decoder, rows) };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The given `rows` of a weight that the adapter holds whole. */
function adapted(decoder: Decoder, rows: (name: string) => number | undefined): Decoder {
  const { vocabularySize: size, embedding, labels } = decoder;
  const scores = rows(scoreWeight) ?? labels?.length;
  const grown = { ...decoder, vocabularySize: rows(embedding.tokens) ?? size };
  return scores === labels?.length ? grown : asClassifier(grown, numberedLabels(scores ?? 0));
}

/** A weight that shares another's numbers gets its own if the adapter changes either. */
function untied(
  base: ReadonlyMap<string, WeightInfo>,
  { whole, factors }: AdapterTensors,
): Map<string, WeightInfo> {
  const changes = (name: string): boolean => whole.has(name) || factors.has(name);
  return new Map(
    [...base].map(([name, { sameAs, ...own }]) => {
      const stays = sameAs !== undefined && !changes(name) && !changes(sameAs);
      return [name, stays ? { ...own, sameAs } : own] as const;
    }),
  );
}

/** `a` is `[rank, input]`, `b` `[output, rank]`. */
function merge(weight: Float32Array, update: Factors, a: Float32Array, b: Float32Array): void {
  const { input, output, rank, scale, inputFirst } = update;
  addLowRank(
    weight,
    inputFirst
      ? {
          ...{ rows: input, columns: output, rank, scale },
          left: transposed(a, rank, input),
          right: transposed(b, output, rank),
        }
      : { rows: output, columns: input, rank, scale, left: b, right: a },
  );
}

function assertNoPickle(folder: string, path: string): void {
  if (existsSync(path) || !existsSync(join(folder, 'adapter_model.bin'))) return;
  throw new FeedprintError({
    code: 'checkpoint-unsupported',
    message: `${folder} contains adapter_model.bin, a Python pickle, and no safetensors`,
    remedy: 'load it with peft and save it again, which writes safetensors',
  });
}
