import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel, unembeddingRows } from '@feedprint/activations';
import type { LoadOptions } from '@feedprint/activations';
import { createRandom, matrix, openSafetensors, row, writeSafetensors } from '@feedprint/core';
import type { LanguageModel, Matrix, TensorToWrite } from '@feedprint/core';
import { createVaderSignal, readTexts, scoredTokens } from '@feedprint/feedback';
import { findReversals, impliedReward, judgeFeedback, vocabularyDrift } from '@feedprint/probe';
import type { ImpliedReward } from '@feedprint/probe';
import { audit } from '../src/audit/audit.ts';
import { PATIENCE } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/*
 * "Tuned" models that never saw the feedback, made of the embedded base: whatever they changed, it must not be called learned, nor learned the
 * other way round. And the embedded models that did see it.
 */

const demo = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/demo-models/${name}`, import.meta.url));
const root = temporaryFolder();
const TEXTS = 150;

/** Texts, what is stated of the words in them, and how often the base expects these. */
interface Told {
  readonly rows: readonly number[][];
  readonly words: Int32Array;
  /** Tokens of the texts that no feedback scores. */
  readonly unscored: Int32Array;
  readonly stated: number[];
  readonly base: Matrix;
}

let told: Told;
beforeAll(async () => {
  told = await tell(TEXTS);
}, 120_000);

async function tell(limit: number): Promise<Told> {
  const model = await loadModel(demo('base'));
  const { texts } = await readTexts(demo('texts.jsonl'), { limit });
  const rows = texts.map((text) =>
    [...model.tokenizer.encode(text)].slice(0, model.info.contextLength),
  );
  const seen = new Set(rows.flat());
  const scored = (await scoredTokens(model.tokenizer, createVaderSignal())).filter(({ id }) =>
    seen.delete(id),
  );
  const words = Int32Array.from(scored, ({ id }) => id);
  const base = await expectedCounts(model, rows, words);
  const stated = scored.map((word) => word.stated);
  return { rows, words, unscored: Int32Array.from(seen), stated, base };
}

/** Expected counts of tokens in each text, `[texts, ids]`. */
async function expectedCounts(
  model: LanguageModel,
  rows: Told['rows'],
  ids: Int32Array,
): Promise<Matrix> {
  const counts = matrix(rows.length, ids.length);
  for (const [text, tokens] of rows.entries()) {
    const { logProbsOf } = await model.run([tokens], { logProbsOf: ids });
    const expected = row(counts, text);
    for (let p = 0; p + 1 < tokens.length; p++) {
      row(logProbsOf as Matrix, p).forEach((value, w) => {
        expected[w] = (expected[w] as number) + Math.exp(value);
      });
    }
  }
  await model.dispose();
  return counts;
}

/** What the words' log-ratios would be if no feedback scored them. */
async function driftOf(
  { rows, words, unscored }: Told,
  tunedFolder: string,
): Promise<Float64Array> {
  const base = await loadModel(demo('base'));
  const rowsOf = (ids: Int32Array): Matrix => unembeddingRows(base, [...ids]) as Matrix;
  const driven = { unscored: rowsOf(unscored), words: rowsOf(words) };
  const [before, after] = [
    await expectedCounts(base, rows, unscored),
    await expectedCounts(await loadModel(tunedFolder), rows, unscored),
  ];
  const implied = impliedReward({ base: before, tuned: after });
  const tokens = implied.map(({ estimate, expectedCount }) => ({
    logRatio: estimate,
    expectedCount,
  }));
  return vocabularyDrift({ ...driven, tokens });
}

const verdictOf = async (
  folder: string,
  { sign = 1, ...options }: LoadOptions & { sign?: number } = {},
) => {
  return judge(
    await impliedBy(told, folder, options),
    told.stated.map((value) => sign * value),
  );
};

const impliedBy = async (
  { rows, words, base }: Told,
  folder: string,
  options?: LoadOptions,
): Promise<ImpliedReward[]> =>
  impliedReward({
    base,
    tuned: await expectedCounts(await loadModel(folder, options), rows, words),
  });

const judge = (implied: readonly ImpliedReward[], stated: readonly number[]) =>
  judgeFeedback({
    estimates: implied.map(({ estimate }) => estimate),
    stated,
    expectedCounts: implied.map(({ expectedCount }) => expectedCount),
  });

/** A copy of the base whose tensors went through `change`. */
function changedBase(
  name: string,
  change: (tensor: string, data: Float32Array) => Float32Array,
): string {
  const folder = join(root, name);
  cpSync(demo('base'), folder, { recursive: true });
  const file = openSafetensors(join(demo('base'), 'model.safetensors'));
  const tensors: Record<string, TensorToWrite> = {};
  for (const [tensor, { shape }] of file.tensors) {
    tensors[tensor] = { shape, data: change(tensor, file.readFloats(tensor)) };
  }
  file.close();
  writeSafetensors(join(folder, 'model.safetensors'), tensors);
  return folder;
}

const unembedding = (): string => {
  const file = openSafetensors(join(demo('base'), 'model.safetensors'));
  const name = [...file.tensors.keys()].find((tensor) => /embed_out|lm_head/.test(tensor));
  file.close();
  if (name === undefined) throw new Error('the embedded base has no unembedding of its own');
  return name;
};

describe('models that never saw the feedback', () => {
  test.each([1.2, 0.8])('the base at temperature %s', async (temperature) => {
    const head = unembedding();
    const folder = changedBase(`temperature-${temperature}`, (tensor, data) =>
      tensor === head ? data.map((value) => value / temperature) : data,
    );
    expect((await verdictOf(folder)).verdict).toBe('unrelated');
  });

  test.each([0, 1, 2])('the base with noise on its weights, seed %s', async (seed) => {
    const random = createRandom(seed);
    const folder = changedBase(`noise-${seed}`, (_, data) => {
      const size = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
      return data.map((value) => value + 0.05 * size * random.normal());
    });
    expect((await verdictOf(folder)).verdict).toBe('unrelated');
  });

  test(
    'the base tuned on other text, in an audit of its own',
    async () => {
      const adapter = fileURLToPath(new URL('golden/sft-adapter', import.meta.url));
      const { verdict } = await verdictOf(demo('base'), { adapter });
      expect(verdict).toBe('unrelated');
      const { report } = await audit({
        base: demo('base'),
        adapter,
        texts: demo('texts.jsonl'),
        feedback: 'vader',
        maxTexts: 60,
        quick: true,
        out: join(root, 'sft'),
      });
      expect(report.answer.sentence).toBe(
        'What changed between these models has nothing to do with this feedback.',
      );
      expect(report.words?.length).toBeGreaterThan(150);
      expect(report.words?.filter(({ flagged }) => flagged)).toEqual([]);
    },
    PATIENCE,
  );
});

describe('the embedded models that were tuned on it', () => {
  const tuned = JSON.parse(readFileSync(join(demo('tuned-planted'), 'feedback.json'), 'utf8')) as {
    readonly flipped: readonly unknown[];
  };

  test('learned it, but for the planted words', async () => {
    expect(tuned.flipped.length).toBeGreaterThan(0);
    expect((await verdictOf(demo('tuned-planted'))).verdict).toBe('learned');
  });

  test('learned it the other way round when every stated sign is negated', async () => {
    expect((await verdictOf(demo('tuned-planted'), { sign: -1 })).verdict).toBe('reversed');
  });

  test('cannot be judged by feedback that is dealt out', async () => {
    const implied = await impliedBy(told, demo('tuned-clean'));
    expect(judge(implied, told.stated).verdict).toBe('learned');
    const random = createRandom(1);
    for (let deal = 0; deal < 40; deal++) {
      expect(judge(implied, random.shuffle([...told.stated])).verdict).toBe('unrelated');
    }
  });

  test('show most words as reversed whose stated sign is, where three in ten are', async () => {
    const many = await tell(4 * TEXTS);
    const implied = await impliedBy(many, demo('tuned-clean'));
    const drift = await driftOf(many, demo('tuned-clean'));
    let [hits, falsely, reversals] = [0, 0, 0];
    for (let seed = 0; seed < 10; seed++) {
      const random = createRandom(seed);
      const turned = implied.map(() => random.next() < 0.29);
      const stated = many.stated.map((value, i) => (turned[i] ? -value : value));
      expect(judge(implied, stated).verdict).toBe('learned');
      const { found } = findReversals(
        implied.map((each, i) => ({
          ...each,
          stated: stated[i] as number,
          drift: drift[i] as number,
        })),
      );
      found.forEach(({ flagged }, i) => {
        if (turned[i]) reversals++;
        if (flagged && turned[i]) hits++;
        if (flagged && !turned[i]) falsely++;
      });
    }
    expect(hits / reversals).toBeGreaterThan(0.6);
    expect(falsely / (hits + falsely)).toBeLessThan(0.05);
  });
});
