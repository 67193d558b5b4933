import { matrix } from '@feedprint/core';
import type { Matrix, SparseAutoencoder } from '@feedprint/core';
import { defineStage, defineStages } from '@feedprint/pipeline';
import type { PairFeatures, PooledFeatures } from '@feedprint/probe';
import { runByLength, windowsOf } from '../capture/run-by-length.ts';
import { siteNames } from '../context.ts';
import { roles } from '../model-role.ts';
import { randomOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import type { ModelRole } from '../model-role.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import type { TrainedSae } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';
import { partKey } from '../parts.ts';
import { repliesOf } from '../../encode-pair.ts';
import type { EncodedReply } from '../../encode-pair.ts';
import type { PreparedPairs } from '../pairs/prepared-pairs.ts';

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

/** Features of which probes also read one reply at a time, as the paper's does: only where its preset asks for it. */
const POOLED: readonly Kind[] = ['tuned.features', 'base.features'];
const isPooled = ({ settings }: Pick<AuditContext, 'settings'>): boolean =>
  settings.preset === 'paper';
const repliesKey = (key: Kind): string => `${key}.replies`;

const FILE = 'pair-features.safetensors';

export interface PairFeaturesRead {
  readonly features: readonly PairFeatures[];
  /** Of single replies; empty where no probe reads them. */
  readonly pooled: readonly PooledFeatures[];
}

/** What probes of pairs read: one pass of both models over the replies, through the dictionaries. */
export const pairFeatures = defineStages(({ pairs }: AuditContext) =>
  pairs ? [pairFeaturesStage(pairs)] : [],
);

const pairFeaturesStage = (pairs: PreparedPairs) =>
  defineStage({
    name: 'pair-features',
    needs: { saes: smallSaes },
    config: (context: AuditContext) => ({
      identity: context.identity,
      pairs: pairs.file.sha256,
      indices: pairs.encoded.map(({ index }) => index),
      template: pairs.template,
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
    read: (folder, context): PairFeaturesRead => {
      const pooled = isPooled(context) ? POOLED : [];
      const matrices = readMatrices(folder, FILE, [
        ...kinds.map(({ key }) => key),
        ...pooled.map((key) => repliesKey(key)),
      ]);
      const of = (key: string) => known(matrices[key], key);
      return {
        features: kinds.map(({ key, ...kind }) => ({ ...kind, difference: of(key) })),
        pooled: kinds
          .filter(({ key }) => pooled.includes(key))
          .map(({ key, ...kind }) => ({ ...kind, replies: of(repliesKey(key)) })),
      };
    },
  });

/** One model's pass: mean features, reply by reply. */
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
  return {
    async add(batch: readonly EncodedReply[]): Promise<void> {
      const result = await runByLength(
        models[role],
        batch.map(({ row }) => row),
        { capture: siteNames(context) },
      );
      let at = 0;
      const spans = batch.map(({ row, start }) => {
        const span = [at + start, at + row.length] as const;
        at += row.length;
        return span;
      });
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
      return keys.flatMap((key): [string, Matrix][] => {
        const sites = readers.filter((reader) => reader.key === key).map(({ means }) => means);
        const difference: [string, Matrix] = [key, differences(sites)];
        return isPooled(context) && POOLED.includes(key)
          ? [difference, [repliesKey(key), chosenFirst(sites)]]
          : [difference];
      });
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

/** Chosen minus rejected, the sites side by side: `[pairs, features]`. */
function differences(sites: readonly (readonly Float32Array[])[]): Matrix {
  const pairs = (sites[0]?.length ?? 0) / 2;
  const columns = sites.reduce((sum, means) => sum + (means[0]?.length ?? 0), 0);
  const result = matrix(pairs, columns);
  let offset = 0;
  for (const means of sites) {
    for (let i = 0; i < pairs; i++) {
      const rejected = means[2 * i + 1] as Float32Array;
      means[2 * i]?.forEach((value, c) => {
        result.data[i * columns + offset + c] = value - (rejected[c] as number);
      });
    }
    offset += means[0]?.length ?? 0;
  }
  return result;
}

/** Chosen replies, then rejected ones, the sites side by side: `[2 pairs, features]`. */
function chosenFirst(sites: readonly (readonly Float32Array[])[]): Matrix {
  const replies = sites[0]?.length ?? 0;
  const result = matrix(
    replies,
    sites.reduce((sum, means) => sum + (means[0]?.length ?? 0), 0),
  );
  let offset = 0;
  for (const means of sites) {
    means.forEach((own, i) => {
      const place = (i % 2) * (replies / 2) + Math.floor(i / 2);
      result.data.set(own, place * result.columns + offset);
    });
    offset += means[0]?.length ?? 0;
  }
  return result;
}
