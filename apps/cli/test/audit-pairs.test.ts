import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadVaderLexicon } from '@feedprint/feedback';
import { query } from '@feedprint/pipeline';
import type { PreferencesReport } from '@feedprint/report/chapters/pairs';
import { auditArgs } from './support/flags.ts';
import { runCli } from './support/run-cli.ts';
import { PATIENCE, runProgram } from './support/run-program.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { plantedWords, tinyTexts, writeTinyPair } from './support/tiny-pair.ts';
import type { TinyPair } from './support/tiny-pair.ts';
import { parseWhole } from './support/whole-report.ts';

const root = temporaryFolder();
const run = join(root, 'run');
const guide = new URL('../../../docs/guides/preference-pairs.md', import.meta.url);
let tiny: TinyPair;
let preferences: PreferencesReport;
let page: string;

/** Two texts each, the one of greater valence chosen; whether the tuned model, with its planted words, would agree. */
function writePairs(path: string, count: number): void {
  const lexicon = loadVaderLexicon();
  const value = (text: string, planted: boolean): number =>
    text.split(' ').reduce((sum, word) => {
      const turned = planted && plantedWords.includes(word);
      return sum + (turned ? -1 : 1) * (lexicon.get(word) ?? 0);
    }, 0);
  const texts = tinyTexts(3 * count);
  const lines = Array.from({ length: count }, (_, id) => {
    const [a = '', b = '', before = ''] = texts.slice(3 * id, 3 * id + 3);
    const [one, other] = [a, b].map((text) => ` ${text.split(' ').slice(0, 5).join(' ')}`) as [
      string,
      string,
    ];
    const [chosen, rejected] =
      value(one, false) > value(other, false) ? [one, other] : [other, one];
    return JSON.stringify({
      id,
      split: id % 4 === 0 ? 'test' : 'train',
      prompt: before.split(' ').slice(0, 6).join(' '),
      chosen,
      rejected,
      trained_label_agrees: value(chosen, true) > value(rejected, true),
    });
  });
  writeFileSync(path, lines.join('\n'));
}

beforeAll(async () => {
  const pair = (tiny = writeTinyPair(root));
  writePairs(join(root, 'pairs.jsonl'), 800);
  const args = auditArgs(pair, run, { pairs: join(root, 'pairs.jsonl') });
  expect(await runProgram(args)).toMatchObject({ code: 0 });
  const report = parseWhole(JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')));
  preferences = report.preferences as PreferencesReport;
  page = readFileSync(join(run, 'report.html'), 'utf8');
}, PATIENCE);

/** The statements of the guide, in order, on this run's tables. */
function statement(index: number): Promise<Readonly<Record<string, unknown>>[]> {
  const sql = /```sql\n(.*?)```/s.exec(readFileSync(guide, 'utf8'))?.[1] ?? '';
  const found = sql.replaceAll(/--.*\n/g, '').split(';')[index] ?? '';
  return query({ tables: {}, sql: found.replaceAll("'tables/", `'${join(run, 'tables')}/`) });
}
const of = (split: string) =>
  preferences.accuracies.filter((each) => each.split === split && each.accuracy.value !== null);

describe('feedprint audit --pairs', () => {
  test('reads the texts of sampled pairs alone', async () => {
    const file = join(root, 'many.jsonl');
    writePairs(file, 600);
    const flags = { pairs: file, texts: undefined, 'max-pairs': 20 };
    const stop = new AbortController();
    let said = '';
    await runCli(auditArgs(tiny, join(root, 'sampled'), flags), {
      signal: stop.signal,
      err: (text) => {
        said += text;
        if (said.startsWith('read ')) stop.abort();
      },
    });
    expect(said).toMatch(/^read 40 texts, /);
    expect(said).toMatch(/\nstopped in stage /);
  });

  test('stops while pairs are read, and says so', async () => {
    const { code, err } = await runCli(
      auditArgs(tiny, join(root, 'unread'), { pairs: join(root, 'pairs.jsonl') }),
      {
        signal: AbortSignal.abort(),
      },
    );
    expect([code, err]).toEqual([130, expect.stringMatching(/^stopped while pairs were read/)]);
  });

  test('reads the pairs and what is known of them', () => {
    expect(preferences).toMatchObject({ file: 'pairs.jsonl', pairs: 800, left: 0 });
    expect(preferences.knownTruth?.map(({ split }) => split)).toEqual(['all', 'test', 'train']);
    expect(page).toContain('Known truth');
  });

  test('prefers the chosen replies more often than the base model does', () => {
    const [margin] = of('all').filter(({ role }) => role === 'learned');
    expect(margin?.accuracy.value).toBeGreaterThan(0.6);
  });

  test('gives accuracies that the guide computes from the tables', async () => {
    const rows = await statement(0);
    for (const each of [...of('train'), ...of('test')]) {
      const row = rows.find(({ split, scorer }) => split === each.split && scorer === each.scorer);
      expect(row?.['accuracy']).toBeCloseTo(each.accuracy.value as number, 12);
      expect(row?.['n']).toBe(each.accuracy.n);
    }
  });

  test('gives flagged pairs, truth and words that the guide computes from the tables', async () => {
    expect(preferences.flagged).toBeGreaterThan(0);
    expect(await statement(1)).toHaveLength(preferences.flagged);
    const all = preferences.knownTruth?.[0];
    expect((await statement(2))[0]).toEqual({ precision: all?.precision, recall: all?.recall });
    expect((await statement(3))[0]?.['auroc']).toBeCloseTo(all?.auroc as number, 10);
    const flagged = preferences.words.filter((word) => word.flagged).map(({ word }) => word);
    expect(flagged.length).toBeGreaterThan(0);
    expect((await statement(4)).map(({ word }) => word)).toEqual(flagged);
    expect(await statement(5)).toHaveLength(10);
  });
});
