import { concatColumns, matrix } from '@feedprint/core';
import type { ActivationStore, LanguageModel, Matrix } from '@feedprint/core';
import { defineStage, readJson, writeJson } from '@feedprint/pipeline';
import { z } from 'zod';
import { capture } from '../capture/capture.ts';
import { runByLength, windowsOf } from '../capture/run-by-length.ts';
import { siteNames } from '../context.ts';
import { seedOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';
import { partKey } from '../parts.ts';
import { CONTEXT } from './triples.ts';
import { captureVersions, versionEvidence } from './versions.ts';
import type { VersionEvidence } from './versions.ts';
import { meansByWord } from './word-features.ts';

/** What a model that was never trained shows; all `null` if there is none. */
export interface UntrainedEvidence {
  /** Mean features of the words from the tuned model's SAEs, `[words, features]`. */
  readonly features: Matrix | null;
  /** `[words, units]` */
  readonly activations: Matrix | null;
  /** The triples' versions, encoded by the tuned model's SAEs. */
  readonly versions: VersionEvidence | null;
}

const FILE = 'untrained.safetensors';
const nameSchema = z.strictObject({ model: z.string().nullable() });

/**
 * The scored words' occurrences run through the tuned model with weights drawn at random: what a probe can read from
 * the tokens and the architecture alone. Texts are only run up to their last occurrence, without logits.
 */
export const untrained = defineStage({
  name: 'untrained',
  needs: { capture, saes: smallSaes },
  config: (context: AuditContext) => {
    const { parts, settings } = context;
    return {
      seed: seedOf(context, 'untrained'),
      model: parts.untrained !== undefined && partKey(parts.untrained),
      triples: settings.triples,
      context: CONTEXT,
      probeInput: settings.probeInput,
    };
  },
  work: async ({ context, needs, folder, stage }) => {
    const { parts, names, sites } = context;
    const model = await parts.untrained?.load(names.tuned, seedOf(context, 'untrained'));
    await writeJson(folder, 'untrained.json', { model: model?.name ?? null });
    if (!model) return;
    try {
      const store = await needs.capture.activations('tuned', 'words');
      const { token } = store.provenance;
      const rows = await occurrences(context, model, store, stage.progress);
      const blocks = { features: [] as Matrix[], activations: [] as Matrix[] };
      for (const site of sites) {
        const x = known(rows.get(site.site), site.site);
        const sae = await saeOf(needs.saes, 'tuned', 'small', site).load();
        blocks.activations.push(meansByWord(context, token, x));
        blocks.features.push(meansByWord(context, token, await sae.encode(x)));
        await sae.dispose();
      }
      const versions = await versionEvidence(
        context,
        await captureVersions(context, model),
        (site) => saeOf(needs.saes, 'tuned', 'small', site).load(),
      );
      writeMatrices(folder, FILE, {
        features: concatColumns(blocks.features),
        activations: concatColumns(blocks.activations),
        'versions.features': versions.features,
        'versions.distance': versions.distance,
      });
    } finally {
      await model.dispose();
    }
  },
  read: async (folder): Promise<UntrainedEvidence> => {
    const { model } = await readJson(folder, 'untrained.json', nameSchema);
    if (model === null) return { features: null, activations: null, versions: null };
    const read = readMatrices(folder, FILE, [
      'features',
      'activations',
      'versions.features',
      'versions.distance',
    ]);
    const versions = { features: read['versions.features'], distance: read['versions.distance'] };
    return { features: read.features, activations: read.activations, versions };
  },
});

/** The model's activations at the store's rows, by site, in the store's order. */
async function occurrences(
  context: AuditContext,
  model: LanguageModel,
  { provenance, rows: total }: ActivationStore,
  progress: (done: number, total: number, unit: string) => void,
): Promise<Map<string, Matrix>> {
  const { text, position } = provenance;
  const rowsOf = new Map<number, number[]>();
  text.forEach((t, row) => rowsOf.set(t, [...(rowsOf.get(t) ?? []), row]));
  const starts = [...rowsOf].map(([t, wanted]) => {
    const end = 1 + Math.max(...wanted.map((row) => position[row] as number));
    return { wanted, tokens: known(context.rows[t], `text ${t}`).slice(0, end) };
  });
  const result = new Map(context.sites.map(({ site, width }) => [site, matrix(total, width)]));
  const tokens = starts.map((start) => start.tokens);
  for (const { start, end } of windowsOf(tokens, model.info.vocabularySize)) {
    const { activations } = await runByLength(model, tokens.slice(start, end), {
      capture: siteNames(context),
    });
    for (const [site, x] of activations) {
      const target = known(result.get(site), site);
      let first = 0;
      for (const one of starts.slice(start, end)) {
        for (const row of one.wanted) {
          const at = (first + (position[row] as number)) * x.columns;
          target.data.set(x.data.subarray(at, at + x.columns), row * x.columns);
        }
        first += one.tokens.length;
      }
    }
    progress(end, tokens.length, 'texts');
  }
  return result;
}
