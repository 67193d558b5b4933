import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RunEventInput } from '@feedprint/core';
import { readRunEvents } from '@feedprint/pipeline';
import { saeFingerprint } from '@feedprint/sae';
import { trainSaes } from '../../src/index.ts';
import type { TrainSaesOptions } from '../../src/index.ts';
import { SITE, base, differentiable, format, model, trainer, training } from './support/fakes.ts';

const weights = (folder: string): Buffer => readFileSync(join(folder, 'sae_weights.safetensors'));

interface Described {
  readonly dIn: number;
  readonly dSae: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly from?: string;
  readonly inModel: object | null;
  readonly owners: object | null;
  readonly curve: object[];
}

const described = (folder: string): Described =>
  JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8')) as Described;

/** Trains, and gives the folder and the stages that the run began with. */
async function train(
  changes: Partial<TrainSaesOptions> = {},
): Promise<{ out: string; stages: readonly string[] }> {
  const options = training(changes);
  await trainSaes(options);
  const { events } = await readRunEvents(join(options.out, 'run'));
  const [first] = events.map(({ event }) => event);
  return { out: options.out, stages: first?.type === 'run-started' ? first.stages : [] };
}

describe('trainSaes', () => {
  test('leaves an SAE with what was measured, and the run beside it', async () => {
    const options = training();
    const [sae] = await trainSaes(options);
    expect(sae).toMatchObject({ name: 'sae', folder: options.out, site: SITE, dIn: 4, dSae: 6 });
    expect(sae?.metrics.explainedVariance).toBeGreaterThan(0.5);
    expect(readdirSync(options.out).sort()).toEqual([
      'cfg.json',
      'metrics.json',
      'run',
      'sae_weights.safetensors',
      'sparsity.safetensors',
    ]);
    expect(readdirSync(join(options.out, 'run')).sort()).toEqual([
      'events.jsonl',
      'run.json',
      'stages',
    ]);
    expect(described(options.out)).toMatchObject({
      trained: { texts: 36, file: 'words.txt' },
      heldOut: { texts: 4, rows: 44 },
      metrics: sae?.metrics,
      inModel: { tokens: 44 },
    });
  });

  test('does every stage once', async () => {
    const options = training();
    const first = await trainSaes(options);
    const seen: RunEventInput[] = [];
    const again = await trainSaes({ ...options, onEvent: (event) => seen.push(event) });
    expect(again).toEqual(first);
    expect(seen.flatMap((e) => (e.type === 'stage-finished' ? [[e.stage, e.reused]] : []))).toEqual(
      [
        ['capture', true],
        ['train', true],
        ['evaluate', true],
      ],
    );
  });

  test('keeps no rows where they are streamed, and learns the same from them', async () => {
    const [kept, streamed] = [await train(), await train({ stream: true })];
    expect([kept.stages, streamed.stages]).toEqual([
      ['capture', 'train', 'evaluate'],
      ['train', 'evaluate'],
    ]);
    expect(weights(streamed.out)).toEqual(weights(kept.out));
  });

  test('measures what errors count by in a stage of its own', async () => {
    const { out, stages } = await train({ model: differentiable, error: 'output' });
    expect(stages).toEqual(['capture', 'metric', 'train', 'evaluate']);
    expect(described(out)).toMatchObject({ error: 'output' });
    expect(weights(out)).not.toEqual(weights((await train()).out));
  });

  test('makes one SAE for each combination, the same as alone', async () => {
    const { out } = await train({ sparsity: [1, 2], widths: [6, 8] });
    const names = ['k=1,width=6', 'k=1,width=8', 'k=2,width=6', 'k=2,width=8'];
    expect(readdirSync(out).sort()).toEqual([...names, 'run']);
    expect(weights(join(out, 'k=2,width=6'))).toEqual(weights((await train()).out));
    expect(Object.keys(described(join(out, 'k=1,width=8')).curve[0] ?? {})).toEqual(
      expect.arrayContaining(['step', 'mse', 'explainedVariance', 'l0', 'dead']),
    );
  });

  test("takes the trainer's sparsity and 8 times the units where nobody says", async () => {
    const { out } = await train({ widths: undefined, trainer: trainer({ k: 3 }) });
    expect(described(out)).toMatchObject({ dSae: 32, settings: { k: 3 } });
  });

  test('reads a pair of models as the kind of SAE does', async () => {
    const crosscoder = trainer({ kind: 'crosscoder' });
    const pair = described((await train({ base, trainer: crosscoder })).out);
    expect(pair).toMatchObject({ dIn: 8, inModel: null, owners: { other: expect.any(Number) } });
    const moved = { ...model, run: shifted(model.run) };
    const difference = described((await train({ base, model: moved })).out);
    expect(difference).toMatchObject({ dIn: 4, inModel: null, owners: null });
  });

  test('begins with another SAE, with as many features', async () => {
    const first = await train();
    const from = await format.load(first.out);
    const { out } = await train({ from, widths: undefined });
    expect(described(out)).toMatchObject({ dSae: 6, from: saeFingerprint(from) });
    await from.dispose();
  });

  test('stopped, keeps its state and continues to the same bytes without a gap in the curve', async () => {
    const whole = await train();
    const options = training();
    const stop = new AbortController();
    const stopped = trainSaes({
      ...options,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'metric' && event.step >= 20) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({
      code: 'cancelled',
      message: expect.stringContaining('stopped in stage train; run the same command again'),
    });
    expect(existsSync(join(options.out, 'run', 'checkpoints'))).toBe(true);
    const seen: RunEventInput[] = [];
    await trainSaes({ ...options, onEvent: (event) => seen.push(event) });
    const steps = seen.flatMap((e) =>
      e.type === 'stage-progress' && e.stage === 'train' ? [e] : [],
    );
    expect(steps[0]?.done).toBeGreaterThan(20 * 32);
    expect(weights(options.out)).toEqual(weights(whole.out));
    expect(described(options.out)).toEqual(described(whole.out));
    expect(existsSync(join(options.out, 'run', 'checkpoints'))).toBe(false);
  });
});

/** Adds something to every other activation. */
const shifted =
  (run: typeof model.run): typeof model.run =>
  async (rows, request) => {
    const result = await run(rows, request);
    for (const { data } of result.activations.values()) {
      for (let at = 0; at < data.length; at += 2) data[at] = (data[at] as number) + 1 + (at % 3);
    }
    return result;
  };
