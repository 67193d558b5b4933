import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readRunEvents } from '@feedprint/pipeline';
import { createSaeLensFormat, saeFingerprint } from '@feedprint/sae';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { SITE, commandLine, trainArgs } from './support/sae-args.ts';
import { product } from './support/sae-product.ts';
import { stagesIn, stopWhen } from './support/stop-when.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const [before, tuned] = ['start', 'finer'].map((name) => join(root, name)) as [string, string];
let pair: TinyPair;

const argsFor = (out: string, changes: Flags = {}): string[] =>
  commandLine('sae finetune', {
    ...{ sae: before, model: pair.base, texts: pair.texts, out },
    ...{ tokens: 20_000, batch: 200, lr: 0.01, threads: 1 },
    ...changes,
  });

async function finetune(out: string, changes: Flags = {}): Promise<string> {
  const { code, err, out: said } = await runCli(argsFor(out, changes));
  if (code !== 0) throw new Error(err);
  return said;
}

interface Metrics {
  readonly from: string;
  readonly settings: object;
  readonly metrics: { readonly l0: number };
  readonly inModel: { readonly kl: { readonly reconstructed: number } };
  readonly curve: readonly { readonly step: number; readonly divergence: number }[];
}

const metricsOf = (out: string): Metrics =>
  JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8')) as Metrics;

beforeAll(async () => {
  pair = writeTinyPair(root);
  const { code, err } = await runCli(trainArgs(pair, before, { kind: 'batchtopk', k: 2 }));
  if (code !== 0) throw new Error(err);
  await finetune(tuned);
}, PATIENCE);

describe('feedprint sae finetune', () => {
  test('brings the predictions nearer to those of the model, on texts that it never sees', () => {
    const [first, after] = [metricsOf(before), metricsOf(tuned)];
    expect(after.inModel.kl.reconstructed).toBeLessThan(0.9 * first.inModel.kl.reconstructed);
    expect(after.curve).toHaveLength(20);
    expect(after.curve.at(-1)?.step).toBe(100);
    expect(after.curve.at(-1)?.divergence).toBeLessThan(after.curve[0]?.divergence ?? 0);
  });

  test('leaves a SAELens folder that says what it began with and how, and the run beside it', async () => {
    const format = createSaeLensFormat();
    const [start, sae] = [await format.load(before), await format.load(tuned)];
    expect([sae.kind, sae.site, sae.dSae]).toEqual(['batchtopk', SITE, 32]);
    const { from, settings } = metricsOf(tuned);
    expect(from).toBe(saeFingerprint(start));
    expect(settings).toMatchObject({ divergenceWeight: 2, learningRate: 0.01, tokens: 20_000 });
    const { events } = await readRunEvents(join(tuned, 'run'));
    expect(events[0]?.event).toMatchObject({ stages: ['finetune', 'evaluate'] });
    expect(readdirSync(join(tuned, 'run')).sort()).toEqual(['events.jsonl', 'run.json', 'stages']);
  });

  test('prints a table, or with --json the same figures as one line', async () => {
    const { out, err } = await runCli(argsFor(tuned));
    expect(err).toMatch(/finetune already done\n.*evaluate already done\n/);
    expect(out).toMatch(/blocks\.1\.hook_mlp_out +32 .*\n\nSAEs: .*finer\n$/);
    const { saes } = JSON.parse(await finetune(tuned, { json: true })) as { saes: object[] };
    expect(saes).toEqual([expect.objectContaining({ l0: metricsOf(tuned).metrics.l0 })]);
  });

  test('sets the threshold for a number of active features', async () => {
    const out = join(root, 'sparser');
    await finetune(out, { set: 'targetL0=1.5' });
    expect(Math.abs(metricsOf(out).metrics.l0 - 1.5)).toBeLessThan(0.2);
  });

  test(
    'killed twice ends with the same bytes',
    async () => {
      const out = join(root, 'killed');
      const args = argsFor(out, { 'checkpoint-tokens': 1000 });
      const checkpoint = join(out, 'run', 'checkpoints', 'checkpoint.safetensors');
      const moments = [
        () => existsSync(checkpoint),
        () => stagesIn(out).some((name) => name.startsWith('.tmp-evaluate')),
      ];
      for (const moment of moments) expect((await stopWhen(args, moment)).code).toBeNull();
      const ended = await runProgram(args);
      expect(ended.code).toBe(0);
      expect(product(out)).toEqual(product(tuned));
      expect(existsSync(checkpoint)).toBe(false);
    },
    PATIENCE,
  );

  test('refuses another command line in the same folder', async () => {
    const { code, err } = await runCli(argsFor(tuned, { seed: 1 }));
    expect(code).toBe(1);
    expect(err).toMatch(
      /contains a run with other settings \(settings\.finetune\.seed 0, now 1\); run/,
    );
  });

  test.each<[string, () => Flags, number, RegExp]>([
    ['an SAE that is not there', () => ({ sae: 'nowhere' }), 1, /nowhere/],
    ['a setting that there is not', () => ({ set: 'k=3' }), 2, /no setting k; use one of diverg/],
    ['a setting with a flag', () => ({ set: 'tokens=3' }), 2, /cannot give tokens; use --tokens/],
    ['a weight below 0', () => ({ set: 'divergenceWeight=-1' }), 2, /cannot be -1: .*; give/],
    ['no active features', () => ({ set: 'targetL0=0' }), 2, /targetL0 cannot be 0/],
  ])('refuses %s before the folder is made', async (_, changes, status, says) => {
    const out = join(root, 'refused');
    const { code, err } = await runCli(argsFor(out, changes()));
    expect([code, err.trim().split('\n').length]).toEqual([status, 1]);
    expect(err).toMatch(says);
    expect(existsSync(out)).toBe(false);
  });
});
