import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  directEffects,
  encodeTexts,
  loadModel,
  measureChanges,
  tokenShift,
} from '@feedprint/activations';
import type { ModelChanges, SiteDifferences } from '@feedprint/activations';
import { matrix } from '@feedprint/core';
import { query } from '@feedprint/pipeline';
import { readChangeScores } from '@feedprint/recipes';
import type { ChangeScore } from '@feedprint/recipes';
import { auroc, labelFreeDiscrepancies } from '@feedprint/probe';
import type { ChangesReport } from '@feedprint/report/chapters/changes';
import type { ShiftReport } from '@feedprint/report/chapters/shift';
import { auditArgs } from './support/flags.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { plantedWords, tinyTexts, writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';
import { parseWhole } from './support/whole-report.ts';
import type { WholeReport } from './support/whole-report.ts';

const root = temporaryFolder();
const run = join(root, 'run');
const last = 'blocks.1.hook_resid_post';
let pair: TinyPair;
let report: WholeReport;
let changes: ChangesReport;
let scores: readonly ChangeScore[];

beforeAll(async () => {
  pair = writeTinyPair(root);
  expect(await runProgram(auditArgs(pair, run, { json: true }))).toMatchObject({ code: 0 });
  report = parseWhole(JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')));
  changes = report.changes as ChangesReport;
  scores = await readChangeScores(run);
}, PATIENCE);

const table = (name: string): string => join(run, 'tables', `${name}.parquet`);

describe('the changes that an audit measures without labels', () => {
  test('are those of both models over all texts, where these are few', async () => {
    const models = await Promise.all(
      [pair.base, pair.tuned].map((folder) => loadModel(folder, { threads: 1 })),
    );
    const [base, tuned] = models as [(typeof models)[0], (typeof models)[0]];
    const { rows } = encodeTexts(base, tinyTexts(160), { minTokens: 2 });
    const expected: ModelChanges = await measureChanges(base, tuned, rows, { sites: [last] });
    const site = expected.sites.get(last) as SiteDifferences;
    const lens = await directEffects(tuned, site.baseMean, matrix(1, 16, site.meanDifference));
    const valueOf = (method: string, token: number): number | undefined =>
      scores.find((score) => score.method === method && score.token === token)?.value;
    const mean = expected.kl.reduce((sum, v) => sum + v, 0) / expected.kl.length;
    expect(changes).toMatchObject({ texts: 160, positions: expected.kl.length });
    expect(changes.kl.mean).toBeCloseTo(mean, 6);
    expect(changes.sites.map(({ layer }) => layer)).toEqual([0, 1]);
    expect(changes.sites[1]?.relativeL2).toBeCloseTo(site.relativeL2, 6);
    for (const { token } of report.words.slice(0, 5)) {
      const { kl, tuned: probability } = expected.vocabulary;
      expect(valueOf('kl', token)).toBeCloseTo((kl[token] as number) / expected.kl.length, 6);
      expect(valueOf('log-ratio', token)).toBeCloseTo(
        (kl[token] as number) / (probability[token] as number),
        5,
      );
      const { norm, count } = site.before;
      expect(valueOf('difference-before', token)).toBeCloseTo(
        (norm[token] as number) / (count[token] as number),
        4,
      );
      expect(valueOf('lens', token)).toBeCloseTo(lens.data[token] as number, 4);
    }
    const shift = report.shift as ShiftReport;
    const prompts = rows.slice(-64).map((row) => row.slice(0, 8));
    const added = await tokenShift(base, tuned, prompts, { newTokens: 16 });
    expect(shift.all.tokens).toBe(added.length);
    expect(shift.classes[2]?.tokens).toBe(added.filter(({ rank }) => rank > 3).length);
    await Promise.all(models.map((model) => model.dispose()));
  });

  test('find the planted words once the stated feedback is looked at', () => {
    const stated = new Map(report.words.map((word) => [word.token, word.stated]));
    const found = (method: string): number | undefined => {
      const own = scores.filter((score) => score.method === method && stated.has(score.token));
      const contradiction = labelFreeDiscrepancies(
        own.map(({ value }) => value),
        own.map(({ token }) => stated.get(token) as number),
        { signed: own[0]?.signed ?? true },
      );
      return auroc(
        contradiction,
        own.map(({ word }) => (plantedWords.includes(word) ? 1 : 0)),
      );
    };
    expect(found('kl')).toBeGreaterThan(0.95);
    expect(found('log-ratio')).toBe(1);
    // Tuning moved the unembedding, which activations know nothing of.
    expect(found('lens')).toBeLessThan(0.95);
    expect(found('lens-own-heads')).toBeGreaterThan(0.95);
  });

  test('have a value of every method for every word that feedback scores', () => {
    const methods = new Set(scores.map(({ method }) => method));
    expect([...methods]).toEqual([
      'kl',
      'log-ratio',
      'difference-before',
      'difference-on',
      'lens',
      'lens-own-heads',
      'lens-before',
      'crosscoder',
      'difference-sae',
    ]);
    expect(changes.methods.map(({ method }) => method)).toEqual([...methods]);
    for (const { token } of report.words) {
      expect(scores.filter((score) => score.token === token)).toHaveLength(methods.size);
    }
    expect(scores.filter(({ signed }) => !signed).every(({ value }) => value >= 0)).toBe(true);
  });

  test('leave no activations behind, and two dictionaries described', () => {
    const stage = readdirSync(join(run, 'stages')).find((name) => name.startsWith('changes-'));
    expect(existsSync(join(run, 'stages', stage as string, 'changes.json'))).toBe(true);
    expect(
      readdirSync(join(run, 'stages', stage as string)).filter((name) => name.startsWith('rows')),
    ).toEqual([]);
    expect(changes.dictionaries.map(({ name, dSae }) => [name, dSae])).toEqual([
      ['crosscoder', 32],
      ['difference-sae', 32],
    ]);
  });

  test('can be recomputed from the tables', async () => {
    const [first] = changes.methods;
    const [top] = await query({
      tables: { changes: table('changes') },
      sql: "SELECT word, value FROM changes WHERE method = 'kl' AND n >= 10 ORDER BY value DESC LIMIT 1",
    });
    expect(top).toEqual({ word: first?.highest[0]?.word, value: first?.highest[0]?.value });
    const shift = report.shift as ShiftReport;
    const [shares] = await query({
      tables: { shift: table('shift') },
      sql: `SELECT avg((rank > 3)::INT) AS shifted, avg(kl) AS kl, avg("logRatio") FILTER (rank > 3) AS ratio,
              count(stated) FILTER (rank > 3) / count(*) FILTER (rank > 3) AS scored FROM shift`,
    });
    const { share, logRatio, scored } = shift.classes[2] as ShiftReport['classes'][0];
    expect(shares?.['shifted']).toBeCloseTo(share as number, 12);
    expect(shares?.['kl']).toBeCloseTo(shift.kl.value as number, 12);
    expect(shares?.['ratio']).toBeCloseTo(logRatio as number, 12);
    expect(shares?.['scored']).toBeCloseTo(scored as number, 12);
  });
});
