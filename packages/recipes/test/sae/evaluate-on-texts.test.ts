import { describe, expect, test } from '@jest/globals';
import type { FeedprintErrorCode, RunEventInput } from '@feedprint/core';
import { evaluateSaeOnTexts, trainSaes } from '../../src/index.ts';
import type { SaeOnTextsOptions } from '../../src/index.ts';
import { createFakeModel } from '../audit/support/fake-model.ts';
import { createAxisSae } from '../audit/support/fake-sae.ts';
import { SITE, base, format, model, training, wordRows } from './support/fakes.ts';

const texts = wordRows(40);
const evaluate = (changes: Partial<SaeOnTextsOptions> = {}) =>
  evaluateSaeOnTexts({ sae: createAxisSae(SITE, 4, 6), model, texts, ...changes });

describe('evaluateSaeOnTexts', () => {
  test('measures on the rows and inside the model, and tells how far it is', async () => {
    const seen: RunEventInput[] = [];
    const found = await evaluate({ onEvent: (event) => seen.push(event) });
    expect(found).toMatchObject({ kind: 'axes', site: SITE, dIn: 4, dSae: 6, texts: 40 });
    // The axes reconstruct everything: two of four units are active at each token, and the model loses nothing.
    expect(found).toMatchObject({ rows: 440, l0: 2, fvu: 0, explainedVariance: 1 });
    expect(found.inModel?.crossEntropy.reconstructed).toBe(found.inModel?.crossEntropy.clean);
    expect(seen[0]).toMatchObject({ type: 'run-started', stages: ['reconstruct', 'predict'] });
    expect(seen).toContainEqual({
      type: 'stage-progress',
      stage: 'reconstruct',
      done: 440,
      total: 440,
      unit: 'tokens',
    });
    expect(seen.at(-1)).toMatchObject({ type: 'stage-finished', stage: 'predict' });
  });

  test('draws as many texts as the tokens need, others for another seed', async () => {
    const found = await evaluate({ tokens: 50 });
    expect([found.texts, found.rows]).toEqual([5, 55]);
    const counts = await Promise.all(
      [0, 0, 1, 2].map(async (seed) => [...(await evaluate({ tokens: 50, seed })).density]),
    );
    expect(counts[0]).toEqual(counts[1]);
    expect(new Set(counts.map(String)).size).toBeGreaterThan(1);
  });

  test('agrees with what training said of the texts that it held out', async () => {
    const [sae] = await trainSaes(training());
    const trained = await format.load(sae?.folder ?? '');
    const found = await evaluate({ sae: trained, texts: texts.slice(-4) });
    expect(found).toMatchObject({ ...sae?.metrics });
    expect(found.inModel).toEqual(sae?.inModel);
    await trained.dispose();
  });

  test('does not put the rows of two models into one', async () => {
    const found = await evaluate({ base });
    expect(found.inModel).toBeNull();
  });

  test.each<[string, Partial<SaeOnTextsOptions>, FeedprintErrorCode, RegExp]>([
    [
      'an SAE of another site',
      { sae: createAxisSae('blocks.3.hook_mlp_out', 4, 6) },
      'usage',
      /no site blocks\.3/,
    ],
    [
      'an SAE of other units',
      { sae: createAxisSae(SITE, 5, 6) },
      'shape-mismatch',
      /reads 5 units, but .* has 4/,
    ],
    [
      'a crosscoder of one model',
      { sae: { ...createAxisSae(SITE, 8, 6), kind: 'crosscoder' } },
      'usage',
      /needs two models/,
    ],
    [
      'models that are no pair',
      { base: createFakeModel('base', {}, { tokenizer: { fingerprint: 'other' } }) },
      'models-mismatched',
      /have different tokenizers/,
    ],
  ])('refuses %s', async (_, changes, code, says) => {
    const refused = evaluate(changes);
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.toThrow(says);
  });
});
