import { join } from 'node:path';
import { matrix, openSafetensors } from '@feedprint/core';
import type { Matrix, SparseAutoencoder } from '@feedprint/core';
import { defineStage, defineStages } from '@feedprint/pipeline';
import type { PairFeatures, ReplyEvidence } from '@feedprint/probe';
import { runByLength, windowsOf } from '../capture/run-by-length.ts';
import { siteNames } from '../context.ts';
import { roles } from '../model-role.ts';
import { randomOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import type { ModelRole } from '../model-role.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import type { TrainedSae } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { writeMatrices } from '../matrix-files.ts';
import { partKey } from '../parts.ts';
import type { EncodedPair, EncodedReply } from './encode.ts';
import type { PreparedPairs } from './prepared-pairs.ts';

/** The features that probes of pairs read. */
const kinds = [
  {
    key: 'tuned.features',
    name: 'tuned features',
    description: "SAE features of the tuned model, averaged over the reply's tokens.",
    role: 'probe',
  },
  {
    key: 'tuned.activations',
    name: 'tuned activations',
    description: "Activations of the tuned model, averaged over the reply's tokens.",
    role: 'probe',
  },
  {
    key: 'base.features',
    name: 'base features',
    description: 'The same probe on SAE features of the base model.',
    role: 'control',
  },
  {
    key: 'base.activations',
    name: 'base activations',
    description: 'The same probe on activations of the base model.',
    role: 'control',
  },
  {
    key: 'random.features',
    name: 'random features',
    description: "The same probe on randomised SAEs for the tuned model's activations.",
    role: 'control',
  },
] as const;

type Kind = (typeof kinds)[number]['key'];

/** Features of which probes also look at one reply at a time, as the paper's does: only where it is asked for. */
const POOLED: readonly string[] = ['tuned.features', 'base.features'] satisfies Kind[];
const isPooled = ({ settings }: Pick<AuditContext, 'settings'>): boolean =>
  settings.preset === 'paper';

const FILE = 'pairs.safetensors';

/** The replies' log-probabilities and the differences of their features, chosen minus rejected. */
export interface PairEvidence {
  readonly chosen: readonly ReplyEvidence[];
  readonly rejected: readonly ReplyEvidence[];
  readonly features: readonly PairFeatures[];
}

/** One pass of both models over the pairs: log-probabilities of the replies' tokens, and what probes of pairs read. */
export const replyEvidence = defineStages(({ pairs }: AuditContext) =>
  pairs ? [replyEvidenceStage(pairs)] : [],
);

const replyEvidenceStage = (pairs: PreparedPairs) =>
  defineStage({
    name: 'pairs',
    needs: { saes: smallSaes },
    config: (context: AuditContext) => ({
      identity: context.identity,
      pairs: pairs.file.sha256,
      indices: pairs.encoded.map(({ index }) => index),
      sites: siteNames(context),
      seed: context.settings.seed,
      randomizer: partKey(context.parts.randomizer),
      pooled: isPooled(context),
      batches: 'by length',
    }),
    work: async ({ context, needs, folder, stage }) => {
      const replies = repliesOf(pairs.encoded);
      const passes = await Promise.all(roles.map((role) => openPass(context, needs.saes, role)));
      let done = 0;
      const rows = replies.map(({ row }) => row);
      for (const { start, end } of windowsOf(rows, context.models.base.info.vocabularySize)) {
        for (const pass of passes) await pass.add(replies.slice(start, end));
        done += end - start;
        stage.progress(done, replies.length, 'replies');
      }
      for (const pass of passes) await pass.close();
      writeMatrices(folder, FILE, Object.fromEntries(passes.flatMap((pass) => pass.tensors())));
    },
    read: (folder) => readEvidence(folder, pairs.encoded),
  });

function readEvidence(folder: string, encoded: readonly EncodedPair[]): PairEvidence {
  const file = openSafetensors(join(folder, FILE));
  try {
    const [base, tuned] = [file.readFloats('base.tokens'), file.readFloats('tuned.tokens')];
    let at = 0;
    const evidence = repliesOf(encoded).map(({ row, start }): ReplyEvidence => {
      const [from, to] = [at, (at += row.length - start)];
      return { tokens: row.slice(start), base: base.slice(from, to), tuned: tuned.slice(from, to) };
    });
    return {
      chosen: evidence.filter((_, i) => i % 2 === 0),
      rejected: evidence.filter((_, i) => i % 2 === 1),
      features: kinds.map(({ key, ...kind }) => {
        const read = (name: string): Matrix =>
          matrix(encoded.length, file.tensors.get(name)?.shape[1] ?? 0, file.readFloats(name));
        const middle = `${key}.middle`;
        return {
          ...kind,
          difference: read(key),
          ...(file.tensors.has(middle) && { middle: read(middle) }),
        };
      }),
    };
  } finally {
    file.close();
  }
}

/** Chosen and rejected replies in turn. */
const repliesOf = (pairs: readonly EncodedPair[]): EncodedReply[] =>
  pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);

/** One model's pass: log-probabilities and mean features, reply by reply. */
async function openPass(context: AuditContext, saes: readonly TrainedSae[], role: ModelRole) {
  const { models, parts, sites } = context;
  const random = randomOf(context, 'pairs');
  const readers: { site: string; key: Kind; sae?: SparseAutoencoder; means: Float32Array[] }[] = [];
  for (const site of sites) {
    const sae = await saeOf(saes, role, 'small', site).load();
    readers.push({ site: site.site, key: `${role}.activations`, means: [] });
    readers.push({ site: site.site, key: `${role}.features`, sae, means: [] });
    if (role === 'tuned') {
      const scrambled = parts.randomizer.randomize(sae, random.fork(site.site));
      readers.push({ site: site.site, key: 'random.features', sae: scrambled, means: [] });
    }
  }
  const logProbs: Float32Array[] = [];
  return {
    async add(batch: readonly EncodedReply[]): Promise<void> {
      const result = await runByLength(
        models[role],
        batch.map(({ row }) => row),
        { capture: siteNames(context), tokenLogProbs: true },
      );
      const probabilities = known(result.tokenLogProbs, 'log-probabilities');
      let at = 0;
      const spans = batch.map(({ row, start }) => {
        const span = [at + start, at + row.length] as const;
        at += row.length;
        return span;
      });
      for (const [from, to] of spans) logProbs.push(probabilities.slice(from, to));
      for (const { site, sae, means } of readers) {
        const captured = known(result.activations.get(site), site);
        const x = sae ? await sae.encode(captured) : captured;
        for (const [from, to] of spans) means.push(meanOfRows(x, from, to));
      }
    },
    async close(): Promise<void> {
      for (const { sae } of readers) await sae?.dispose();
    },
    tensors(): [string, Matrix][] {
      const keys = [...new Set(readers.map(({ key }) => key))];
      const tokens = concat(logProbs);
      return [
        [`${role}.tokens`, matrix(1, tokens.length, tokens)],
        ...keys.flatMap((key): [string, Matrix][] => {
          const sites = readers.filter((reader) => reader.key === key).map(({ means }) => means);
          const difference = combined(sites, (chosen, rejected) => chosen - rejected);
          if (!isPooled(context) || !POOLED.includes(key)) return [[key, difference]];
          const middle = combined(sites, (chosen, rejected) => (chosen + rejected) / 2);
          return [
            [key, difference],
            [`${key}.middle`, middle],
          ];
        }),
      ];
    },
  };
}

/** Mean of rows `[from, to)`: the reply's tokens and nothing else. */
function meanOfRows({ columns, data }: Matrix, from: number, to: number): Float32Array {
  const sums = new Float64Array(columns);
  for (let r = from; r < to; r++) {
    for (let c = 0; c < columns; c++)
      sums[c] = (sums[c] as number) + (data[r * columns + c] as number);
  }
  return Float32Array.from(sums, (sum) => sum / (to - from));
}

/** The two replies of each pair as one row, the sites side by side: `[pairs, features]`. */
function combined(
  sites: readonly (readonly Float32Array[])[],
  of: (chosen: number, rejected: number) => number,
): Matrix {
  const pairs = (sites[0]?.length ?? 0) / 2;
  const columns = sites.reduce((sum, means) => sum + (means[0]?.length ?? 0), 0);
  const result = matrix(pairs, columns);
  let offset = 0;
  for (const means of sites) {
    for (let i = 0; i < pairs; i++) {
      const rejected = means[2 * i + 1] as Float32Array;
      means[2 * i]?.forEach((value, c) => {
        result.data[i * columns + offset + c] = of(value, rejected[c] as number);
      });
    }
    offset += means[0]?.length ?? 0;
  }
  return result;
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
