import { createHash } from 'node:crypto';
import type { SparseAutoencoder } from '@feedprint/core';
import type { ContrastEvidence } from '@feedprint/probe';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { randomOf } from '../random.ts';
import type { AuditContext, LayerSite } from '../context.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';
import { partKey } from '../parts.ts';
import { CONTEXT } from './triples.ts';
import { captureVersions, toEvidence, versionEvidence, versionWords } from './versions.ts';
import type { VersionEvidence } from './versions.ts';

const summarySchema = z.strictObject({
  triples: z.int(),
  words: z.int(),
  meanPositive: z
    .number()
    .describe(
      "Mean distance of the positive versions from their neutral ones in the tuned model's features.",
    ),
  meanNegative: z.number(),
  word: z
    .array(z.int())
    .describe(
      'Index of the word in each version, positive versions first, as in ContrastEvidence.',
    ),
  dropped: z
    .record(z.string(), z.number())
    .describe('Number of places that gave no triple, by reason.'),
});

/** `random`: randomised SAEs on the tuned model. */
const kinds = ['tuned', 'base', 'random'] as const;
type Kind = (typeof kinds)[number];

export interface Contrast {
  readonly summary: z.infer<typeof summarySchema>;
  evidence(): Readonly<Record<Kind, ContrastEvidence>>;
}

const FILE = 'contrast.safetensors';

/** Contrastive triples run through both models: features at the target, signed distances from the neutral version. */
export const contrast = defineStage({
  name: 'contrast',
  needs: { saes: smallSaes },
  config: ({ identity, settings, triples: { triples }, parts }: AuditContext) => ({
    identity,
    triples: createHash('sha256').update(JSON.stringify(triples)).digest('hex'),
    context: CONTEXT,
    seed: settings.seed,
    probeInput: settings.probeInput,
    maker: partKey(parts.triples),
    randomizer: partKey(parts.randomizer),
  }),
  work: async ({ context, needs, folder, stage }) => {
    const { models, parts } = context;
    const { triples, dropped } = context.triples;
    const random = randomOf(context, 'random features of versions');
    const readers: Readonly<Record<Kind, (site: LayerSite) => Promise<SparseAutoencoder>>> = {
      tuned: (site) => saeOf(needs.saes, 'tuned', 'small', site).load(),
      base: (site) => saeOf(needs.saes, 'base', 'small', site).load(),
      random: async (site) =>
        parts.randomizer.randomize(await readers.tuned(site), random.fork(site.site)),
    };
    const versions = {
      tuned: await captureVersions(context, models.tuned),
      base: await captureVersions(context, models.base),
    };
    const found = {} as Record<Kind, VersionEvidence>;
    for (const [i, kind] of kinds.entries()) {
      const of = versions[kind === 'base' ? 'base' : 'tuned'];
      found[kind] = await versionEvidence(context, of, readers[kind]);
      stage.progress(i + 1, kinds.length, 'models');
    }
    writeMatrices(
      folder,
      FILE,
      Object.fromEntries(
        kinds.flatMap((kind) => [
          [`${kind}.features`, found[kind].features],
          [`${kind}.distance`, found[kind].distance],
        ]),
      ),
    );
    const distances = found.tuned.distance.data;
    const mean = (values: Float32Array): number =>
      values.reduce((sum, v) => sum + v, 0) / values.length;
    const word = versionWords(context);
    await writeJson(folder, 'contrast.json', {
      triples: triples.length,
      words: new Set(word).size,
      meanPositive: mean(distances.subarray(0, triples.length)),
      meanNegative: mean(distances.subarray(triples.length)),
      word,
      dropped,
    });
  },
  read: async (folder): Promise<Contrast> => {
    const summary = await readJson(folder, 'contrast.json', summarySchema);
    return {
      summary,
      evidence: () => {
        const read = readMatrices(
          folder,
          FILE,
          kinds.flatMap((kind) => [`${kind}.features`, `${kind}.distance`] as const),
        );
        const of = (kind: Kind): ContrastEvidence =>
          toEvidence(
            { features: read[`${kind}.features`], distance: read[`${kind}.distance`] },
            summary.word,
          );
        return { tuned: of('tuned'), base: of('base'), random: of('random') };
      },
    };
  },
});
