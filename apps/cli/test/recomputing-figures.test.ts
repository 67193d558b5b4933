import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { query } from '@feedprint/pipeline';
import { figuresIn } from '@feedprint/recipes';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { compareRows, readMeasurements, readStatements } from './support/statements.ts';
import type { Json } from './support/statements.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const demo = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/demo-models/${name}`, import.meta.url));
const guide = fileURLToPath(
  new URL('../../../docs/guides/recomputing-figures.md', import.meta.url),
);

/** Pairs of replies cut from texts: each text's beginning with its own end, and with the next one's. */
function writePairs(file: string): string {
  const texts = readFileSync(demo('texts.jsonl'), 'utf8')
    .split('\n')
    .slice(0, 121)
    .map((line) => (JSON.parse(line) as { readonly text: string }).text.split(' '));
  const pairs = texts.slice(1).map((words, i) => ({
    id: i,
    split: i % 3 === 0 ? 'test' : 'train',
    prompt: words.slice(0, 6).join(' '),
    chosen: ` ${words.slice(6, 20).join(' ')}`,
    rejected: ` ${(texts[i] as string[]).slice(6, 20).join(' ')}`,
    trained_label_agrees: i % 5 !== 0,
  }));
  writeFileSync(file, pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
  return file;
}

/** Whether a figure is one of the guide's single measurements; `*` in them stands for anything. */
const isMeasured = (path: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[.[\]]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`).test(path);
  });

describe('the statements of the guide', () => {
  let report: Json & { readonly agreement?: Json; readonly estimators?: readonly Json[] };
  const wrong = new Set<string>();
  const recomputed = new Set<string>();
  const silent: string[] = [];

  beforeAll(async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'run');
    const { code, err } = await runProgram([
      ...['audit', '--base', demo('base'), '--tuned', demo('tuned-planted')],
      ...['--texts', demo('texts.jsonl'), '--pairs', writePairs(join(folder, 'pairs.jsonl'))],
      ...['--feedback', 'vader', '--out', out, '--threads', '2', '--layers', '1'],
      ...['--max-texts', '60', '--sae-tokens', '5000', '--change-tokens', '1500'],
      ...['--location-tokens', '500', '--cause-tokens', '300'],
    ]);
    if (code !== 0) throw new Error(err);
    report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as typeof report;
    const tables = Object.fromEntries(
      readdirSync(join(out, 'tables')).map((file) => [
        basename(file, '.parquet'),
        join(out, 'tables', file),
      ]),
    );
    for (const statement of readStatements(guide)) {
      const sql = statement.sql.replaceAll(/'tables\/([\w-]+)\.parquet'/g, '"$1"');
      const compared = compareRows(report, statement, await query({ tables, sql }));
      if (compared.size === 0) silent.push(statement.path);
      for (const [path, equal] of compared) (equal ? recomputed : wrong).add(path);
    }
  }, PATIENCE);

  test('give the figures of the report', () => {
    expect([...wrong]).toEqual([]);
  });

  test('each say something of it', () => {
    expect(silent).toEqual([]);
  });

  test('leave out nothing but what the guide calls single measurements', () => {
    const patterns = readMeasurements(guide);
    const rest = figuresIn({ ...(report as object), seconds: null, agreement: null })
      .map(({ figure }) => figure)
      .filter((figure) => !recomputed.has(figure))
      .map((figure) => figure.replaceAll(/\[\d+\]/g, '[]'));
    expect([...new Set(rest)].filter((path) => !isMeasured(path, patterns))).toEqual([]);
    expect(report.agreement).toEqual(report.estimators?.[0]);
  });
});
