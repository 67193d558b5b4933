import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { createRandom, matrix } from '@feedprint/core';
import type { LanguageModel, TokenRows } from '@feedprint/core';
import { createFeedprintFormat, createOnnxTrainer } from '@feedprint/sae';
import type { OnnxTrainerOptions } from '@feedprint/sae';
import type { TrainSaesOptions } from '../../../src/index.ts';
import { createFakeModel, pushed, words } from '../../audit/support/fake-model.ts';

export const SITE = 'blocks.0.hook_mlp_out';

const root = mkdtempSync(join(tmpdir(), 'feedprint-recipes-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** A path at which nothing is yet. */
export const freshPath = (): string => join(root, `fresh-${count++}`);

/** Texts of 11 random words, each behind the special token. */
export function wordRows(texts: number, seed = 1): TokenRows {
  const random = createRandom(seed);
  return Array.from({ length: texts }, () =>
    Int32Array.from({ length: 12 }, (_, i) => (i === 0 ? 0 : 1 + random.integer(words.length))),
  );
}

export const model = createFakeModel('tuned', pushed);
export const base = createFakeModel('base', {});

/** A model that can be differentiated: the gradient of any output about unit i is 1 / (i + 1). */
export const differentiable: LanguageModel = {
  ...model,
  gradients: (rows, { sites }) => {
    const total = rows.reduce((sum, { length }) => sum + length, 0);
    const values = Float32Array.from({ length: 4 * total }, (_, at) => 1 / ((at % 4) + 1));
    return Promise.resolve(new Map(sites.map((site) => [site, matrix(total, 4, values)])));
  },
};

export const trainer = (options: OnnxTrainerOptions = {}) =>
  createOnnxTrainer({ kind: 'topk', k: 2, tokens: 1600, batchRows: 32, threads: 1, ...options });

export const format = createFeedprintFormat({ threads: 1 });

/** A training that takes a moment, into a new folder. */
export const training = (changes: Partial<TrainSaesOptions> = {}): TrainSaesOptions => ({
  model,
  texts: { rows: wordRows(40), name: 'words.txt' },
  sites: [SITE],
  widths: [6],
  trainer: trainer(),
  format,
  out: freshPath(),
  version: '1.2.3',
  ...changes,
});
