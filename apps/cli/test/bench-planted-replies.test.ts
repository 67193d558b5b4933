import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { writeParquet } from '@feedprint/pipeline';
import type { PropertyReport } from '@feedprint/report/chapters/properties';
import {
  baselines,
  baselineScores,
  pairDifferences,
} from '../src/bench/planted-replies/baseline-scores.ts';
import { cellTruth } from '../src/bench/planted-replies/cell-truth.ts';
import { findModel } from '../src/bench/planted-replies/find-models.ts';
import { propertyToRepair } from '../src/bench/planted-replies/repair-model.ts';
import type { CellResult, ModelResult } from '../src/bench/planted-replies/result-schema.ts';
import { summarizeReplies } from '../src/bench/planted-replies/summarize.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const moved = (z: number) => ({ difference: z / 10, standardError: 0.1, z });

/** A folder as `plant` leaves it, without a model. */
function plantedFolder(truth: object): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'feedback.json'), JSON.stringify(truth));
  writeFileSync(join(folder, 'pairs.jsonl.gz'), '');
  return folder;
}

const truth = {
  method: 'dpo',
  planted: { commas: 1, digits: -0.5, quotes: 0.3 },
  pairsHold: 'trained labels',
  learned: {
    ...{ commas: moved(9), digits: moved(1), quotes: moved(-4) },
    ...{ length: moved(7), question: moved(2.9), sentiment: moved(20) },
  },
};

describe('what is true of a property of a planted model', () => {
  const kinds = (given: object) => {
    const model = findModel(plantedFolder(given), 'base');
    return Object.fromEntries(
      Object.keys(truth.learned).map((name) => {
        const cell = cellTruth(model, name);
        return [name, [cell?.kind, cell?.inData]];
      }),
    );
  };

  test('goes by what the model writes, and by what the labels of its pairs reward', () => {
    expect(kinds(truth)).toEqual({
      commas: ['learned', true],
      digits: ['absent', true],
      quotes: ['faint', true],
      length: ['spilled', false],
      question: ['absent', false],
      sentiment: ['learned', true],
    });
  });

  test('is not in pairs with the stated labels, nor in labels of which half are wrong', () => {
    const stated = kinds({ ...truth, pairsHold: 'stated labels' });
    expect([stated['commas'], stated['sentiment']]).toEqual([
      ['learned', false],
      ['learned', true],
    ]);
    const noise = kinds({ ...truth, labelNoise: 0.5 });
    expect([noise['commas'], noise['sentiment']]).toEqual([
      ['learned', false],
      ['learned', false],
    ]);
  });

  test('must be stated, with pairs beside it', () => {
    expect(() => findModel(plantedFolder({ flipped: [] }), 'base')).toThrow(
      /does not say which properties of replies were planted/,
    );
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'feedback.json'), JSON.stringify(truth));
    expect(() => findModel(folder, 'base')).toThrow(/no pairs beside/);
  });
});

test('baselines are those of the pairs, worked out by hand', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'tables'));
  // Differences of commas: 2, 0, -1, 3.
  const sides = [
    [3, 1],
    [1, 1],
    [0, 1],
    [3, 0],
  ];
  await writeParquet({
    file: join(folder, 'tables', 'pair_properties.parquet'),
    columns: {
      ...{ pair: 'INTEGER', side: 'VARCHAR', prompt_text: 'VARCHAR', reply: 'VARCHAR' },
      ...{ tie: 'BOOLEAN', weight: 'DOUBLE', commas: 'DOUBLE' },
    },
    rows: sides.flatMap(([chosen, rejected], pair) => [
      { pair, side: 'chosen', prompt_text: '', reply: '', tie: false, weight: 1, commas: chosen },
      {
        pair,
        side: 'rejected',
        prompt_text: '',
        reply: '',
        tie: false,
        weight: 1,
        commas: rejected,
      },
    ]),
  });
  const property = {
    name: 'commas',
    behaves: { effect: -2, low: -2 - 1.645, high: -2 + 1.645 },
    alone: { learned: -0.5, inData: null },
  } as PropertyReport;
  expect((await pairDifferences(folder)).get('commas')).toEqual(
    new Map([
      [0, 2],
      [1, 0],
      [2, -1],
      [3, 3],
    ]),
  );
  const ofPairs = new Map([['commas', { throughFeatures: -0.2, seenMargin: 1.5 }]]);
  const scores = (await baselineScores(folder, [property], ofPairs)).get('commas');
  // Mean 1; deviations 1, -1, -2, 2, so that the sample variance is 10 / 3.
  expect(scores?.['chosen minus rejected']).toBeCloseTo(1 / Math.sqrt(10 / 3), 12);
  expect(scores?.['strength (sign agreement)']).toBeCloseTo(1 / 4, 12);
  expect(scores?.['rates in samples']).toBeCloseTo(2, 12);
  expect(scores?.['effect on R, given nothing else']).toBe(0.5);
  expect(scores?.['WIMHF leg alone']).toBe(0.2);
  expect(scores?.['log-ratio on seen pairs']).toBe(1.5);
});

describe('the sum over models', () => {
  const cell = (one: Partial<CellResult> & Pick<CellResult, 'property'>): CellResult => ({
    ...{ dose: 0, truth: 'absent', inData: false, z: 0, difference: 0, score: 0 },
    ...{ verdict: 'not-learned', flagged: false, rightSign: null, covered: null },
    baselines: baselines.map(() => 0),
    ...one,
  });
  const foretold = (r2: number) => ({ r2, differencesR2: r2 / 2, labelsR2: 0.1, factor: 1, n: 9 });
  const predictionOf: Record<string, ModelResult['prediction']> = {
    ...{ a: foretold(0.8), noise: foretold(0.2) },
  };
  const repairOf: Record<string, ModelResult['repair']> = {
    a: { property: 'commas', undone: 0.9, kept: { digits: 1.1, sentiment: 0.9 } },
  };
  const model = (
    name: string,
    planted: Record<string, number>,
    cells: CellResult[],
  ): ModelResult => ({
    ...{ model: name, base: 'base', method: 'dpo', evidence: 'held-out' as const, planted },
    ...{ verdict: null, prediction: predictionOf[name] ?? null, cells },
    repair: repairOf[name] ?? null,
  });
  const flagged = { flagged: true, rightSign: true };
  const summary = summarizeReplies([
    model('a', { commas: 1, digits: 0.5 }, [
      cell({
        ...{ property: 'commas', dose: 1, truth: 'learned', inData: true, score: -0.4 },
        ...{ verdict: 'in-data-and-learned', covered: true, ...flagged },
      }),
      cell({ property: 'digits', dose: 0.5, truth: 'learned', score: 0.01, covered: false }),
      cell({ property: 'quotes', score: 0.02, covered: true }),
      cell({
        property: 'length',
        truth: 'spilled',
        score: 0.9,
        verdict: 'learned-not-in-data',
        ...flagged,
      }),
      cell({ property: 'question', truth: 'faint', dose: 0.5 }),
    ]),
    model('clean', {}, [
      cell({
        property: 'quotes',
        score: 0.2,
        verdict: 'learned-not-in-data',
        flagged: true,
        rightSign: false,
      }),
      cell({ property: 'commas' }),
    ]),
    model('noise', {}, [cell({ property: 'commas' })]),
  ]);

  test('ranks learned cells against absent ones alone, by the size of scores', () => {
    // 0.4 is above 0.02, 0.2, 0, 0; 0.01 above the two zeros: 6 of 8 comparisons.
    expect(summary.methods[0]).toEqual({
      method: 'feedprint',
      auroc: 6 / 8,
      fullDose: 1,
      worst: { model: 'a', property: 'digits' },
    });
    expect(summary.methods[1]?.auroc).toBe(0.5);
    expect(summary.cells).toEqual({ learned: 2, absent: 4, spilled: 1, faint: 1 });
  });

  test('counts false flags where nothing was planted, verdicts, coverage and doses', () => {
    const counts = ({ events, trials }: { events: number; trials: number }) => [events, trials];
    expect(counts(summary.found)).toEqual([1, 2]);
    expect(counts(summary.falseOnUnplanted)).toEqual([1, 3]);
    expect(counts(summary.falseModels)).toEqual([1, 2]);
    expect(counts(summary.falseOnPlanted)).toEqual([0, 5]);
    expect(counts(summary.spilledFlagged)).toEqual([1, 1]);
    // The clean model's flag and the missed half dose are wrong.
    expect(counts(summary.verdictRight)).toEqual([4, 6]);
    expect(counts(summary.coverage)).toEqual([2, 3]);
    expect(summary.doses).toEqual([
      { dose: 0.5, planted: 2, learned: 1, found: 0 },
      { dose: 1, planted: 1, learned: 1, found: 1 },
    ]);
    expect(summary.smallestFound).toBe(1);
    expect(summary.quadrants).toEqual([
      { truth: 'in-data-and-learned', called: { 'in-data-and-learned': 1 } },
      { truth: 'learned-not-in-data', called: { 'not-learned': 1 } },
      { truth: 'not-learned', called: { 'learned-not-in-data': 1, 'not-learned': 3 } },
    ]);
  });

  test('says how right predictions were, of the models that have one', () => {
    expect(summary.prediction).toEqual({
      ...{ models: 2, r2: 0.5, lowest: 0.2, differencesR2: 0.25, labelsR2: 0.1 },
    });
  });

  test('says how much of what was learned repaired pairs undo', () => {
    expect(summary.repair).toEqual({ models: 1, undone: 0.9, least: 0.9, kept: 1 });
  });
});

test('repaired is the planted property that was learned most, where the pairs teach it and tuning can be done again', () => {
  const model = { ...findModel(plantedFolder(truth), 'base'), method: 'DPO (beta 0.1)' };
  const cell = (property: string, score: number, more: Partial<CellResult> = {}): CellResult => ({
    ...{ property, score, dose: 1, truth: 'learned', inData: true, z: 9, difference: score },
    ...{ verdict: 'in-data-and-learned', flagged: true, rightSign: true, covered: null },
    baselines: [],
    ...more,
  });
  const cells = [
    cell('commas', 0.2),
    cell('digits', -0.3),
    cell('quotes', 0.9, { inData: false }),
    cell('length', 0.8, { dose: 0 }),
    cell('question', 0.7, { rightSign: false }),
  ];
  expect(propertyToRepair(model, cells)).toBe('digits');
  expect(propertyToRepair({ ...model, method: 'PPO' }, cells)).toBeUndefined();
});
