import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSafetensors } from '@feedprint/core';
import { writeParquet } from '@feedprint/pipeline';
import type { TableRow, WriteParquetOptions } from '@feedprint/pipeline';
import { beginRun } from './write-run.ts';

/** Where the features of `writeAudit` are, and how many and how wide they are. */
export const SITE = 'blocks.0.hook_mlp_out';
const WIDTH = 4;
const FEATURES = 8;

const demo = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/demo-models/${name}`, import.meta.url));

const table = [
  [0, 0],
  [0, 0],
];

/** A feature as `report.json` has it. */
const feature = (index: number) => ({
  ...{ id: `${SITE}/${index}`, site: SITE, index, density: 0.5, matchedBase: 0.8 },
  ...{ matchedLarge: 0.9, carries: 0.1, carriesBase: null, change: null, tokens: null },
  ...{ histogram: { most: 2, counts: [3, 1] }, onFeedback: 0.2, label: 'films', related: true },
  discrepancy: {
    ...{ push: 0, expected: 0, shifted: 0, score: 0, p: 1, q: 1, flagged: false },
    ...{ words: [], texts: [] },
  },
  ...{ labelScore: 0.7, oddsRatio: null, fisherP: null, activity: table, enrichmentControl: null },
  ...{ ablationEffect: null, examples: [{ tokens: ['a', ' film'], activations: [0, 2] }] },
});

const report = {
  ...{ schema: 'feedprint-report/1', feedprint: '0', name: 'a', seconds: 1 },
  createdAt: '2026-01-01T00:00:00Z',
  models: {
    ...{ base: 'base', tuned: 'tuned', architecture: 'gpt2', layers: 1, width: WIDTH },
    ...{ parameters: 1, baseFingerprint: 'a', tunedFingerprint: 'b' },
  },
  texts: { file: 't', count: 2, tokens: 6, truncated: 0, scoredTokens: 1, unscoredWords: 0 },
  settings: { labeler: 'openai' },
  answer: { sentence: 'Nothing.', restsOn: [], notVisible: [], next: [] },
  summary: [],
  attribution: {
    ...{ shift: 0, explained: 0, explainedBase: 0, features: 1, positions: 1, change: null },
    ...{ words: {}, contradicting: { words: 0, tested: 0, flagged: 0 } },
  },
  features: [feature(1)],
};

const window = { tokens: ['the', ' film'], activations: [0, 2] };

/** What the labeler was shown of a feature. */
export const evidence = (id = `${SITE}/1`, shown = window) => ({
  ...{ id, top: [shown], heldOutActive: [shown], heldOutSilent: [shown], maxActivation: 2 },
});

/** Writes a table of a run. */
export const writeTable = (
  folder: string,
  name: string,
  columns: WriteParquetOptions['columns'],
  rows: readonly TableRow[],
): Promise<void> =>
  writeParquet({ file: join(folder, 'tables', `${name}.parquet`), columns, rows });

/** Writes an SAE whose feature f writes in the direction of f, as SAELens keeps it. */
export async function writeSae(folder: string, stage: string): Promise<string> {
  const path = join(folder, 'stages', `${stage}-0a1b`);
  await mkdir(path, { recursive: true });
  const cfg = {
    ...{ architecture: 'topk', k: 2, rescale_acts_by_decoder_norm: false, d_in: WIDTH },
    ...{ d_sae: FEATURES, apply_b_dec_to_input: true, dtype: 'float32', device: 'cpu' },
    ...{ normalize_activations: 'none', reshape_activations: 'none' },
    metadata: { hook_name: SITE, feedprint_kind: 'topk', sae_lens_version: '6.0.0' },
  };
  await writeFile(join(path, 'cfg.json'), JSON.stringify(cfg));
  const weights = Float32Array.from({ length: WIDTH * FEATURES }, (_, i) => Math.sin(1 + i));
  const tensor = (shape: readonly number[], data: Float32Array) => ({ shape, data });
  writeSafetensors(join(path, 'sae_weights.safetensors'), {
    W_enc: tensor([WIDTH, FEATURES], weights),
    W_dec: tensor([FEATURES, WIDTH], weights),
    b_dec: tensor([WIDTH], new Float32Array(WIDTH)),
    b_enc: tensor([FEATURES], new Float32Array(FEATURES)),
  });
  return path;
}

const sae = { model: 'VARCHAR', site: 'VARCHAR', dSae: 'INTEGER' } as const;
const placed = { model: 'tuned', site: SITE, dSae: FEATURES };

/** Tokens of texts as an audit captures them; the first of each text has no probability. */
export const tokenColumns: WriteParquetOptions['columns'] = {
  ...{ text: 'INTEGER', position: 'INTEGER', token: 'INTEGER' },
  ...{ base: 'DOUBLE', tuned: 'DOUBLE' },
};
export const tokenRows = [0, 1].flatMap((text) =>
  [10, 11, 12].map((token, position) => {
    const base = position === 0 ? null : -1;
    return { text, position, token, base, tuned: base };
  }),
);

/**
 * An audit with texts, words, two features, of which the report knows the second, their dictionaries, and evidence of its label. Gives its
 * folder.
 */
export async function writeAudit(root: string, id: string): Promise<string> {
  const run = await beginRun(root, id);
  await run.publish('report.json', JSON.stringify(report));
  await run.publish('run.json', JSON.stringify({ format: 'feedprint-run/1', inputs: {} }));
  const models = { base: demo('base'), tuned: demo('base') };
  await run.publish('models.json', JSON.stringify(models));
  await run.close();
  const folder = join(root, id);
  const indexes = Array.from({ length: FEATURES }, (_, index) => index);
  await writeTable(folder, 'saes', sae, [placed]);
  await writeTable(
    folder,
    'sae_features',
    { ...sae, feature: 'INTEGER', density: 'DOUBLE' },
    indexes.map((index) => ({ ...placed, feature: index, density: 0.5 })),
  );
  const matches = { site: 'VARCHAR', feature: 'INTEGER', large: 'DOUBLE', base: 'DOUBLE' } as const;
  await writeTable(folder, 'matches', matches, []);
  await writeTable(folder, 'tokens', tokenColumns, tokenRows);
  await writeTable(folder, 'words', { token: 'INTEGER', stated: 'DOUBLE' }, [
    { token: 11, stated: 2 },
  ]);
  for (const stage of ['sae-tuned-small-L0', 'sae-tuned-large-L0', 'sae-base-small-L0']) {
    await writeSae(folder, stage);
  }
  const stage = join(folder, 'stages', 'evidence-0a1b');
  await mkdir(stage);
  const source = {
    ...{ question: 'Is it about films?', words: [], rows: '', saes: [] },
    settings: { seed: 0, randomAblations: 1 },
  };
  await writeFile(join(stage, 'source.json'), JSON.stringify(source));
  await writeFile(join(stage, 'evidence.json'), JSON.stringify([evidence()]));
  return folder;
}
