import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { openSafetensors } from '@feedprint/core';
import type { Matrix } from '@feedprint/core';
import { readRunEvents } from '@feedprint/pipeline';
import { createSaeLensFormat } from '@feedprint/sae';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { trainArgs } from './support/sae-args.ts';
import { product } from './support/sae-product.ts';
import { stagesIn, stopWhen } from './support/stop-when.ts';
import { hashesIn, temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

/** What the first block says is read by the second one's attention before it is output. */
const SITE = 'blocks.0.hook_mlp_out';
const root = temporaryFolder();
const [plain, output] = ['plain', 'output'].map((name) => join(root, name)) as [string, string];
let pair: TinyPair;

const argsFor = (out: string, changes: Flags = {}): string[] =>
  trainArgs(pair, out, {
    kind: 'batchtopk',
    k: 2,
    lr: 0.01,
    tokens: 40_000,
    site: SITE,
    error: 'output',
    ...changes,
  });

async function train(out: string, changes: Flags = {}): Promise<void> {
  const { code, err } = await runCli(argsFor(out, changes));
  if (code !== 0) throw new Error(err);
}

/** All files but the event log, whose times differ. */
const outcome = (out: string): Record<string, string> =>
  hashesIn(out, (path) => path !== join('run', 'events.jsonl'));

/** The metric that a training measured, `[d, d]`, by site. */
function metricsOf(out: string): Record<string, Float32Array> {
  const stage = stagesIn(out).find((name) => name.startsWith('metric')) as string;
  const file = openSafetensors(join(out, 'run', 'stages', stage, 'metric.safetensors'));
  const metrics = Object.fromEntries(
    [...file.tensors.keys()].map((site) => [site, file.readFloats(site)]),
  );
  file.close();
  return metrics;
}

/** Mean of e M e^T over the last texts, which nothing was trained on. */
async function heldOutError(folder: string, metric: Float32Array): Promise<number> {
  const model = await loadModel(pair.base, { threads: 1 });
  const texts = readFileSync(pair.texts, 'utf8').trim().split('\n').slice(-16);
  const rows = texts.map((line) =>
    model.tokenizer.encode((JSON.parse(line) as { text: string }).text).slice(0, 32),
  );
  const { activations } = await model.run(rows, { capture: [SITE] });
  const x = activations.get(SITE) as Matrix;
  const sae = await createSaeLensFormat().load(folder);
  const y = await sae.decode(await sae.encode(x));
  let sum = 0;
  for (let r = 0; r < x.rows; r++) {
    const e = Array.from(
      { length: 16 },
      (_, i) => (x.data[r * 16 + i] as number) - (y.data[r * 16 + i] as number),
    );
    e.forEach((a, i) => e.forEach((b, j) => (sum += a * b * (metric[i * 16 + j] as number))));
  }
  await Promise.all([sae.dispose(), model.dispose()]);
  return sum / x.rows;
}

beforeAll(async () => {
  pair = writeTinyPair(root);
  await train(plain, { error: undefined });
  await train(output);
}, PATIENCE);

describe('feedprint sae train --error output', () => {
  test('leaves less of the error that moves the output, and more of the others', async () => {
    const metric = metricsOf(output)[SITE] as Float32Array;
    const identity = metric.map((_, at) => (at % 17 === 0 ? 1 : 0));
    const [moved, before] = [await heldOutError(output, metric), await heldOutError(plain, metric)];
    expect(moved).toBeLessThan(0.9 * before);
    expect(await heldOutError(output, identity)).toBeGreaterThan(
      await heldOutError(plain, identity),
    );
  });

  test('says so among the settings, in a stage of its own', async () => {
    const metrics = JSON.parse(readFileSync(join(output, 'metrics.json'), 'utf8')) as object;
    expect(metrics).toMatchObject({ error: 'output', kind: 'batchtopk' });
    const { events } = await readRunEvents(join(output, 'run'));
    expect(events[0]?.event).toMatchObject({ stages: ['capture', 'metric', 'train', 'evaluate'] });
    expect(
      events.some(({ event }) => event.type === 'stage-progress' && event.stage === 'metric'),
    ).toBe(true);
  });

  test('left out, or plain, is as if there were no such flag', async () => {
    const out = join(root, 'said plain');
    await train(out, { error: 'plain' });
    expect(outcome(out)).toEqual(outcome(plain));
    expect(stagesIn(plain).some((name) => name.includes('metric'))).toBe(false);
    expect(readFileSync(join(plain, 'metrics.json'), 'utf8')).not.toContain('"error"');
  });

  test('gives the same bytes from the model as it goes, and among other sites', async () => {
    await train(join(root, 'stream'), { stream: true });
    expect(product(join(root, 'stream'))).toEqual(product(output));
    const two = join(root, 'two');
    await train(two, { site: `${SITE},blocks.1.hook_mlp_out` });
    expect(Object.keys(metricsOf(two)).sort()).toEqual([SITE, 'blocks.1.hook_mlp_out']);
    expect(metricsOf(two)[SITE]).toEqual(metricsOf(output)[SITE]);
    const weights = 'sae_weights.safetensors';
    expect(product(join(two, SITE))[weights]).toBe(product(output)[weights]);
  });

  test(
    'killed while it measures and while it trains ends with the same bytes',
    async () => {
      const out = join(root, 'killed');
      const args = (folder: string): string[] => argsFor(folder, { 'checkpoint-tokens': 2000 });
      const checkpoint = (): boolean =>
        readdirSync(out, { recursive: true }).some((path) =>
          String(path).endsWith('checkpoint.safetensors'),
        );
      const moments = [
        () => stagesIn(out).some((name) => name.startsWith('.tmp-metric')),
        () => stagesIn(out).some((name) => name.startsWith('.tmp-train')) && checkpoint(),
      ];
      for (const moment of moments) expect((await stopWhen(args(out), moment)).code).toBeNull();
      const ended = await runProgram(args(out));
      expect(ended.code).toBe(0);
      expect(ended.err).toMatch(/capture already done\n.*metric already done\n/);
      expect(product(out)).toEqual(product(output));
    },
    PATIENCE,
  );

  test('is another training than one by plain errors', async () => {
    const { code, err } = await runCli(argsFor(plain));
    expect(code).toBe(1);
    expect(err).toMatch(
      /contains a run with other settings \(settings\.error -, now "output"\); run/,
    );
  });
});
