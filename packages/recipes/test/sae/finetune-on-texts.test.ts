import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readRunEvents } from '@feedprint/pipeline';
import { createSae, saeFingerprint } from '@feedprint/sae';
import { matrix } from '@feedprint/core';
import { finetuneSaeOnTexts } from '../../src/index.ts';
import type { FinetuneSaeOnTextsOptions } from '../../src/index.ts';
import { SITE, differentiable, format, freshPath, model, wordRows } from './support/fakes.ts';

const identity = (scale: number) =>
  matrix(
    4,
    4,
    Float32Array.from({ length: 16 }, (_, at) => (at % 5 === 0 ? scale : 0)),
  );

const sae = createSae({
  site: SITE,
  architecture: { kind: 'relu' },
  weights: {
    wEnc: identity(0.9),
    bEnc: new Float32Array(4),
    wDec: identity(1),
    bDec: new Float32Array(4),
  },
});

const tuning = (changes: Partial<FinetuneSaeOnTextsOptions> = {}): FinetuneSaeOnTextsOptions => ({
  sae,
  model: differentiable,
  texts: { rows: wordRows(40), name: 'words.txt' },
  format,
  settings: { tokens: 640, batchRows: 32 },
  threads: 1,
  out: freshPath(),
  version: '1.2.3',
  ...changes,
});

const bytes = (folder: string): Buffer => readFileSync(join(folder, 'sae_weights.safetensors'));

describe('finetuneSaeOnTexts', () => {
  test('leaves an SAE that says what it began with, tried on texts that it never saw', async () => {
    const options = tuning();
    const [tuned] = await finetuneSaeOnTexts(options);
    expect(tuned).toMatchObject({ name: 'sae', kind: 'relu', site: SITE, dIn: 4, dSae: 4 });
    const metrics = JSON.parse(readFileSync(join(options.out, 'metrics.json'), 'utf8')) as object;
    expect(metrics).toMatchObject({
      from: saeFingerprint(sae),
      settings: { tokens: 640, divergenceWeight: 2 },
      trained: { texts: 36, file: 'words.txt' },
      heldOut: { texts: 4, rows: 44 },
      metrics: tuned?.metrics,
    });
    const { events } = await readRunEvents(join(options.out, 'run'));
    expect(events[0]?.event).toMatchObject({ stages: ['finetune', 'evaluate'] });
    expect(events.some(({ event }) => event.type === 'metric' && event.name === 'divergence')).toBe(
      true,
    );
  });

  test('stopped, keeps its state and continues to the same bytes', async () => {
    const whole = tuning();
    await finetuneSaeOnTexts(whole);
    const options = tuning();
    const stop = new AbortController();
    const stopped = finetuneSaeOnTexts({
      ...options,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'metric' && event.step >= 7) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow('stopped in stage finetune; run the same command again');
    await finetuneSaeOnTexts(options);
    expect(bytes(options.out)).toEqual(bytes(whole.out));
    const curves = [options, whole].map(({ out }) =>
      readFileSync(join(out, 'metrics.json'), 'utf8'),
    );
    expect(curves[0]).toBe(curves[1]);
    expect(existsSync(join(options.out, 'run', 'checkpoints'))).toBe(false);
  });

  test.each<[string, Partial<FinetuneSaeOnTextsOptions>, string, RegExp]>([
    ['settings out of range', { settings: { tokens: 0 } }, 'config-invalid', /tokens/],
    ['a model without gradients', { model }, 'usage', /cannot be differentiated/],
    [
      'a site that the model has not',
      { model: { ...differentiable, sites: [] } },
      'usage',
      /no site blocks\.0/,
    ],
    ['one text', { texts: { rows: wordRows(1), name: 'a.txt' } }, 'texts-invalid', /only one text/],
  ])('refuses %s before the folder is made', async (_, changes, code, says) => {
    const options = tuning(changes);
    const refused = finetuneSaeOnTexts(options);
    await expect(refused).rejects.toMatchObject({ code });
    await expect(refused).rejects.toThrow(says);
    expect(existsSync(options.out)).toBe(false);
  });
});
