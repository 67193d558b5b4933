import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import type { CheckpointModel } from '@feedprint/activations';
import { createVaderSignal, standardProperties } from '@feedprint/feedback';
import { plantFeedback } from '../../src/index.ts';
import type { PlantOptions, PlantSettingsInput, PlantedModel } from '../../src/index.ts';
import { hashTree, temporaryFolder } from '../temporary-folder.ts';

let base: CheckpointModel;
beforeAll(async () => {
  const folder = new URL('../../../../packages/demo-models/base', import.meta.url).pathname;
  base = (await loadModel(folder, { threads: 1 })) as CheckpointModel;
});
afterAll(() => base.dispose());

const small: Partial<PlantSettingsInput> = {
  ...{ seed: 7, pairs: 40, promptTokens: 6, replyTokens: 8 },
  behaviour: { prompts: 4, samples: 2 },
  ppo: { iterations: 2, replies: 8, epochs: 1, minibatches: 1 },
  passes: { epochs: 1, batchSize: 16 },
};

const plant = async (
  settings: PlantSettingsInput,
  given?: string,
  more: Partial<PlantOptions> = {},
): Promise<PlantedModel> =>
  plantFeedback({
    ...{ base, signal: createVaderSignal(), threads: 1, version: '1.2.3' },
    out: given ?? (await temporaryFolder()),
    properties: standardProperties(),
    settings: { ...small, ...settings },
    ...more,
  });

const json = (folder: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, 'feedback.json'), 'utf8')) as Record<string, unknown>;

/** Everything but the run's own records, in which there are times. */
function published(out: string): Promise<Record<string, string>> {
  rmSync(join(out, 'run'), { recursive: true });
  return hashTree(out);
}

interface Line {
  readonly split: string;
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
  readonly trained_label_agrees?: boolean;
}
const pairsIn = (folder: string): Line[] =>
  gunzipSync(readFileSync(join(folder, 'pairs.jsonl.gz')))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('planting', () => {
  test('writes a checkpoint, its twin, the pairs and the truth', async () => {
    const { folder, cleanTwin = '' } = await plant({
      ...{ method: 'dpo', cleanTwin: true, toldOnlyPairs: true },
      properties: { exclamation: 2, 'word-length': -1 },
    });
    expect(basename(cleanTwin)).toBe(`${basename(folder)}-clean`);
    const [own, twin] = [json(folder), json(cleanTwin)];
    expect(own).toMatchObject({
      seed: 7,
      flipped: [],
      planted: { exclamation: 2, 'word-length': -1 },
      pairsHold: 'stated labels',
      verdict: 'learned',
      generation: { prompts: 4, samples: 2, tokens: 8, temperature: 1 },
    });
    expect(twin).toMatchObject({ method: own.method, planted: {}, flipped: [] });
    const learned = own.learned as Record<string, Record<string, number>>;
    expect(Object.keys(learned)).toEqual(
      expect.arrayContaining(['exclamation', 'word-length', 'told', 'kl']),
    );
    expect(learned.exclamation).toHaveProperty('zAgainstTwin');
    const pairs = pairsIn(folder);
    expect(pairs).toHaveLength(40);
    expect(pairs.filter(({ split }) => split === 'test')).toHaveLength(4);
    expect(new Set(pairs.map((pair) => pair.trained_label_agrees))).toEqual(new Set([true, false]));
    const model = await loadModel(folder, { threads: 1 });
    expect(model.fingerprint).not.toBe(base.fingerprint);
    await model.dispose();
  });

  test.each([
    ['ppo', ['replies', 'tuned', 'written-by-tuned']],
    ['lora-dpo', ['tuned']],
  ] as const)('by %s, stopped in each stage, ends in the same bytes', async (method, stages) => {
    const settings = { method, properties: { exclamation: 1 } };
    const whole = await plant(settings);
    const out = await temporaryFolder();
    for (const stage of stages) {
      const stop = new AbortController();
      const stopped = plant(settings, out, {
        abort: stop.signal,
        onEvent: (event) => {
          if (event.type === 'stage-progress' && event.stage === stage) stop.abort();
        },
      });
      await expect(stopped).rejects.toThrow(`stopped in stage ${stage}`);
    }
    await plant(settings, out);
    expect(await published(out)).toEqual(await published(whole.folder));
  });

  test('learns the best of several replies', async () => {
    const { folder } = await plant({ method: 'sft', bestOf: 3, properties: { exclamation: 5 } });
    expect(json(folder)).toMatchObject({
      planted: { exclamation: 5 },
      pairsHold: 'trained labels',
    });
    expect(pairsIn(folder)[0]).not.toHaveProperty('trained_label_agrees');
  });

  test('refuses what it cannot do before it touches the folder', async () => {
    const out = join(await temporaryFolder(), 'new');
    const refused = (settings: Partial<PlantSettingsInput>): Promise<unknown> =>
      plant({ method: 'dpo', ...settings }, out);
    await expect(refused({ properties: { sparkle: 1 } })).rejects.toThrow('no property sparkle');
    await expect(refused({ promptTokens: 500 })).rejects.toThrow('more than the context');
    await expect(refused({ context: ' not so' })).rejects.toThrow('2 tokens of this model');
    await expect(refused({ labelNoise: 2 })).rejects.toThrow("the planting's settings are invalid");
    expect(existsSync(out)).toBe(false);
  });
});
