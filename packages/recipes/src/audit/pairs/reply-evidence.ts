import { join } from 'node:path';
import { openSafetensors, writeSafetensors } from '@feedprint/core';
import { defineStage, defineStages } from '@feedprint/pipeline';
import type { ReplyEvidence } from '@feedprint/probe';
import { runByLength, windowsOf } from '../capture/run-by-length.ts';
import type { AuditContext } from '../context.ts';
import { known } from '../known.ts';
import { roles } from '../model-role.ts';
import { repliesOf } from '../../encode-pair.ts';
import type { EncodedPair } from '../../encode-pair.ts';
import type { PreparedPairs } from './prepared-pairs.ts';

const FILE = 'replies.safetensors';

/** What both models say of the replies' tokens, in the order of the pairs. */
export interface PairEvidence {
  readonly chosen: readonly ReplyEvidence[];
  readonly rejected: readonly ReplyEvidence[];
}

/** One pass of both models over the pairs: the log-probability of every token of the replies. */
export const replyEvidence = defineStages(({ pairs }: AuditContext) =>
  pairs ? [replyEvidenceStage(pairs)] : [],
);

const replyEvidenceStage = (pairs: PreparedPairs) =>
  defineStage({
    name: 'replies-of-pairs',
    needs: {},
    config: ({ identity }: AuditContext) => ({
      identity,
      pairs: pairs.file.sha256,
      indices: pairs.encoded.map(({ index }) => index),
      template: pairs.template,
      batches: 'by length',
    }),
    work: async ({ context: { models }, folder, stage }) => {
      const replies = repliesOf(pairs.encoded);
      const rows = replies.map(({ row }) => row);
      const logProbs = { base: [] as Float32Array[], tuned: [] as Float32Array[] };
      for (const { start, end } of windowsOf(rows, models.base.info.vocabularySize)) {
        const window = replies.slice(start, end);
        for (const role of roles) {
          const result = await runByLength(models[role], rows.slice(start, end), {
            tokenLogProbs: true,
          });
          const all = known(result.tokenLogProbs, 'log-probabilities');
          let at = 0;
          for (const reply of window) {
            logProbs[role].push(all.slice(at + reply.start, at + reply.row.length));
            at += reply.row.length;
          }
        }
        stage.progress(end, replies.length, 'replies');
      }
      writeSafetensors(
        join(folder, FILE),
        Object.fromEntries(
          roles.map((role) => {
            const data = concat(logProbs[role]);
            return [role, { shape: [data.length], data }];
          }),
        ),
      );
    },
    read: (folder) => readEvidence(folder, pairs.encoded),
  });

function readEvidence(folder: string, encoded: readonly EncodedPair[]): PairEvidence {
  const file = openSafetensors(join(folder, FILE));
  try {
    const [base, tuned] = [file.readFloats('base'), file.readFloats('tuned')];
    let at = 0;
    const evidence = repliesOf(encoded).map(({ row, start }): ReplyEvidence => {
      const [from, to] = [at, (at += row.length - start)];
      return { tokens: row.slice(start), base: base.slice(from, to), tuned: tuned.slice(from, to) };
    });
    return {
      chosen: evidence.filter((_, i) => i % 2 === 0),
      rejected: evidence.filter((_, i) => i % 2 === 1),
    };
  } finally {
    file.close();
  }
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
