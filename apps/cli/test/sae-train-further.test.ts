import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createSaeLensFormat, saeFingerprint } from '@feedprint/sae';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { SITE, trainArgs } from './support/sae-args.ts';
import { product } from './support/sae-product.ts';
import { stagesIn, stopWhen } from './support/stop-when.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const [first, further] = ['first', 'further'].map((name) => join(root, name)) as [string, string];
let pair: TinyPair;

const argsFor = (out: string, changes: Flags = {}): string[] =>
  trainArgs(pair, out, { kind: 'batchtopk', k: 4, sae: first, width: undefined, ...changes });

async function train(out: string, changes: Flags = {}): Promise<void> {
  const { code, err } = await runCli(argsFor(out, changes));
  if (code !== 0) throw new Error(err);
}

interface Metrics {
  readonly from?: string;
  readonly metrics: { readonly l0: number };
  readonly curve: readonly { readonly mse: number }[];
}

const metricsOf = (out: string): Metrics =>
  JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8')) as Metrics;

beforeAll(async () => {
  pair = writeTinyPair(root);
  await train(first, { sae: undefined, width: 48 });
  await train(further);
}, PATIENCE);

describe('feedprint sae train --sae', () => {
  test('begins where the other training ended, with as many features', async () => {
    const [before, after] = [metricsOf(first), metricsOf(further)];
    expect(after.curve[0]?.mse).toBeLessThan(0.7 * (before.curve[0]?.mse ?? 0));
    const format = createSaeLensFormat();
    const [sae, longer] = [await format.load(first), await format.load(further)];
    expect([longer.kind, longer.site, longer.dSae]).toEqual(['batchtopk', SITE, 48]);
    expect([before.from, after.from]).toEqual([undefined, saeFingerprint(sae)]);
  });

  test('counts errors otherwise than the training before, where it is told to', async () => {
    await train(join(root, 'by output'), { error: 'output' });
    expect(product(join(root, 'by output'))).not.toEqual(product(further));
  });

  test(
    'killed while it trains ends with the same bytes',
    async () => {
      const out = join(root, 'killed');
      const args = (folder: string): string[] =>
        argsFor(folder, { tokens: 40_000, 'checkpoint-tokens': 2000 });
      const whole = await runProgram(args(join(root, 'whole')));
      expect(whole.code).toBe(0);
      const training = (): boolean => stagesIn(out).some((name) => name.startsWith('.tmp-train'));
      expect((await stopWhen(args(out), training)).code).toBeNull();
      expect((await runProgram(args(out))).code).toBe(0);
      expect(product(out)).toEqual(product(join(root, 'whole')));
    },
    PATIENCE,
  );

  test('is another training than one from another SAE, or from none', async () => {
    for (const from of [further, undefined]) {
      const { code, err } = await runCli(argsFor(further, { sae: from, width: 48 }));
      expect(code).toBe(1);
      expect(err).toMatch(
        /contains a run with other settings \(settings\.from .*, now .*\); run the command/,
      );
    }
  });

  test.each<[string, Flags, number, RegExp]>([
    [
      'kind',
      { kind: 'topk' },
      2,
      /is one of kind batchtopk, not of kind topk; train it further as/,
    ],
    ['width', { width: '48,64' }, 1, /is one of 48 features, not of 64 features; train/],
    [
      'site',
      { site: 'blocks.0.hook_mlp_out' },
      2,
      /one of blocks\.1\.hook_mlp_out, not of blocks\.0/,
    ],
    ['path', { sae: 'nowhere' }, 1, /nowhere/],
  ])(
    'refuses an SAE of another %s before the folder is made',
    async (name, changes, status, says) => {
      const out = join(root, `refused ${name}`);
      const { code, err } = await runCli(argsFor(out, changes));
      expect(code).toBe(status);
      expect(err).toMatch(says);
      expect(err.trim().split('\n')).toHaveLength(1);
      expect(existsSync(out)).toBe(false);
    },
  );
});

test('feedprint sae train --set targetL0 sets the threshold for a number of active features', async () => {
  const out = join(root, 'sparser');
  await train(out, { set: 'targetL0=2.5' });
  expect(metricsOf(out).metrics.l0).toBeGreaterThan(2.2);
  expect(metricsOf(out).metrics.l0).toBeLessThan(2.8);
  const { code, err } = await runCli(
    argsFor(join(root, 'no threshold'), { kind: 'topk', sae: undefined, set: 'targetL0=2' }),
  );
  expect(existsSync(join(root, 'no threshold'))).toBe(false);
  expect([code, err]).toEqual([2, expect.stringMatching(/kind topk has no threshold to set/)]);
});
