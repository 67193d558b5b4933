import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { trainSaes } from '../../src/index.ts';
import { readEvaluatedSaes, writeEvaluatedSaes } from '../../src/sae/evaluate/evaluated-saes.ts';
import { readTrainedSaes } from '../../src/sae/trained-saes.ts';
import { format, freshPath, training } from './support/fakes.ts';

function folderWith(name: string, value: unknown): string {
  const folder = freshPath();
  mkdirSync(folder);
  writeFileSync(join(folder, name), JSON.stringify(value));
  return folder;
}

describe('what a stage left is parsed', () => {
  test('the measures of SAEs', async () => {
    const [sae] = await trainSaes(training());
    const { metrics, inModel, owners } = sae as NonNullable<typeof sae>;
    const folder = folderWith('nothing', null);
    const measured = { sae: { metrics, inModel, owners } };
    await writeEvaluatedSaes(folder, measured, { sae: Float32Array.of(0.25, 0, 1) });
    const evaluated = await readEvaluatedSaes(folder);
    expect(evaluated.measured).toEqual(measured);
    expect(evaluated.density('sae')).toEqual(Float32Array.of(0.25, 0, 1));
    const text = readFileSync(join(folder, 'metrics.json'), 'utf8');
    writeFileSync(join(folder, 'metrics.json'), text.replace('"l0":', '"l0s":'));
    await expect(readEvaluatedSaes(folder)).rejects.toMatchObject({
      code: 'run-invalid',
      message: expect.stringMatching(/metrics\.json does not fit its format at sae\.metrics/),
    });
  });

  test('curves', async () => {
    const folder = folderWith('curves.json', { sae: [{ step: 1, mse: 'low' }] });
    await expect(readTrainedSaes(folder, format)).rejects.toThrow(
      /curves\.json does not fit its format at sae\.0\.mse/,
    );
  });
});
