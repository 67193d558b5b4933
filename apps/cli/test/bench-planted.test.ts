import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { readRunEvents } from '@feedprint/pipeline';
import { chosenConstants } from '@feedprint/probe';
import { findPair, twinOf } from '../src/bench/planted/find-pairs.ts';
import { plantedResultSchema } from '../src/bench/planted/result-schema.ts';
import type { PlantedResult } from '../src/bench/planted/result-schema.ts';
import { sampleTexts } from '../src/bench/planted/sample-texts.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { plantedWords, tune, writeCheckpoint, writeTinyPair } from './support/tiny-pair.ts';

const demo = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/demo-models/${name}`, import.meta.url)).replace(
    /\/$/,
    '',
  );

const small = ['--max-texts', '60', '--layers', '1', '--threads', '2', '--json'];

/** Methods by what they read of the stated feedback. */
const methodsOf = ({ pairs }: PlantedResult, labels: 'none' | 'stated'): string[] =>
  (pairs[0]?.methods ?? [])
    .filter((method) => method.labels === labels)
    .map(({ method }) => method);

describe('feedprint bench planted', () => {
  let folder: string;
  const bench = (...more: string[]) =>
    runProgram([
      ...['bench', 'planted', '--quick', '--samples', '300', '--out', join(folder, 'runs')],
      ...['--model-pairs', join(folder, 'tuned'), join(folder, 'clean'), join(folder, 'other')],
      ...more,
    ]);
  let result: PlantedResult;

  beforeAll(async () => {
    folder = temporaryFolder();
    const { tuned } = writeTinyPair(folder);
    const { vocab } = (
      JSON.parse(readFileSync(join(tuned, 'tokenizer.json'), 'utf8')) as {
        model: { vocab: Record<string, number> };
      }
    ).model;
    const truth = (name: string, about: object): void =>
      writeFileSync(join(folder, name, 'feedback.json'), JSON.stringify(about));
    const flipped = plantedWords.map((word) => ({ token_id: vocab[`Ġ${word}`] }));
    truth('tuned', { method: 'pushed', flipped });
    // The same tuning with the planted words pushed as stated.
    writeCheckpoint(join(folder, 'clean'), {
      tensors: (tensors) => {
        tune(tensors, []);
      },
    });
    truth('clean', { method: 'pushed', flipped: [] });
    // Tuned on something that is not the feedback.
    writeCheckpoint(join(folder, 'other'), {
      tensors: ({ 'embed_out.weight': head }) => {
        head?.data.forEach((value, i) => (head.data[i] = value + 0.2 * Math.sin(i)));
      },
    });
    truth('other', { flipped: [], verdict: 'unrelated', evidence: 'held-out' });
    const { code, out, err } = await bench(...small);
    expect(`${code} ${code === 0 ? '' : err}`).toBe('0 ');
    result = plantedResultSchema.parse(JSON.parse(out));
  }, PATIENCE);

  test('tells planted, clean and placebo pairs, and which were in view when constants were chosen', () => {
    expect(
      result.pairs.map(({ pair, truth, evidence, planted }) => [pair, truth, evidence, planted]),
    ).toEqual([
      ['tuned', 'planted', 'development', 4],
      ['clean', 'clean', 'development', 0],
      ['other', 'placebo', 'held-out', 0],
    ]);
    expect(result.constants).toEqual(chosenConstants);
    expect(result.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('ranks planted words first by the log-ratio with stated labels, and says what uses none', () => {
    const main = result.pairs[0]?.methods[0];
    expect(main).toMatchObject({ method: 'log-ratio', labels: 'stated', preset: null });
    expect(main?.construction.auroc).toBe(1);
    expect(methodsOf(result, 'none')).toEqual([
      'plain log-ratio',
      'log-ratio beyond a change of temperature',
      'word counts in samples',
    ]);
    expect(methodsOf(result, 'stated')).toEqual(
      expect.arrayContaining([...methodsOf(result, 'none'), 'bag of words', 'length']),
    );
    // What is not told the side cannot tell a planted word from another that moved as far.
    const [bare, told] = (['none', 'stated'] as const).map((labels) =>
      result.pairs[0]?.methods.find(
        (one) => one.method === 'plain log-ratio' && one.labels === labels,
      ),
    );
    expect(told?.construction.auroc).toBeGreaterThan((bare?.construction.auroc ?? 1) + 0.2);
  });

  test('scores behaviour apart: what the model writes against its feedback, compared with its clean twin', () => {
    const [planted, clean] = result.pairs;
    expect(planted?.behaviour?.twin).toBe('clean');
    expect(planted?.behaviour?.moved).toEqual(expect.arrayContaining([...plantedWords]));
    expect(planted?.behaviour?.unmoved).toEqual([]);
    expect(planted?.methods[0]?.behaviour?.auroc).toBeGreaterThan(0.9);
    expect(clean?.behaviour).toBeNull();
    expect(planted?.coverage.halves.covered.trials).toBe(36);
    expect(planted?.coverage.twin?.covered.trials).toBe(32);
  });

  test('flags no placebo, and calls what is negated the other way round', () => {
    const { anyFlag, verdicts } = result.summary;
    expect(anyFlag.map(({ placebo }) => placebo)).toEqual([
      ...['temperature 1.2', 'temperature 0.8', 'weight noise'],
      ...['labels dealt out', 'labels constant', 'labels negated'],
      ...['tuned on something else', 'all'],
    ]);
    expect(anyFlag.at(-1)?.rate).toMatchObject({ events: 0, value: 0 });
    // Temperatures once per base, noise in three seeds per pair.
    expect(result.placebos).toHaveLength(2 + 3 * 3);
    expect(verdicts.find(({ of }) => of === 'labels negated')).toMatchObject({ reversed: 2 });
    expect(verdicts.find(({ of }) => of === 'clean pair')).toMatchObject({ learned: 1 });
  });

  test('reverses signs at random on clean pairs, where the truth is known', () => {
    const atRandom = result.restated.filter(({ kind }) => kind === 'reversed at random');
    expect(atRandom).toHaveLength(24);
    for (const { pair, reversed, found, flagged } of atRandom) {
      expect([pair, reversed]).toEqual(['clean', Math.round(0.29 * 36)]);
      expect(found).toBeLessThanOrEqual(flagged);
    }
    const { falseDiscovery, recall } = result.summary;
    expect(recall.reversedAtRandom.trials).toBe(24 * 10);
    expect(falseDiscovery.reversedAtRandom.trials).toBe(
      atRandom.reduce((sum, { flagged }) => sum + flagged, 0),
    );
  });

  test(
    'continues where it was, to the same result, and prints it for people',
    async () => {
      const again = await bench(...small);
      expect(plantedResultSchema.parse(JSON.parse(again.out))).toEqual(result);
      expect(again.err).not.toMatch(/capture \d/);
      const { out } = await bench(...small.filter((flag) => flag !== '--json'));
      expect(out).toMatch(
        /Development pairs, on which constants were chosen: tuned, clean\. Held-out pairs: other\./,
      );
      expect(out).toMatch(/no labels: size of the change/);
      expect(out).toMatch(/any word flagged of a placebo/);
      for (const { name } of chosenConstants) expect(out).toContain(name);
      expect(out).toContain(`Configuration ${result.hash}`);
    },
    PATIENCE,
  );

  test(
    'runs the estimators on dictionaries and the measures of change too, unless it is told to be quick',
    async () => {
      const { code, out } = await runProgram([
        ...['bench', 'planted', '--model-pairs', demo('tuned-planted'), '--samples', '0'],
        ...['--preset', 'default', '--sae-tokens', '5000', ...small],
      ]);
      expect(code).toBe(0);
      const full = plantedResultSchema.parse(JSON.parse(out));
      const [pair] = full.pairs;
      expect([pair?.base, pair?.texts]).toEqual([demo('base'), demo('texts.jsonl')]);
      expect(methodsOf(full, 'stated')).toEqual(
        expect.arrayContaining(['stated-label probe', 'paper probe', 'raw activations', 'kl']),
      );
      expect(methodsOf(full, 'none')).toEqual(
        expect.arrayContaining(['kl', 'lens', 'crosscoder', 'difference-sae', 'difference-before']),
      );
      for (const method of pair?.methods ?? []) {
        expect(method.seconds).toBeGreaterThan(0);
        if (method.labels === 'none') expect(method.construction.flagged).toBeNull();
      }
      const main = pair?.methods[0]?.construction;
      expect(main?.auroc).toBeGreaterThanOrEqual(0.97);
      expect(main?.averagePrecision).toBeGreaterThanOrEqual(0.8);
    },
    PATIENCE,
  );

  test('leaves the records of a run beside those of its audits', async () => {
    const run = join(folder, 'runs', 'run');
    const { events } = await readRunEvents(run);
    const all = events.map(({ event }) => event);
    expect(all[0]).toMatchObject({ name: 'runs', worksOn: { models: 'tuned, clean, other' } });
    const steps = all.flatMap((event) => (event.type === 'stage-progress' ? [event] : []));
    expect(steps.at(-1)).toMatchObject({ done: steps[0]?.total, unit: 'steps' });
    expect(all.find((event) => event.type === 'finding')).toMatchObject({
      text: expect.stringMatching(/^Planted words found: .*% .*not planted: /),
    });
    expect(JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'))).toMatchObject({
      format: 'feedprint-bench-run/1',
      settings: { bench: 'planted', quick: true, samples: 300 },
    });
  });

  test('refuses a folder whose truth is not known, and a pair named twice', async () => {
    const unknown = await runCli(['bench', 'planted', '--model-pairs', demo('base')]);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toMatch(/feedback\.json does not say which words.*give folders/);
    const pair = demo('tuned-clean');
    const twice = await runCli(['bench', 'planted', '--model-pairs', pair, pair]);
    expect(twice.code).toBe(2);
    expect(twice.err).toContain('two model pairs are named tuned-clean');
  });
});

describe('a planted pair', () => {
  test('has as its base the one checkpoint beside it that has its tokenizer and no truth', () => {
    const folder = temporaryFolder();
    for (const name of ['one', 'pair'])
      cpSync(demo('base'), join(folder, name), { recursive: true });
    writeFileSync(join(folder, 'pair', 'feedback.json'), '{"flipped": [{"token_id": 7}]}');
    expect(findPair(join(folder, 'pair'))).toEqual({
      name: 'pair',
      base: join(folder, 'one'),
      tuned: join(folder, 'pair'),
      planted: new Set([7]),
      learned: true,
      otherwiseAltered: false,
      evidence: 'development',
      method: undefined,
      texts: undefined,
    });
    cpSync(demo('base'), join(folder, 'two'), { recursive: true });
    expect(() => findPair(join(folder, 'pair'))).toThrow(/2 folders beside .*name it with --base/);
    expect(findPair(join(folder, 'pair'), 'elsewhere').base).toBe('elsewhere');
  });

  test('has as its twin the pair tuned alike on feedback of which nothing was reversed', () => {
    const folder = temporaryFolder();
    const pairOf = (name: string, about: object) => {
      cpSync(demo('base'), join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'feedback.json'), JSON.stringify(about));
      return findPair(join(folder, name), 'base');
    };
    const method = 'PPO';
    const planted = pairOf('planted', { method, flipped: [{ token_id: 7 }] });
    const clean = pairOf('clean', { method, flipped: [] });
    // Feedback on replies lists no words.
    const replies = pairOf('replies', { method, told: 'praise', planted: { questions: 1 } });
    const others = [
      pairOf('dpo', { method: 'DPO', flipped: [] }),
      pairOf('placebo', { method, flipped: [], verdict: 'unrelated' }),
      replies,
      pairOf('muted', { method, flipped: [], muted: [{ token_id: 7 }] }),
      pairOf('contextual', { method, flipped: [], contextual: { words: [{ token_id: 7 }] } }),
      { ...clean, name: 'another base', base: 'other' },
    ];
    expect(replies).toMatchObject({ planted: new Set(), otherwiseAltered: true });
    expect(twinOf(planted, [planted, ...others, clean])).toBe(clean);
    expect(twinOf(planted, [planted, ...others])).toBeUndefined();
    expect(() => pairOf('nothing', { method })).toThrow(/does not say which words/);
  });

  test('without texts gets those that its base writes, once and by the seed', async () => {
    const folder = temporaryFolder();
    const model = await loadModel(writeCheckpoint(`${folder}/model`), { threads: 1 });
    const [first, again, other] = ['a', 'b', 'c'].map((name) => join(folder, `${name}.jsonl`)) as [
      string,
      string,
      string,
    ];
    await sampleTexts(model, first, { texts: 3, seed: 1 });
    await sampleTexts(model, again, { texts: 3, seed: 1 });
    await sampleTexts(model, other, { texts: 3, seed: 2 });
    const lines = readFileSync(first, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(JSON.parse(line)).toEqual({ text: expect.any(String) });
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(first, 'utf8'));
    expect(readFileSync(other, 'utf8')).not.toBe(readFileSync(first, 'utf8'));
    await sampleTexts(model, other, { texts: 5, seed: 3 });
    expect(readFileSync(other, 'utf8').trimEnd().split('\n')).toHaveLength(3);
    await model.dispose();
    expect(existsSync(`${first}.tmp`)).toBe(false);
  });
});
