import { describe } from '@jest/globals';
import { join } from 'node:path';
import { freshPath, pair, testRefusals } from './support/refusals.ts';
import { changeHeader, setHeaderLength, truncateWeights } from './support/spoil.ts';
import { tune, writeCheckpoint } from './support/tiny-pair.ts';
import type { CheckpointChanges } from './support/tiny-pair.ts';

/** A tuned checkpoint with something wrong about it. */
const tuned = (changes: CheckpointChanges = {}): string =>
  writeCheckpoint(freshPath(), {
    ...changes,
    tensors: (tensors) => {
      tune(tensors);
      changes.tensors?.(tensors);
    },
  });

const spoiled = (spoil: (folder: string) => void): string => {
  const folder = tuned();
  spoil(folder);
  return folder;
};

describe('feedprint audit, given', () => {
  testRefusals([
    {
      name: 'a weights file that ends early',
      flags: () => ({ tuned: spoiled((folder) => truncateWeights(folder, 0.5)) }),
      code: 1,
      says: /safetensors.*; download or export it again/,
    },
    {
      name: 'a weights file of five bytes',
      flags: () => ({ base: spoiled((folder) => truncateWeights(folder, 0.0001)) }),
      code: 1,
      says: /fewer than 8; download/,
    },
    {
      name: 'a header of 2^60 bytes',
      flags: () => ({ tuned: spoiled((folder) => setHeaderLength(folder, 1n << 60n)) }),
      code: 1,
      says: /header says 1152921504606846976 bytes.*; download/,
    },
    {
      name: 'tensors that overlap',
      flags: () => ({
        tuned: spoiled((folder) =>
          changeHeader(folder, (header) => {
            const bias = 'gpt_neox.layers.0.mlp.dense_4h_to_h.bias';
            const other = header['gpt_neox.layers.0.input_layernorm.bias'];
            (header[bias] as { data_offsets: unknown }).data_offsets = other?.data_offsets;
          }),
        ),
      }),
      code: 1,
      says: /overlap.*; download/,
    },
    {
      name: 'tensors past the end of the file',
      flags: () => ({
        tuned: spoiled((folder) =>
          changeHeader(folder, (header) => {
            for (const entry of Object.values(header)) {
              entry.data_offsets = [entry.data_offsets[0] + 64, entry.data_offsets[1] + 64];
            }
          }),
        ),
      }),
      code: 1,
      says: /may be truncated; download/,
    },
    {
      name: 'models of different shape',
      flags: () => ({ tuned: tuned({ config: { max_position_embeddings: 16 } }) }),
      code: 1,
      says: /differ in contextLength \(32 and 16\); compare a model/,
    },
    {
      name: 'weights of another shape than both configurations say',
      flags: () => ({
        base: writeCheckpoint(freshPath(), { config: { intermediate_size: 48 } }),
        tuned: tuned({ config: { intermediate_size: 48 } }),
      }),
      code: 1,
      says: /config.json asks for \[48\]; use the config.json/,
    },
    {
      name: 'a tensor that neither model has',
      flags: () => {
        const tensors: CheckpointChanges['tensors'] = (all) => {
          delete all['gpt_neox.final_layer_norm.bias'];
        };
        return { base: writeCheckpoint(freshPath(), { tensors }), tuned: tuned({ tensors }) };
      },
      code: 1,
      says: /gpt_neox.final_layer_norm.bias; /,
    },
    {
      name: 'different tokenizers',
      flags: () => ({
        tuned: tuned({
          tokenizer: (json) => ({
            ...json,
            model: { ...json.model, merges: json.model.merges.slice(0, -1) },
          }),
        }),
      }),
      code: 1,
      says: /different tokenizers; compare a model/,
    },
    {
      name: 'NaN in the tuned weights',
      flags: () => ({
        tuned: tuned({
          tensors: (all) => all['gpt_neox.layers.1.attention.dense.weight']?.data.fill(NaN, 3, 4),
        }),
      }),
      code: 1,
      says: /attention.dense.weight holds NaN at index 3; use weights/,
    },
    {
      name: 'finite weights that overflow when run',
      flags: () => ({
        tuned: tuned({ tensors: (all) => all['embed_out.weight']?.data.fill(3e38) }),
      }),
      code: 1,
      says: /no finite probability.*; use weights/,
    },
    {
      name: 'an architecture that is not known',
      flags: () => ({ tuned: tuned({ config: { model_type: 'mamba' } }) }),
      code: 1,
      says: /"mamba"; use a checkpoint of one of these: gpt_neox/,
    },
    {
      name: 'the same model twice',
      flags: () => ({ tuned: pair.base }),
      code: 1,
      says: /same weights; compare a model with one that was tuned from it/,
    },
    {
      name: 'the same weights in two different files',
      flags: () => ({ tuned: writeCheckpoint(freshPath(), { metadata: { format: 'pt' } }) }),
      code: 1,
      says: /same weights; compare a model with one that was tuned from it/,
    },
    {
      name: 'a model folder that does not exist',
      flags: () => ({ base: join(freshPath(), 'nowhere') }),
      code: 1,
      says: /nowhere is neither a folder nor the name of a model on the hub; pass a folder/,
    },
  ]);
});
