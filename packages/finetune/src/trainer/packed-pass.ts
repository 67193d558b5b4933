import { batchFeeds, packRows } from '@feedprint/activations/forward';
import type { ModelInfo } from '@feedprint/core';
import type { Value } from '@feedprint/graph';
import { replyLength } from '../token-sequence.ts';
import type { TokenSequence } from '../token-sequence.ts';

/**
 * Inputs of a policy graph for sequences: those of a forward pass, and where targets are. The last token of a sequence
 * is only a target, so it is not run.
 */
export function packSequences(
  sequences: readonly TokenSequence[],
  info: ModelInfo,
): Record<string, Value> {
  const rows = sequences.map(({ ids }) => Array.from(ids).slice(0, -1));
  const batch = packRows(rows, info);
  const count = sequences.reduce((sum, sequence) => sum + replyLength(sequence), 0);
  const before = new Int32Array(count);
  const targets = new Int32Array(count);
  const targetAt = new Int32Array(batch.ids.length).fill(-1);
  const segments = new Float32Array(sequences.length * count);
  let [at, first] = [0, 0];
  sequences.forEach(({ ids, start }, s) => {
    for (let t = start; t < ids.length; t++, at++) {
      before[at] = first + t - 1;
      targets[at] = ids[t] as number;
      targetAt[first + t - 1] = at;
      segments[s * count + at] = 1;
    }
    first += ids.length - 1;
  });
  return {
    ...batchFeeds(batch),
    before: { data: before, shape: [count] },
    targets: { data: targets, shape: [count, 1] },
    targetAt: { data: targetAt, shape: [targetAt.length] },
    targetOf: { data: targetAt, shape: [targetAt.length, 1] },
    segments: { data: segments, shape: [sequences.length, count] },
  };
}
