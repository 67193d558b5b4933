import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { FeedprintErrorCode } from '@feedprint/core';
import { trainSaes } from '../../src/index.ts';
import type { TrainSaesOptions } from '../../src/index.ts';
import { createFakeModel } from '../audit/support/fake-model.ts';
import {
  base,
  differentiable,
  format,
  freshPath,
  model,
  trainer,
  training,
  wordRows,
} from './support/fakes.ts';

describe('trainSaes refuses', () => {
  const one = { rows: wordRows(1), name: 'words.txt' };
  const refusals: [string, Partial<TrainSaesOptions>, FeedprintErrorCode, RegExp][] = [
    [
      'a site that the model has not',
      { sites: ['mlp'] },
      'usage',
      /no site mlp; use one of blocks/,
    ],
    ['no site', { sites: [] }, 'usage', /there is no SAE to train/],
    ['no value of the sparsity', { sparsity: [] }, 'usage', /pass sites, widths and k/],
    ['more active features than there are', { sparsity: [2, 7] }, 'usage', /k = 7 .* than the 6/],
    [
      'a crosscoder of one model',
      { trainer: trainer({ kind: 'crosscoder' }) },
      'usage',
      /a crosscoder needs two models/,
    ],
    ['the same model twice', { base: model }, 'models-mismatched', /tuned and tuned are the same/],
    [
      'models of other contexts',
      { base: createFakeModel('base', {}, { info: { contextLength: 8 } }) },
      'models-mismatched',
      /differ in contextLength \(8 and 12\)/,
    ],
    [
      'errors by the output for a tied SAE',
      { model: differentiable, error: 'output', trainer: trainer({ kind: 'tied' }) },
      'usage',
      /cannot be weighted by their effect on the output for kind tied/,
    ],
    [
      'errors by the output for a difference',
      { model: differentiable, base, error: 'output' },
      'usage',
      /not for differences/,
    ],
    [
      'errors by the output of a model without gradients',
      { error: 'output' },
      'usage',
      /needs the next-token predictions .* tuned gives none/,
    ],
    ['one text', { texts: one }, 'texts-invalid', /only one text/],
    [
      'a trainer that does not say what it trains',
      { trainer: { ...trainer(), settings: { kind: 'topk' } } },
      'config-invalid',
      /settings of the trainer .*tokens/,
    ],
  ];

  test.each(refusals)('%s, before the folder is made', async (_, changes, code, says) => {
    const options = training(changes);
    const refused = trainSaes(options);
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.toThrow(says);
    expect(existsSync(options.out)).toBe(false);
  });

  test('an SAE to begin with of another width', async () => {
    const [sae] = await trainSaes(training());
    const from = await format.load(sae?.folder ?? '');
    const options = training({ from, widths: [8] });
    await expect(trainSaes(options)).rejects.toThrow(/is one of 6 features, not of 8 features/);
    expect(existsSync(options.out)).toBe(false);
    await from.dispose();
  });

  test('a folder that holds something else, and leaves it alone', async () => {
    const out = freshPath();
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.txt'), 'years of work');
    await expect(trainSaes(training({ out }))).rejects.toMatchObject({ code: 'run-invalid' });
    expect(readdirSync(out)).toEqual(['thesis.txt']);
  });

  test.each<[string, Partial<TrainSaesOptions>, RegExp]>([
    ['texts', { texts: { rows: wordRows(40, 2), name: 'words.txt' } }, /inputs\.texts "/],
    ['seed', { seed: 1 }, /settings\.seed 0, now 1/],
    ['environment', { environment: { threads: 2 } }, /settings\.threads -, now 2/],
    ['settings', { trainer: trainer({ k: 1 }) }, /settings\.trainer\.k 2, now 1/],
  ])('to continue with another %s', async (_, changes, says) => {
    const options = training();
    await trainSaes(options);
    const other = trainSaes({ ...options, ...changes });
    await expect(other).rejects.toMatchObject({ code: 'run-invalid' });
    await expect(other).rejects.toThrow(says);
  });
});
