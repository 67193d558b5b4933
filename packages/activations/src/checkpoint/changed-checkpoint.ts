import { createHash } from 'node:crypto';
import { FeedprintError, assertFinite } from '@feedprint/core';
import type { Value } from '@feedprint/graph';
import type { Weights } from '../architectures/weights.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { WeightInfo } from './weight-source.ts';

/**
 * A checkpoint with other numbers in some of its weights; the others are those that `weights` holds. Closing it leaves `checkpoint` open.
 * Throws what `LanguageModel.withParameters` does.
 */
export function changedCheckpoint(
  checkpoint: Checkpoint,
  weights: Weights,
  changed: ReadonlyMap<string, Float32Array>,
): Checkpoint {
  for (const [name, data] of changed) assertFits(checkpoint, name, data);
  const infoOf = (name: string): WeightInfo | undefined => {
    const info = checkpoint.infoOf(name);
    if (info?.sameAs === undefined) return info;
    if (!changed.has(name) && !changed.has(info.sameAs)) return info;
    const { sameAs: _, ...own } = info;
    return own;
  };
  let fingerprint: string | undefined;
  const { folder, config, decoder, tokenizer, check, names } = checkpoint;
  return {
    ...{ folder, config, decoder, tokenizer, check, names },
    name: `${checkpoint.name}, changed`,
    get fingerprint() {
      return (fingerprint ??= fingerprintOf(checkpoint.fingerprint, changed));
    },
    infoOf,
    weight: (name) =>
      changed.get(name) ?? ((weights.values([name])[name] as Value).data as Float32Array),
    *parameters(wanted) {
      for (const tensor of checkpoint.parameters(wanted)) {
        const { name, shape, layer } = tensor;
        const { sameAs } = infoOf(name) ?? {};
        yield {
          name,
          shape,
          ...(layer !== undefined && { layer }),
          ...(sameAs !== undefined && { sameAs }),
          get data() {
            return changed.get(name) ?? tensor.data;
          },
        };
      }
    },
    close: () => undefined,
  };
}

function assertFits(checkpoint: Checkpoint, name: string, data: Float32Array): void {
  const info = checkpoint.infoOf(name);
  if (!info) {
    throw new FeedprintError({
      code: 'usage',
      message: `${checkpoint.name} has no parameter ${name}`,
      remedy: `change one that it has, such as ${checkpoint.names.slice(0, 3).join(', ')}`,
    });
  }
  const wanted = info.shape.reduce((a, b) => a * b, 1);
  if (data.length !== wanted) {
    throw new FeedprintError({
      code: 'shape-mismatch',
      message: `${name} of ${checkpoint.name} holds ${wanted} numbers, and was given ${data.length}`,
      remedy: `give it [${info.shape.join(', ')}]`,
    });
  }
  assertFinite(data, `what ${name} is changed to`);
}

function fingerprintOf(own: string, changed: ReadonlyMap<string, Float32Array>): string {
  const hash = createHash('sha256').update(own);
  for (const name of [...changed.keys()].sort()) {
    const { buffer, byteOffset, byteLength } = changed.get(name) as Float32Array;
    hash.update(`:${name}:`).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
