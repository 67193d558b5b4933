import { concatColumns, hash32, matrix } from '@feedprint/core';
import type { Artifact, Matrix, SparseAutoencoder } from '@feedprint/core';
import { storeFolder } from './capture.ts';
import { randomOf } from './context.ts';
import type { AuditContext, ModelRole } from './context.ts';
import { known, readMatrices, writeMatrices } from './files.ts';
import { loadSae, smallSaes } from './train-saes.ts';
import type { SaeArtifacts } from './train-saes.ts';

/** Columns into which the words around a scored word are hashed. */
const BAG = 256;
/** Tokens to each side that count as around. */
const WINDOW = 8;

/** Mean features of each scored word: of the tuned and base SAEs, of randomised ones, and of the text alone. */
export function featuresStage(
  context: AuditContext,
  capture: Artifact,
  saes: SaeArtifacts,
): Promise<Artifact> {
  return context.runner.run({
    name: 'features',
    config: { bag: BAG, window: WINDOW, seed: context.settings.seed },
    inputs: [capture, ...smallSaes(context, saes)],
    work: async (folder, stage) => {
      const random = randomOf(context, 'features');
      const blocks: Record<'tuned' | 'base' | 'random', Matrix[]> = {
        tuned: [],
        base: [],
        random: [],
      };
      for (const site of context.sites) {
        const sae = (role: ModelRole) => loadSae(context, saes, role, 'small', site);
        const tuned = await sae('tuned');
        const scrambled = context.parts.randomizeSae(tuned, random.fork(site.site));
        blocks.tuned.push(await wordMeans(context, capture, 'tuned', tuned));
        blocks.base.push(await wordMeans(context, capture, 'base', await sae('base')));
        blocks.random.push(await wordMeans(context, capture, 'tuned', scrambled));
        stage.progress(blocks.tuned.length, context.sites.length, 'sites');
      }
      writeMatrices(folder, 'features.safetensors', {
        tuned: concatColumns(blocks.tuned),
        base: concatColumns(blocks.base),
        random: concatColumns(blocks.random),
        text: textFeatures(context),
      });
    },
  });
}

/** `[words, features]` each; SAE features of the sites side by side, in the audit's order. */
export const readFeatures = (artifact: Artifact) =>
  readMatrices(artifact, 'features.safetensors', ['tuned', 'base', 'random', 'text']);

async function wordMeans(
  { parts, words }: AuditContext,
  capture: Artifact,
  role: ModelRole,
  sae: SparseAutoencoder,
): Promise<Matrix> {
  const store = await parts.activations.open(storeFolder(capture, role, 'words'));
  const z = await sae.encode(await store.read(sae.site, 0, store.rows));
  await sae.dispose();
  const index = new Map(words.map(({ id }, i) => [id, i]));
  const rowOf = Int32Array.from(store.provenance.token, (id) =>
    known(index.get(id), `token ${id}`),
  );
  const counts = new Float64Array(words.length);
  rowOf.forEach((w) => (counts[w] = (counts[w] as number) + 1));
  const means = matrix(words.length, z.columns);
  rowOf.forEach((w, r) => {
    for (let f = 0; f < z.columns; f++) {
      const at = w * z.columns + f;
      means.data[at] =
        (means.data[at] as number) + (z.data[r * z.columns + f] as number) / (counts[w] as number);
    }
  });
  return means;
}

/** Shares of the hashed unscored tokens around each word, its length in characters and the log of its count. */
function textFeatures({ rows, words }: AuditContext): Matrix {
  const index = new Map(words.map(({ id }, i) => [id, i]));
  const columns = BAG + 2;
  const sums = matrix(words.length, columns);
  const counts = new Float64Array(words.length);
  for (const row of rows) {
    row.forEach((token, position) => {
      const w = index.get(token);
      if (w === undefined) return;
      counts[w] = (counts[w] as number) + 1;
      for (
        let i = Math.max(0, position - WINDOW);
        i <= Math.min(row.length - 1, position + WINDOW);
        i++
      ) {
        const other = row[i] as number;
        if (index.has(other)) continue;
        const at = w * columns + (hash32(`${other}`) % BAG);
        sums.data[at] = (sums.data[at] as number) + 1;
      }
    });
  }
  words.forEach(({ word }, w) => {
    const count = counts[w] as number;
    for (let c = 0; c < BAG; c++)
      sums.data[w * columns + c] = (sums.data[w * columns + c] as number) / count;
    sums.data[w * columns + BAG] = word.length;
    sums.data[w * columns + BAG + 1] = Math.log(count);
  });
  return sums;
}
