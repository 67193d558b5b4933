import { concatColumns, hash32, matrix } from '@feedprint/core';
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

/** Columns into which the words around a scored word are hashed. */
const BAG = 256;
/** Tokens to each side that count as being around a word. */
const WINDOW = 8;

/** `[words, ...]` each; features and activations of the sites are side by side, in the audit's order. */
export interface WordFeatures {
  readonly features: { readonly tuned: Matrix; readonly base: Matrix; readonly random: Matrix };
  readonly activations: { readonly tuned: Matrix; readonly base: Matrix };
  readonly text: { readonly bag: Matrix; readonly length: Matrix };
}

const FILE = 'features.safetensors';
const keys = ['tuned', 'base', 'random', 'activations.tuned', 'activations.base'] as const;

/**
 * Means over the occurrences of each scored word: SAE features of the tuned and the base model and of randomised SAEs,
 * unencoded activations, and what can be read from the texts alone.
 */
export const wordFeatures = defineStage({
  name: 'features',
  needs: { capture, saes: smallSaes },
  config: ({ settings, parts }: AuditContext) => ({
    bag: BAG,
    window: WINDOW,
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
    writeMatrices(folder, FILE, {
      ...Object.fromEntries(keys.map((key) => [key, concatColumns(blocks[key])])),
      bag: bagOfWords(context),
      length: lengths(context),
    });
  },
  read: (folder): WordFeatures => {
    const read = readMatrices(folder, FILE, [...keys, 'bag', 'length']);
    return {
      features: { tuned: read.tuned, base: read.base, random: read.random },
      activations: { tuned: read['activations.tuned'], base: read['activations.base'] },
      text: { bag: read.bag, length: read.length },
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

/** Shares of the hashed unscored tokens around each word, `[words, BAG]`. */
function bagOfWords({ rows, words }: AuditContext): Matrix {
  const index = new Map(words.map(({ id }, i) => [id, i]));
  const sums = matrix(words.length, BAG);
  const counts = new Float64Array(words.length);
  for (const row of rows) {
    row.forEach((token, position) => {
      const w = index.get(token);
      if (w === undefined) return;
      counts[w] = (counts[w] as number) + 1;
      const end = Math.min(row.length - 1, position + WINDOW);
      for (let i = Math.max(0, position - WINDOW); i <= end; i++) {
        const other = row[i] as number;
        if (index.has(other)) continue;
        const at = w * BAG + (hash32(`${other}`) % BAG);
        sums.data[at] = (sums.data[at] as number) + 1;
      }
    });
  }
  sums.data.forEach((sum, i) => (sums.data[i] = sum / (counts[Math.floor(i / BAG)] as number)));
  return sums;
}

/** Each word's length in characters, mean length of its texts in tokens and log of its count, `[words, 3]`. */
function lengths({ rows, words }: AuditContext): Matrix {
  const index = new Map(words.map(({ id }, i) => [id, i]));
  const [counts, tokens] = [new Float64Array(words.length), new Float64Array(words.length)];
  for (const row of rows) {
    for (const token of row) {
      const w = index.get(token);
      if (w === undefined) continue;
      counts[w] = (counts[w] as number) + 1;
      tokens[w] = (tokens[w] as number) + row.length;
    }
  }
  const result = matrix(words.length, 3);
  words.forEach(({ word }, w) => {
    const count = counts[w] as number;
    result.data.set([word.length, (tokens[w] as number) / count, Math.log(count)], 3 * w);
  });
  return result;
}
