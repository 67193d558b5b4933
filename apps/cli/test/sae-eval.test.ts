import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { runCli } from './support/run-cli.ts';
import type { Captured } from './support/run-cli.ts';
import { SITE, commandLine, trainArgs } from './support/sae-args.ts';
import type { Flags } from './support/flags.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const sae = join(root, 'sae');
const crosscoder = join(root, 'crosscoder');
let pair: TinyPair;

const evaluate = (changes: Flags = {}): Promise<Captured> =>
  runCli(
    commandLine('sae eval', { sae, model: pair.base, texts: pair.texts, threads: 1, ...changes }),
  );

beforeAll(async () => {
  pair = writeTinyPair(root);
  await runCli(trainArgs(pair, sae));
  await runCli(
    trainArgs(pair, crosscoder, { model: pair.tuned, base: pair.base, kind: 'crosscoder', k: 4 }),
  );
});

describe('feedprint sae eval', () => {
  test('gives all figures, with a histogram of densities, as text', async () => {
    const { code, out, err } = await evaluate();
    expect(code).toBe(0);
    expect(out).toMatch(
      /^topk SAE of 32 features over the 16 units of blocks\.1\.hook_mlp_out, on \d+ tokens of 160 texts\n/,
    );
    for (const line of [
      /\(L0\) +\d\.\d+\n/,
      /variance explained +\d+\.\d %\n/,
      /zero in its place +\d/,
      /KL \d+\.\d %/,
    ]) {
      expect(out).toMatch(line);
    }
    const bars = out.split('active (share of tokens):\n')[1]?.trimEnd().split('\n') ?? [];
    const counts = bars.map((bar) => Number(/to \S+ +(\d+)/.exec(bar)?.[1]));
    const dead = Number(/\((\d+) never active\)/.exec(out)?.[1]);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(32 - dead);
    expect(bars.filter((bar) => bar.includes('█'.repeat(40))).length).toBeGreaterThan(0);
    expect(err).toMatch(
      /^read \d+ texts, \d+ tokens, .*\n\[ 1\/2\] reconstruct \d.*\n\[ 2\/2\] predict \d.*\n$/,
    );
  });

  test('gives the same as one line of JSON', async () => {
    const { out } = await evaluate({ json: true });
    expect(out.split('\n')).toEqual([expect.any(String), '']);
    const found = JSON.parse(out) as Record<string, unknown> & {
      density: number[];
      inModel: { crossEntropy: Record<string, number> };
    };
    expect(found).toMatchObject({ kind: 'topk', site: SITE, dIn: 16, dSae: 32, texts: 160 });
    expect(found.density.length).toBe(32);
    expect(Object.keys(found.inModel.crossEntropy)).toEqual([
      'clean',
      'reconstructed',
      'zero',
      'mean',
    ]);
  });

  test('on the held-out texts agrees with what training said about them', async () => {
    const texts = readFileSync(pair.texts, 'utf8').trimEnd().split('\n');
    const heldOut = join(root, 'held-out.jsonl');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(heldOut, texts.slice(-16).join('\n'));
    const trained = JSON.parse(readFileSync(join(sae, 'metrics.json'), 'utf8')) as {
      metrics: Record<string, unknown>;
      inModel: unknown;
    };
    const found = JSON.parse((await evaluate({ texts: heldOut, json: true })).out) as Record<
      string,
      unknown
    >;
    expect(found).toMatchObject(trained.metrics);
    expect(found['inModel']).toEqual(trained.inModel);
  });

  test('takes as many texts as the tokens asked for need', async () => {
    const { out } = await evaluate({ tokens: 50, json: true });
    const { rows, texts } = JSON.parse(out) as { rows: number; texts: number };
    expect(rows).toBeGreaterThanOrEqual(50);
    expect(texts).toBeLessThan(6);
  });

  test('tries a crosscoder on both models', async () => {
    const { code, out } = await evaluate({ sae: crosscoder, model: pair.tuned, base: pair.base });
    expect(code).toBe(0);
    expect(out).toMatch(/crosscoder SAE of 32 features over the 32 units/);
    expect(out).toContain('Not evaluated inside a model: the activations are of two models.');
  });

  test.each<[string, () => Flags, 1 | 2, RegExp]>([
    [
      'a crosscoder and one model',
      () => ({ sae: crosscoder }),
      2,
      /needs two models; give the base/,
    ],
    ['a base for an ordinary SAE', () => ({ base: pair.tuned }), 2, /--base is for crosscoders/],
    [
      'a site that the model has not',
      () => ({ site: 'blocks.7.hook_mlp_out' }),
      2,
      /no site blocks\.7\.hook_mlp_out; use one of .*blocks\.N\.hook_resid_pre, .*N from 0 to 1/,
    ],
    [
      'a site of other width',
      () => ({ site: 'blocks.1.mlp.hook_post' }),
      1,
      /reads 16 units, but blocks\.1\.mlp\.hook_post of the model has 32; name the site/,
    ],
    ['no SAE', () => ({ sae: root }), 1, /no SAE of a known format; use one of/],
    ['a model that is none', () => ({ model: root }), 1, /config\.json cannot be read/],
  ])('refuses %s in one line', async (_, changes, code, says) => {
    const refused = await evaluate(changes());
    expect([refused.code, refused.out]).toEqual([code, '']);
    expect(refused.err).toMatch(says);
    expect(refused.err).toMatch(/^error: [^\n]*\n$/);
  });
});
