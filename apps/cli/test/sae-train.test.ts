import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { openSafetensors } from '@feedprint/core';
import { readRunEvents } from '@feedprint/pipeline';
import { createFeedprintFormat, createSaeLensFormat } from '@feedprint/sae';
import { runCli } from './support/run-cli.ts';
import { PATIENCE } from './support/run-program.ts';
import { SITE, trainArgs } from './support/sae-args.ts';
import { product } from './support/sae-product.ts';
import type { Flags } from './support/flags.ts';
import { hashesIn, temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const whole = join(root, 'whole');
let pair: TinyPair;

interface Metrics {
  readonly trained: { readonly texts: number };
  readonly heldOut: { readonly texts: number; readonly rows: number };
  readonly metrics: { readonly l0: number; readonly explainedVariance: number };
  readonly inModel: { readonly tokens: number } | null;
  readonly curve: { readonly step: number; readonly mse: number; readonly dead: number }[];
}

const metricsOf = (folder: string): Metrics =>
  JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8')) as Metrics;

async function train(out: string, changes: Flags = {}): Promise<string> {
  const captured = await runCli(trainArgs(pair, out, changes));
  if (captured.code !== 0) throw new Error(captured.err);
  return captured.out;
}

beforeAll(async () => {
  pair = writeTinyPair(root);
  await train(whole);
}, PATIENCE);

/** Kinds that the tiny model's few activations would be penalised away of by the usual weight. */
const l1Kinds = new Set(['tied', 'relu', 'gated']);

describe('feedprint sae train', () => {
  test('leaves a SAELens folder with metrics, and the run beside it', async () => {
    expect(readdirSync(whole).sort()).toEqual([
      'cfg.json',
      'metrics.json',
      'run',
      'sae_weights.safetensors',
      'sparsity.safetensors',
    ]);
    const sae = await createSaeLensFormat().load(whole);
    expect([sae.kind, sae.site, sae.dIn, sae.dSae]).toEqual(['topk', SITE, 16, 32]);
    await sae.dispose();
    const sparsity = openSafetensors(join(whole, 'sparsity.safetensors'));
    expect(sparsity.readFloats('sparsity').length).toBe(32);
    sparsity.close();
    expect(readdirSync(join(whole, 'run')).sort()).toEqual(['events.jsonl', 'run.json', 'stages']);
  });

  test('learns something, and judges it on texts held out from training', () => {
    const { trained, heldOut, metrics, inModel, curve } = metricsOf(whole);
    expect([trained.texts, heldOut.texts]).toEqual([144, 16]);
    expect(heldOut.rows).toBeGreaterThan(300);
    expect(metrics.l0).toBeLessThanOrEqual(4);
    expect(metrics.explainedVariance).toBeGreaterThan(0.5);
    expect(inModel?.tokens).toBe(heldOut.rows - heldOut.texts);
    expect(curve.at(-1)?.step).toBe(Math.ceil(6000 / 128));
    expect(curve.at(-1)?.mse).toBeLessThan(curve[0]?.mse ?? 0);
  });

  test('passes any other setting of the trainer on', async () => {
    const out = join(root, 'set');
    await train(out, { set: 'decay=0.7' });
    const run = JSON.parse(readFileSync(join(out, 'run', 'run.json'), 'utf8')) as object;
    expect(run).toMatchObject({ settings: { trainer: { decay: 0.7, warmUp: 0.05 } } });
    expect(product(out)).not.toEqual(product(whole));
  });

  test('reports its curves and progress as a run that the dashboard can show', async () => {
    const { events } = await readRunEvents(join(whole, 'run'));
    const all = events.map(({ event }) => event);
    expect(all[0]).toMatchObject({
      ...{ name: 'whole', stages: ['capture', 'train', 'evaluate'] },
      worksOn: { model: 'base', site: SITE, texts: basename(pair.texts) },
    });
    expect(all.at(-1)?.type).toBe('run-finished');
    const metrics = all.filter((event) => event.type === 'metric');
    expect(new Set(metrics.map(({ name }) => name))).toEqual(
      new Set([
        ...['loss', 'mse', 'explainedVariance', 'l0', 'dead', 'deadShare'],
        ...['rowsPerSecond', 'waiting'],
      ]),
    );
    expect(metrics.every(({ stage }) => stage === 'train')).toBe(true);
    expect(all.some((e) => e.type === 'stage-progress' && e.unit === 'tokens')).toBe(true);
  });

  test('prints a table, or with --json the same figures as one line', async () => {
    const before = product(whole);
    const { out, err, code } = await runCli(trainArgs(pair, whole));
    expect(code).toBe(0);
    expect(out).toMatch(/features +L0 +explained +alive +CE recovered +KL recovered\n/);
    expect(out).toMatch(/blocks\.1\.hook_mlp_out +32 +\d\.\d +\d+\.\d %/);
    expect(err).toMatch(/capture already done\n.*train already done\n.*evaluate already done\n/);
    const json = await runCli(trainArgs(pair, whole, { json: true }));
    const { saes } = JSON.parse(json.out) as { saes: Record<string, unknown>[] };
    const { l0, explainedVariance } = metricsOf(whole).metrics;
    expect(saes).toEqual([
      expect.objectContaining({
        folder: whole,
        site: SITE,
        kind: 'topk',
        dSae: 32,
        l0,
        explainedVariance,
      }),
    ]);
    expect(product(whole)).toEqual(before);
  });

  test('gives the same bytes in another folder, from the model as it goes too, and others for another seed', async () => {
    await train(join(root, 'again'));
    expect(product(join(root, 'again'))).toEqual(product(whole));
    await train(join(root, 'stream'), { stream: true });
    const weights = 'sae_weights.safetensors';
    expect(product(join(root, 'stream'))).toEqual(product(whole));
    expect(readdirSync(join(root, 'stream', 'run', 'stages')).some((s) => /capture/.test(s))).toBe(
      false,
    );
    await train(join(root, 'other'), { seed: 1 });
    expect(product(join(root, 'other'))[weights]).not.toBe(product(whole)[weights]);
  });

  test('trains every combination of lists, each the same bytes as alone', async () => {
    const out = join(root, 'sweep');
    const site = `${SITE},blocks.0.hook_resid_post`;
    const printed = await train(out, { k: '2,4', width: '16,32', site });
    const names = readdirSync(out).filter((name) => name !== 'run');
    expect(names.length).toBe(8);
    expect(names).toContain(`${SITE},k=4,width=32`);
    for (const name of names) expect(printed).toContain(name);
    const alone = product(whole);
    const among = product(join(out, `${SITE},k=4,width=32`));
    for (const file of ['cfg.json', 'sae_weights.safetensors', 'sparsity.safetensors'])
      expect(among[file]).toBe(alone[file]);
    const { events } = await readRunEvents(join(out, 'run'));
    const curves = new Set(
      events.flatMap(({ event }) => (event.type === 'metric' ? [event.name] : [])),
    );
    expect(curves.size).toBe(8 * 8);
    expect(curves).toContain(`mse (${SITE},k=2,width=16)`);
  });

  test.each(['tied', 'relu', 'gated', 'batchtopk', 'jumprelu', 'matryoshka'])(
    'trains kind %s',
    async (kind) => {
      const out = join(root, kind);
      await train(out, { kind, ...(l1Kinds.has(kind) && { l1: 0.2 }) });
      const sae = await createSaeLensFormat().load(out);
      expect(sae.kind).toBe(kind);
      await sae.dispose();
      expect(metricsOf(out).metrics.explainedVariance).toBeGreaterThan(0);
    },
  );

  test('trains a crosscoder on both models, and an SAE on their difference', async () => {
    const pairFlags = { model: pair.tuned, base: pair.base };
    const both = join(root, 'crosscoder');
    const said = await train(both, { ...pairFlags, kind: 'crosscoder', k: 4 });
    const owners =
      /by decoder: (\d+) base-only, (\d+) shared, (\d+) tuned-only, (\d+) other\n/.exec(said);
    expect(owners?.slice(1).reduce((sum, count) => sum + Number(count), 0)).toBe(32);
    const crosscoder = await createFeedprintFormat().load(both);
    expect([crosscoder.kind, crosscoder.dIn, crosscoder.dSae]).toEqual(['crosscoder', 32, 32]);
    await crosscoder.dispose();
    expect(metricsOf(both).inModel).toBeNull();
    const difference = join(root, 'difference');
    const printed = await train(difference, { ...pairFlags, difference: true });
    expect(metricsOf(difference)).toMatchObject({ kind: 'topk', dIn: 16, inModel: null });
    expect(printed).toMatch(/ - +-\n/);
  });
});

describe('feedprint sae train, in a folder that is in use', () => {
  test('refuses another command line, says what differs and changes nothing', async () => {
    const before = hashesIn(whole);
    for (const changes of [
      { k: 5 },
      { seed: 3 },
      { tokens: 7000 },
      { site: 'blocks.0.hook_mlp_out' },
    ]) {
      const { code, err, out } = await runCli(trainArgs(pair, whole, changes));
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(
        /^error: .* contains a run with other settings \(.*, now .*\); run the command.*\n$/,
      );
    }
    const { err } = await runCli(trainArgs(pair, whole, { k: 5 }));
    expect(err).toContain('settings.saes.0.settings.k 4, now 5');
    expect(hashesIn(whole)).toEqual(before);
  });

  test('makes what was lost of a finished training again', async () => {
    const before = product(whole);
    for (const file of ['cfg.json', 'sparsity.safetensors']) rmSync(join(whole, file));
    rmSync(join(whole, 'run', 'run.json'));
    await train(whole);
    expect(product(whole)).toEqual(before);
    expect(existsSync(join(whole, 'run', 'run.json'))).toBe(true);
  });
});
