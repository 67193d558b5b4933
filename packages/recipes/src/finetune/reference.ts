import { join } from 'node:path';
import { openSafetensors, writeSafetensors } from '@feedprint/core';
import { replyLogProbs } from '@feedprint/finetune';
import { defineStage, defineStages } from '@feedprint/pipeline';
import type { FinetuneContext } from './context.ts';
import { referenceSequences } from './tasks.ts';

const FILE = 'reference.safetensors';
/** Sequences between two reports of progress. */
const CHUNK = 256;

/** Log-probability of each reply under the model before training, computed once, in the order of `referenceSequences`. */
const logProbs = defineStage({
  name: 'reference',
  needs: {},
  config: ({ identity, task: { method } }: FinetuneContext) => ({
    identity,
    kto: method === 'kto',
  }),
  work: async ({ context: { model, task }, folder, stage }) => {
    const sequences = referenceSequences(task);
    const found = new Float32Array(sequences.length);
    for (let at = 0; at < sequences.length; at += CHUNK) {
      found.set(await replyLogProbs(model, sequences.slice(at, at + CHUNK)), at);
      stage.progress(Math.min(at + CHUNK, sequences.length), sequences.length, 'replies');
    }
    writeSafetensors(join(folder, FILE), { logProbs: { shape: [found.length], data: found } });
  },
  read: (folder) => {
    const file = openSafetensors(join(folder, FILE));
    try {
      return file.readFloats('logProbs');
    } finally {
      file.close();
    }
  },
});

/** None for methods without a reference. */
export const reference = defineStages(({ task: { method } }: FinetuneContext) =>
  method === 'sft' ? [] : [logProbs],
);
