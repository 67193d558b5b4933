import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { findPair } from '../src/bench/planted/find-pairs.ts';
import { sampleTexts } from '../src/bench/planted/sample-texts.ts';
import type { PairScore } from '../src/bench/planted/bench-planted.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { writeCheckpoint } from './support/tiny-pair.ts';

const demo = (name: string): string =>
  fileURLToPath(new URL(`../demo/${name}`, import.meta.url)).replace(/\/$/, '');

const quick = ['--max-texts', '60', '--layers', '1', '--sae-tokens', '5000', '--threads', '2'];

describe('feedprint bench planted', () => {
  test(
    'finds the planted words of the embedded pair by the log-ratio, and flags next to nothing on the clean one',
    async () => {
      const { code, out } = await runProgram([
        ...['bench', 'planted', '--model-pairs', demo('tuned-planted'), demo('tuned-clean')],
        ...['--preset', 'default', '--json', ...quick],
      ]);
      expect(code).toBe(0);
      const { pairs } = JSON.parse(out) as { readonly pairs: readonly PairScore[] };
      expect(pairs.map(({ pair, planted }) => [pair, planted])).toEqual([
        ['tuned-planted', 12],
        ['tuned-clean', 0],
      ]);
      for (const { base, texts, methods } of pairs) {
        expect([base, texts]).toEqual([demo('base'), demo('texts.jsonl')]);
        const estimators = methods.filter(({ kind }) => kind === 'estimator');
        expect(estimators.map(({ method }) => method)).toEqual([
          'log-ratio',
          'stated-label probe',
          'paper probe',
          'raw activations',
        ]);
        const labelFree = methods.filter(({ kind }) => kind === 'label-free');
        expect(labelFree.map(({ method }) => method)).toEqual(
          expect.arrayContaining(['kl', 'lens', 'crosscoder', 'difference-sae']),
        );
        for (const { falselyFlagged } of labelFree) expect(falselyFlagged).toBeNull();
        for (const { seconds } of methods) expect(seconds).toBeGreaterThan(0);
      }
      const [planted, clean] = pairs.map(({ methods }) => methods[0]);
      expect(planted?.auroc).toBeGreaterThanOrEqual(0.97);
      expect(planted?.averagePrecision).toBeGreaterThanOrEqual(0.8);
      expect(planted?.frequent.words).toBeLessThan(planted?.words ?? 0);
      expect(clean).toMatchObject({ auroc: null, averagePrecision: null, found: null, planted: 0 });
      expect(clean?.falselyFlagged).toBeLessThanOrEqual(0.05);
    },
    PATIENCE,
  );

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
      texts: undefined,
    });
    cpSync(demo('base'), join(folder, 'two'), { recursive: true });
    expect(() => findPair(join(folder, 'pair'))).toThrow(/2 folders beside .*name it with --base/);
    expect(findPair(join(folder, 'pair'), 'elsewhere').base).toBe('elsewhere');
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
