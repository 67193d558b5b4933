import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel } from '@feedprint/activations';
import { query } from '@feedprint/pipeline';
import { auditArgs } from './support/flags.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import type { Ended } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { lexiconWords, plantedWords, tinyTexts, writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';
import { parseWhole } from './support/whole-report.ts';
import type { WholeReport } from './support/whole-report.ts';

const root = temporaryFolder();
const run = join(root, 'run');
let pair: TinyPair;
let captured: Ended;
let report: WholeReport;

beforeAll(async () => {
  pair = writeTinyPair(root);
  captured = await runProgram(auditArgs(pair, run, { json: true }));
  expect(captured).toMatchObject({ code: 0 });
  report = parseWhole(JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')));
}, PATIENCE);

describe('feedprint audit of a pair with planted words', () => {
  test('flags all planted words and no other', () => {
    const flagged = report.words.filter((word) => word.flagged).map(({ word }) => word);
    expect(flagged.sort()).toEqual([...plantedWords].sort());
    expect(report.words.slice(0, plantedWords.length).every((word) => word.flagged)).toBe(true);
  });

  test('judges every word of the lexicon that stands in the texts, with its valence', () => {
    expect(report.words.map(({ word }) => word).sort()).toEqual([...lexiconWords].sort());
    expect(report.words.find(({ word }) => word === 'good')?.stated).toBe(1.9);
    for (const { estimate, interval } of report.words) {
      expect(interval?.low).toBeLessThan(estimate);
      expect(interval?.high).toBeGreaterThan(estimate);
    }
  });

  test('finds agreement that the controls do not have', () => {
    const { agreement } = report;
    expect(agreement.tauB.value).toBeGreaterThan(0.6);
    expect(agreement.controls.length).toBeGreaterThan(0);
    for (const control of agreement.controls) {
      expect(Math.abs(control.tauB.value ?? 0)).toBeLessThan(0.4);
    }
  });

  test('keeps the layer that was moved furthest', () => {
    expect(report.divergence.map(({ kept }) => kept)).toEqual([false, true]);
    const [first, second] = report.divergence;
    expect(second?.l2).toBeGreaterThan(first?.l2 ?? Infinity);
  });

  test('names the command that made it, in the page too', () => {
    const command = `feedprint ${auditArgs(pair, run, { json: true }).join(' ')}`;
    expect(report.command).toBe(command);
    const page = readFileSync(join(run, 'report.html'), 'utf8');
    expect(page).toContain(`<dt>command</dt>`);
    expect(page).toContain(command);
  });

  test('counts texts and tokens as the whole texts tokenise', async () => {
    const { tokenizer, dispose } = await loadModel(pair.base);
    const rows = tinyTexts(160).map((text) => tokenizer.encode(text));
    await dispose();
    expect(report.texts).toMatchObject({
      file: 'texts.jsonl',
      count: 160,
      tokens: rows.reduce((sum, row) => sum + Math.min(row.length, 32), 0),
      truncated: rows.filter((row) => row.length > 32).length,
      scoredTokens: report.words.reduce((sum, { n }) => sum + n, 0),
    });
  });
});

describe('report.json', () => {
  test('has its words by score and names features that it describes or SAEs have', () => {
    const scores = report.words.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const widths = new Map(
      report.saes.filter(({ model }) => model === 'tuned').map(({ site, dSae }) => [site, dSae]),
    );
    for (const id of Object.values(report.attribution.words).flat()) {
      const [, site = '', index] = /^(.*)\/(\d+)$/.exec(id) ?? [];
      expect(Number(index)).toBeLessThan(widths.get(site) ?? 0);
    }
    for (const { id, site, index } of report.features) expect(id).toBe(`${site}/${index}`);
  });

  test('agrees with the Parquet tables in every figure', async () => {
    const table = (name: string) =>
      query({
        tables: { [name]: join(run, 'tables', `${name}.parquet`) },
        sql: `SELECT * FROM ${name}`,
      });
    expect(await table('words')).toEqual(
      report.words.map(({ interval, ...word }) =>
        expect.objectContaining({ ...word, ...interval }),
      ),
    );
    expect(await table('features')).toEqual(
      report.features.map(
        ({
          examples: _examples,
          activity: _activity,
          enrichmentControl: _control,
          discrepancy: _discrepancy,
          tokens: _tokens,
          histogram: _histogram,
          ...feature
        }) => expect.objectContaining(feature),
      ),
    );
    expect(await table('divergence')).toEqual(report.divergence);
    expect(await table('saes')).toEqual(report.saes.map(({ curve: _curve, ...sae }) => sae));
    const agreement = await table('agreement');
    for (const { estimator, controls, ...main } of report.estimators) {
      for (const judged of [{ ...main, control: null }, ...controls]) {
        for (const measure of ['tauB', 'spearman', 'pearson', 'signAccuracy', 'auroc'] as const) {
          const { value, interval, n } = judged[measure];
          const { low, high } = interval ?? { low: null, high: null };
          const { control } = judged;
          expect(agreement).toContainEqual(
            expect.objectContaining({ estimator, control, measure, value, low, high, n }),
          );
        }
      }
    }
  });

  test('can be asked with SQL for what the summary says', async () => {
    const [row] = await query({
      tables: { words: join(run, 'tables', 'words.parquet') },
      sql: 'SELECT count(*) AS words, count(*) FILTER (flagged) AS flagged FROM words',
    });
    expect(row).toEqual({ words: lexiconWords.length, flagged: plantedWords.length });
    expect(report.summary[0]).toMatch(`${row?.['flagged']} of ${row?.['words']} words`);
  });

  test('is embedded in a report.html that needs no network', () => {
    const html = readFileSync(join(run, 'report.html'), 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    for (const word of plantedWords) expect(html).toContain(word);
  });
});

describe('--json', () => {
  test('prints one line of JSON on stdout, and progress on stderr', () => {
    expect(captured.out.split('\n')).toEqual([expect.any(String), '']);
    expect(JSON.parse(captured.out)).toEqual({
      report: join(run, 'report.html'),
      whole: true,
      seconds: report.seconds,
      answer: report.answer,
      summary: report.summary,
      flagged: report.words.filter((word) => word.flagged).map(({ word }) => word),
      tauB: report.agreement.tauB,
    });
    expect(captured.err).toMatch(
      /^read \d+ texts, \d+ tokens, \d+ truncated; layout jsonl, column text\n\[ 1\/\d+\] capture \d+\.\d s\n/,
    );
    expect(captured.err).not.toContain('\r');
  });
});
