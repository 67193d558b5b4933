import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { matrix, row } from '@feedprint/core';
import type { LanguageModel, Matrix } from '@feedprint/core';
import type { EstimationInput, FeatureEstimator, FeedbackEstimator } from '@feedprint/probe';
import type { AuditParts } from '../../../src/audit/parts.ts';
import { readParquet } from '@feedprint/pipeline';
import type { TableRow } from '@feedprint/pipeline';
import { temporaryFolder, tickingClock } from '../../temporary-folder.ts';
import { createFakeModel, idOf, stated } from '../support/fake-model.ts';
import { createFakeParts, plain } from '../support/fake-parts.ts';
import { runAudit } from '../support/run-audit.ts';
import type { WholeReport } from '../support/run-audit.ts';

const lines = ['the film was good', 'the plot was bad plot', 'nice film great plot', 'good good'];

/** Its activations are ten times the others'. */
function createUntrained(): LanguageModel & { readonly ran: number[][]; disposed: boolean } {
  const model = createFakeModel('untrained', {});
  const ran: number[][] = [];
  return {
    ...model,
    ran,
    disposed: false,
    async run(rows, request) {
      ran.push(...rows.map((ids) => Array.from(ids)));
      const { activations } = await model.run(rows, request);
      const times10 = (m: Matrix): Matrix =>
        matrix(
          m.rows,
          m.columns,
          m.data.map((v) => 10 * v),
        );
      return { activations: new Map([...activations].map(([site, m]) => [site, times10(m)])) };
    },
    dispose() {
      this.disposed = true;
      return Promise.resolve();
    },
  };
}

/** Says nothing of the first word, and keeps what it was given. */
function createRecorder(): FeatureEstimator & { readonly inputs: EstimationInput[] } {
  const inputs: EstimationInput[] = [];
  return {
    name: 'recorder',
    settings: {},
    reads: 'features',
    inputs,
    estimate(input) {
      inputs.push(input);
      return { estimator: 'recorder', description: 'what it is', ...figures(input) };
    },
    controls: (input) => {
      const dealt = input.words.map(({ stated: value }) => -value);
      return [{ control: 'shuffled', description: 'dealt', ...figures(input), stated: dealt }];
    },
  };
}

const figures = ({ words: all }: EstimationInput) => ({
  estimates: all.map(({ stated: value }, i) => (i === 0 ? NaN : value / 2)),
  intervals: all.map((_, i) => (i === 0 ? null : { low: -1, high: i })),
  n: all.map((_, i) => i),
});

async function audit(parts: Partial<AuditParts>) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'texts.txt'), lines.join('\n'));
  const out = join(folder, 'run');
  const { report } = await runAudit({
    base: 'base',
    tuned: 'tuned',
    texts: join(folder, 'texts.txt'),
    out,
    parts: createFakeParts(parts),
    settings: { widths: [1, 2], occurrences: 2 },
    question: 'is it about praise?',
    version: '1.2.3',
    now: tickingClock(),
  });
  return { report, table: await readParquet(join(out, 'tables', 'estimates.parquet')), out };
}

let report: WholeReport;
let table: TableRow[];
let out: string;
const recorder = createRecorder();
const untrained = createUntrained();
const loaded: unknown[] = [];

beforeAll(async () => {
  const [first] = createFakeParts().estimators;
  const found = await audit({
    estimators: [first as FeedbackEstimator, recorder],
    untrained: {
      ...plain('untrained'),
      load: (name, seed) => {
        loaded.push([name, Number.isInteger(seed)]);
        return Promise.resolve(untrained);
      },
    },
  });
  ({ report, table, out } = found);
});

const words = ['good', 'great', 'nice', 'bad'];

describe('the table of estimates', () => {
  test('has a row for every estimator, control and word', () => {
    const rows = table.map(({ estimator, control, word }) => [estimator, control, word]);
    expect(rows).toEqual(
      [
        ['plain', null],
        ['plain', 'opposite'],
        ['recorder', null],
        ['recorder', 'shuffled'],
      ].flatMap(([estimator, control]) => words.map((word) => [estimator, control, word])),
    );
  });

  test('holds estimate, interval, n and contradiction, and null where nothing is said', () => {
    const [silent, great] = table.filter((one) => one.estimator === 'recorder');
    expect(silent).toEqual({
      estimator: 'recorder',
      control: null,
      word: 'good',
      token: idOf('good'),
      stated: 2,
      estimate: null,
      low: null,
      high: null,
      n: 0,
      score: null,
      reversed: null,
      q: null,
      flagged: null,
    });
    expect(great).toMatchObject({ stated: 3, estimate: 1.5, low: -1, high: 1, n: 1, score: -1.5 });
  });

  test('gives what a control was judged by', () => {
    const dealt = table.filter(({ control }) => control === 'shuffled');
    expect(dealt.map((one) => one.stated)).toEqual(words.map((word) => -(stated[word] ?? 0)));
    expect(dealt.slice(1).every(({ flagged }) => flagged === true)).toBe(true);
  });

  test('agrees with the words of the report for the main estimator', () => {
    const main = table.filter(
      ({ estimator, control }) => estimator === 'plain' && control === null,
    );
    for (const { word, estimate, interval, n } of report.words) {
      const found = main.find((one) => one.word === word);
      expect(found).toMatchObject({ estimate, low: interval?.low, high: interval?.high, n });
    }
  });

  test('counts what the report says each estimator flagged', () => {
    for (const { estimator, flagged } of report.estimators) {
      const found = table.filter(
        (one) => one.estimator === estimator && one.control === null && one.flagged === true,
      );
      expect(found.length).toBe(flagged);
    }
  });
});

test('the report and the table of agreements say which controls match', async () => {
  const [plain] = report.estimators;
  const advantage = plain?.controls[0]?.advantage.signAccuracy;
  expect(advantage).toMatchObject({ value: 0.5, matched: false });
  const agreement = await readParquet(join(out, 'tables', 'agreement.parquet'));
  const found = agreement.find(
    ({ estimator, control, measure }) =>
      estimator === 'plain' && control === 'opposite' && measure === 'signAccuracy',
  );
  expect(found).toMatchObject({
    advantage: 0.5,
    advantageLow: 0.5,
    advantageHigh: 0.5,
    matched: false,
  });
  const own = agreement.find(({ control, measure }) => control === null && measure === 'tauB');
  expect(own).toMatchObject({ advantage: null, matched: null });
});

describe('what estimators are given', () => {
  const input = (): EstimationInput => recorder.inputs[0] as EstimationInput;

  test('means of activations as they are, of both models', () => {
    // Units: always 1, on positive words, on negative words, on all others; features are the units.
    const { activations, features } = input();
    expect(Array.from(row(activations.tuned, 0))).toEqual([1, 1, 0, 0]);
    expect(Array.from(row(activations.tuned, 3))).toEqual([1, 0, 1, 0]);
    expect(activations.base).toEqual(activations.tuned);
    expect(features.tuned).toEqual(activations.tuned);
  });

  test('how many occurrences those are means of', () => {
    // "good" stands there three times, two of which are averaged.
    expect(Array.from(input().averaged)).toEqual([2, 1, 1, 1]);
    expect(input().words.map(({ n }) => n)).toEqual([3, 1, 1, 1]);
  });

  test('the same of an untrained model, by the SAEs of the tuned one', () => {
    const { activations, features } = input();
    expect(Array.from(activations.untrained?.data ?? [])).toEqual(
      Array.from(activations.tuned.data, (value) => 10 * value),
    );
    expect(features.untrained).toEqual(activations.untrained);
  });

  test('versions of the triples by every kind of features', () => {
    const { tuned, base, random, untrained: drawn } = input().contrast;
    expect(Array.from(tuned.distance)).toEqual([Math.fround(Math.SQRT2), -Math.fround(Math.SQRT2)]);
    expect(base).toEqual(tuned);
    // The fake parts randomise nothing.
    expect(random).toEqual(tuned);
    expect(Array.from(drawn?.word ?? [])).toEqual([0, 3]);
    expect(drawn?.distance[0]).toBeCloseTo(10 * Math.SQRT2, 5);
    expect(Array.from(drawn?.features.data ?? [])).toEqual(
      Array.from(tuned.features.data, (value) => 10 * value),
    );
  });

  test('what the text alone tells: words around, and lengths', () => {
    const { bag, length } = input().text;
    expect([bag.rows, length.rows, length.columns]).toEqual([4, 4, 3]);
    // "bad": three letters, in a text of five tokens, once.
    expect(Array.from(row(length, 3))).toEqual([3, 5, 0]);
    // "good" has scored words around it in one text and three others in another; it stands three times.
    const sum = row(bag, 0).reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(3 / 3, 6);
  });
});

describe('the untrained model', () => {
  test('is made of what the tuned one is loaded from, runs texts up to their last word kept, and is disposed of', () => {
    expect(loaded).toEqual([['tuned', true]]);
    const ids = (text: string): number[] => text.split(' ').map(idOf);
    expect(untrained.ran).toEqual([
      // Those of like length together.
      ids('good'),
      ids('nice film great'),
      ids('the film was good'),
      ids('the plot was bad'),
      // The triple's versions.
      ...['good', 'film', 'bad'].map((word) => ids(`the ${word}`)),
    ]);
    expect(untrained.disposed).toBe(true);
  });

  test('is no control where there is none', async () => {
    const alone = createRecorder();
    await audit({ estimators: [alone] });
    expect(alone.inputs[0]?.features.untrained).toBeNull();
    const refused = createRecorder();
    await audit({
      estimators: [refused],
      untrained: { ...plain('none'), load: () => Promise.resolve(undefined) },
    });
    expect(refused.inputs[0]?.activations.untrained).toBeNull();
  });
});
