import { concatColumns, matrix } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { defineStage } from '@feedprint/pipeline';
import { capture } from '../capture/capture.ts';
import { roles } from '../model-role.ts';
import { randomOf } from '../random.ts';
import type { AuditContext } from '../context.ts';
import { saeOf, smallSaes } from '../dictionaries/saes.ts';
import { known } from '../known.ts';
import { readMatrices, writeMatrices } from '../matrix-files.ts';
import { partKey } from '../parts.ts';

/** `[words, ...]` each; features and activations of the sites are side by side, in the audit's order. */
export interface WordFeatures {
  readonly features: { readonly tuned: Matrix; readonly base: Matrix; readonly random: Matrix };
  readonly activations: { readonly tuned: Matrix; readonly base: Matrix };
}

const FILE = 'features.safetensors';
const keys = ['tuned', 'base', 'random', 'activations.tuned', 'activations.base'] as const;

/**
 * Means over the occurrences of each scored word: SAE features of the tuned and the base model and of randomised SAEs,
 * and unencoded activations.
 */
export const wordFeatures = defineStage({
  name: 'features',
  needs: { capture, saes: smallSaes },
  config: ({ settings, parts }: AuditContext) => ({
    seed: settings.seed,
    randomizer: partKey(parts.randomizer),
  }),
  work: async ({ context, needs, folder, stage }) => {
    const { parts, sites } = context;
    const random = randomOf(context, 'features');
    const blocks: Record<(typeof keys)[number], Matrix[]> = {
      tuned: [],
      base: [],
      random: [],
      'activations.tuned': [],
      'activations.base': [],
    };
    const stores = {
      tuned: await needs.capture.activations('tuned', 'words'),
      base: await needs.capture.activations('base', 'words'),
    };
    for (const site of sites) {
      for (const role of roles) {
        const store = stores[role];
        const { token } = store.provenance;
        const x = await store.read(site.site, 0, store.rows);
        const sae = await saeOf(needs.saes, role, 'small', site).load();
        blocks[`activations.${role}`].push(meansByWord(context, token, x));
        blocks[role].push(meansByWord(context, token, await sae.encode(x)));
        if (role === 'tuned') {
          const scrambled = parts.randomizer.randomize(sae, random.fork(site.site));
          blocks.random.push(meansByWord(context, token, await scrambled.encode(x)));
          await scrambled.dispose();
        }
        await sae.dispose();
      }
      stage.progress(blocks.tuned.length, sites.length, 'sites');
    }
    writeMatrices(
      folder,
      FILE,
      Object.fromEntries(keys.map((key) => [key, concatColumns(blocks[key])])),
    );
  },
  read: (folder): WordFeatures => {
    const read = readMatrices(folder, FILE, keys);
    return {
      features: { tuned: read.tuned, base: read.base, random: read.random },
      activations: { tuned: read['activations.tuned'], base: read['activations.base'] },
    };
  },
});

/** Mean of the rows of each word, `[words, columns]`; `tokens` names the word of each row. */
export function meansByWord(
  { words }: Pick<AuditContext, 'words'>,
  tokens: Int32Array,
  x: Matrix,
): Matrix {
  const index = new Map(words.map(({ id }, i) => [id, i]));
  const rowOf = Int32Array.from(tokens, (id) => known(index.get(id), `token ${id}`));
  const counts = new Float64Array(words.length);
  rowOf.forEach((w) => (counts[w] = (counts[w] as number) + 1));
  const means = matrix(words.length, x.columns);
  rowOf.forEach((w, r) => {
    for (let f = 0; f < x.columns; f++) {
      const at = w * x.columns + f;
      means.data[at] =
        (means.data[at] as number) + (x.data[r * x.columns + f] as number) / (counts[w] as number);
    }
  });
  return means;
}
