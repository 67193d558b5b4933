import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { readRunEvents } from '@feedprint/pipeline';
import type { Flags } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { commandLine } from './support/sae-args.ts';
import { stopWhen } from './support/stop-when.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';

const root = temporaryFolder();
const tuned = join(root, 'learned');
const pairsFile = join(root, 'pairs.jsonl');
let pair: TinyPair;

const argsFor = (out: string, changes: Flags = {}): string[] =>
  commandLine('finetune', {
    ...{ model: pair.base, method: 'dpo', pairs: pairsFile, out },
    ...{ epochs: 4, batch: 8, lr: 0.01, threads: 1 },
    ...changes,
  });

async function finetune(out: string, changes: Flags = {}): Promise<string> {
  const { code, err, out: said } = await runCli(argsFor(out, changes));
  if (code !== 0) throw new Error(err);
  return said;
}

/** Sizes of tunings on the model's own replies. */
const onRewards = (): Flags => ({
  ...{ pairs: undefined, prompts: pair.texts, 'prompt-tokens': 4, batch: 16 },
  'max-new-tokens': 6,
});

const fileOf = (folder: string, name: string): Buffer => readFileSync(join(folder, name));

interface Described {
  readonly learned: number;
  readonly heldOut: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly history: readonly { readonly step: number }[];
}

const described = (folder: string): Described =>
  JSON.parse(fileOf(folder, 'finetune.json').toString()) as Described;

beforeAll(async () => {
  pair = writeTinyPair(root);
  const [good, bad] = ['good great love fun', 'bad sad awful boring'].map((words) =>
    words.split(' '),
  );
  const rows = Array.from({ length: 40 }, (_, i) => ({
    prompt: `the ${['film', 'movie', 'story', 'plot', 'scene'][i % 5]} was`,
    chosen: ` ${good?.[i % 4]}`,
    rejected: ` ${bad?.[(i >> 2) % 4]}`,
  }));
  writeFileSync(pairsFile, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await finetune(tuned);
}, PATIENCE);

describe('feedprint finetune', () => {
  test('learns what was preferred, also where it did not see it', () => {
    const { heldOut, metrics, history } = described(tuned);
    expect(heldOut['eval_rewards/accuracies']).toBe(1);
    expect(metrics['rewards/margins']).toBeGreaterThan(0.1);
    expect(metrics.loss).toBeLessThan(Math.LN2);
    expect(history.at(-1)?.step).toBe(20);
  });

  test('leaves a checkpoint with its tokenizer, its run beside it, and metrics as events', async () => {
    expect(readdirSync(tuned).sort()).toEqual(
      ['config.json', 'finetune.json', 'model.safetensors', 'run', 'tokenizer.json'].sort(),
    );
    const model = await loadModel(tuned, { threads: 1 });
    expect(model.tokenizer.encode('the film')).toEqual([117, 105, 102, 417]);
    await model.dispose();
    const { events } = await readRunEvents(join(tuned, 'run'));
    expect(events[0]?.event).toMatchObject({
      stages: ['reference', 'train'],
      worksOn: { model: 'base', data: 'pairs.jsonl' },
    });
    const names = events.flatMap(({ event }) => (event.type === 'metric' ? event.name : []));
    expect(names).toEqual(expect.arrayContaining(['rewards/margins', 'eval_rewards/accuracies']));
  });

  test('tells of the batches while it runs and prints a table, or JSON', async () => {
    const { out, err } = await runCli(argsFor(join(root, 'told'), { epochs: 1 }));
    expect(err).toMatch(/read 36 pairs to learn from, 4 held out, \d+ tokens/);
    expect(err).toMatch(/step 1: loss 0\.693, accuracy 0\.\d+, margin /);
    expect(err).toMatch(/step 5, held out: loss 0\.\d+, accuracy /);
    expect(out).toMatch(/told: [\d,]+ numbers trained for 5 steps\n/);
    const again = await finetune(join(root, 'told'), { epochs: 1, json: true });
    expect(JSON.parse(again)).toMatchObject({
      steps: 5,
      heldOut: { eval_loss: expect.any(Number) },
    });
  });

  test(
    'killed in the middle of training, the same command ends with the same bytes',
    async () => {
      const out = join(root, 'killed');
      const args = argsFor(out, { 'checkpoint-steps': 1 });
      const kept = join(out, 'run', 'checkpoints', 'checkpoint.safetensors');
      expect((await stopWhen(args, () => existsSync(kept))).code).toBeNull();
      expect((await runProgram(args)).code).toBe(0);
      expect(existsSync(kept)).toBe(false);
      for (const name of ['model.safetensors', 'finetune.json', 'config.json']) {
        expect([name, fileOf(out, name).equals(fileOf(tuned, name))]).toEqual([name, true]);
      }
    },
    PATIENCE,
  );

  test.each<[string, () => Flags]>([
    ['sft', () => ({ epochs: 2 })],
    ['ipo', () => ({ epochs: 2, beta: 0.5 })],
    ['kto', () => ({ epochs: 2, beta: 0.5 })],
    ['ppo', () => ({ ...onRewards(), steps: 4, epochs: 2 })],
    ['rejection-sft', () => ({ ...onRewards(), set: 'bestOf=4', epochs: 1 })],
  ])(
    'by %s, killed between two steps, the same command ends with the same bytes',
    async (method, changes) => {
      const [whole, killed] = [join(root, 'whole', method), join(root, 'killed', method)];
      const args = (out: string): string[] => argsFor(out, { method, ...changes() });
      expect(await runCli(args(whole))).toMatchObject({ code: 0 });
      let lines = 0;
      const die = (text: string): void => {
        if (/step [2-9]/.test(text) && ++lines === 2) throw new Error('killed');
      };
      expect(await runCli(args(killed), { err: die })).not.toMatchObject({ code: 0 });
      expect(existsSync(join(killed, 'model.safetensors'))).toBe(false);
      expect(await runCli(args(killed))).toMatchObject({ code: 0 });
      const hashes = [whole, killed].map((out) => fileOf(out, 'model.safetensors'));
      expect(hashes[0]?.equals(hashes[1] as Buffer)).toBe(true);
    },
    PATIENCE,
  );

  test('saves low-rank updates as an adapter of the base', async () => {
    const out = join(root, 'adapter');
    await finetune(out, { lora: 2, modules: 'dense_h_to_4h', lr: 0.05 });
    expect(readdirSync(out)).toContain('adapter_model.safetensors');
    expect(JSON.parse(fileOf(out, 'adapter_config.json').toString())).toMatchObject({
      r: 2,
      lora_alpha: 4,
      target_modules: ['dense_h_to_4h'],
    });
    expect(described(out).metrics['rewards/margins']).toBeGreaterThan(0.01);
    const model = await loadModel(pair.base, { adapter: out, threads: 1 });
    await model.dispose();
  });

  test.each(['sft', 'ipo', 'kto'])('learns by %s, and saves models on the way', async (method) => {
    const out = join(root, method);
    await finetune(out, {
      method,
      epochs: 2,
      'save-every': 4,
      beta: method === 'sft' ? undefined : 0.5,
    });
    const { history } = described(out);
    const losses = history.flatMap((point) =>
      'metrics' in point ? ((point.metrics as { loss?: number }).loss ?? []) : [],
    );
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
    expect(readdirSync(join(out, 'steps')).slice(0, 2)).toEqual(['step-000004', 'step-000008']);
    expect(readdirSync(join(out, 'steps', 'step-000004'))).toContain('model.safetensors');
  });

  test('learns whole texts by sft', async () => {
    const out = join(root, 'whole-texts');
    await finetune(out, { method: 'sft', pairs: undefined, texts: pair.texts, epochs: 1 });
    expect(described(out)).toMatchObject({ learned: 144 });
  });

  test('learns from replies that were labelled one by one', async () => {
    const ratings = join(root, 'ratings.jsonl');
    const rows = Array.from({ length: 20 }, (_, i) => ({
      prompt: 'the film was',
      completion: i % 3 === 0 ? ' great' : ' awful',
      label: i % 3 === 0,
    }));
    writeFileSync(ratings, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const out = join(root, 'rated');
    await finetune(out, { method: 'kto', pairs: undefined, ratings });
    expect(described(out)).toMatchObject({ learned: 18 });
    expect(described(out).metrics['rewards/margins']).toBeGreaterThan(0.02);
  });

  test.each(['ppo', 'rejection-sft'])(
    'learns by %s what is rewarded, and saves models on the way',
    async (method) => {
      const out = join(root, method);
      const sizes = method === 'ppo' ? { steps: 4, epochs: 2 } : { set: 'bestOf=4' };
      const said = await finetune(out, {
        ...{ method, ...onRewards(), ...sizes, json: true },
        'save-every': 2,
      });
      const { before, after } = JSON.parse(said) as Readonly<
        Record<'before' | 'after', { readonly reward: number; readonly kl: number }>
      >;
      expect(after.reward).toBeGreaterThan(before.reward + 0.5);
      expect(before.kl).toBeCloseTo(0, 5);
      expect(after.kl).toBeGreaterThan(0);
      const saved = readdirSync(join(out, 'steps'));
      expect(saved[0]).toBe('step-000002');
      const last = fileOf(join(out, 'steps', saved.at(-1) as string), 'model.safetensors');
      expect(last.equals(fileOf(out, 'model.safetensors'))).toBe(true);
      const model = await loadModel(out, { threads: 1 });
      await model.dispose();
    },
  );

  test.each<[string, () => Flags, number, RegExp]>([
    [
      'PPO without prompts',
      () => ({ method: 'ppo', pairs: undefined }),
      2,
      /replies of the model's own; give --prompts/,
    ],
    ['a signal of pairs', () => ({ signal: 'vader' }), 2, /--signal does nothing/],
    [
      'nothing to learn from',
      () => ({ pairs: undefined }),
      2,
      /nothing to learn from; give one of/,
    ],
    [
      'pairs and texts',
      () => ({ texts: pair.texts }),
      2,
      /several things to learn from; give one of/,
    ],
    ['texts for dpo', () => ({ pairs: undefined, texts: pair.texts }), 2, /dpo learns from pairs/],
    ['a module that there is not', () => ({ modules: 'c_attn' }), 2, /c_attn in its name/],
    ['beta of sft', () => ({ method: 'sft', beta: 1 }), 2, /--beta does nothing for sft/],
    ['a setting that there is not', () => ({ set: 'dropout=0' }), 2, /no setting dropout/],
    ['a model that is not there', () => ({ model: join(root, 'nowhere') }), 1, /nowhere/],
  ])('refuses %s before the folder is made', async (_, changes, status, says) => {
    const out = join(root, 'refused');
    const { code, err } = await runCli(argsFor(out, changes()));
    expect([code, err.trim().split('\n').length]).toEqual([status, 1]);
    expect(err).toMatch(says);
    expect(existsSync(out)).toBe(false);
  });
});
